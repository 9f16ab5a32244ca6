/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of peers in the kernel: map `peers`, BPF_MAP_TYPE_LRU_HASH.
 *
 * The filter writes it, the sweeper removes expired entries, and all programs read it. All times
 * are nanoseconds of CLOCK_BOOTTIME, which advances during suspend. Numbers are in host order.
 * Addresses are bytes in network order, so that bpftool shows them in the usual order.
 * Any change of size, offset or meaning raises ROLLCALL_LAYOUT (settings.h).
 */
#ifndef ROLLCALL_TABLE_H
#define ROLLCALL_TABLE_H

#include <linux/types.h>

#include "fixed.h"

#define ROLLCALL_FAMILY_IPV4 4
#define ROLLCALL_FAMILY_IPV6 6

/* As in a neighbour table, a host has one entry per interface and family that it is received on. */
struct rollcall_peer_key {
	char hostname[67]; /* NUL-padded; 64 characters still end in a NUL, for bpftool */
	__u8 family;	   /* ROLLCALL_FAMILY_* */
	__u32 ifindex;	   /* the interface it was received on */
};

struct rollcall_peer {
	__u8 ipv4[4]; /* zero when the family is IPv6 */
	__u8 lladdr[6];
	__u8 flags;	  /* ROLLCALL_PEER_*: an announcement with other ones does not refresh the entry in place */
	__u8 reserved;	  /* zero */
	__u8 contested;	  /* 1: it moved twice within the expiry time, see below; else 0 */
	__u8 reserved2[3]; /* zero */
	__u8 ipv6[16];	  /* zero when the family is IPv4 */
	__u64 first_seen_ns;
	__u64 last_seen_ns; /* written in place: an aligned 8-byte store; of a host that has left: when it did */
	__u64 announcements; /* a statistic, incremented in place: may be off by one under concurrency */
	__u64 sequence; /* of the last sealed message, written in place (bpf/table.bpf.h); 0: not sealed */
	__u64 moved_ns; /* time of the last change of address; 0: none since it joined */
	__u8 rival[16]; /* the previous address; IPv4 in the first four bytes */
};

#define ROLLCALL_PEER_SEALED 1 /* its announcement had a valid seal, in a table that checks seals */
#define ROLLCALL_PEER_LEFT   2 /* its host has sent a goodbye: no reader lists it; it is removed after the expiry time */

/*
 * `sequence` while a CPU replaces the entry. It is greater than every sequence, so no message refreshes the entry.
 */
#define ROLLCALL_SEQUENCE_REPLACED (~0ULL)

/*
 * `contested`: two hosts announce the name, and `rival` is the address of the other one. Valid until the expiry time
 * after moved_ns.
 */

ROLLCALL_FIXED(sizeof(struct rollcall_peer_key) == 72, "layout of the key is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer_key, family) == 67, "layout of the key is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer_key, ifindex) == 68, "layout of the key is fixed");
ROLLCALL_FIXED(sizeof(struct rollcall_peer) == 88, "layout of the value is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer, ipv6) == 16, "layout of the value is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer, last_seen_ns) == 40, "layout of the value is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer, sequence) == 56, "layout of the value is fixed");

/*
 * The names of this host, which are never recorded: map `own_names`, BPF_MAP_TYPE_HASH. The key is
 * the first member of a peer's key. Loaders write it, the filter reads it.
 */
struct rollcall_own_key {
	char hostname[67];
};

struct rollcall_own_name {
	__u64 clash_told_ns; /* time of the last event of the filter for this name */
};

ROLLCALL_FIXED(sizeof(struct rollcall_own_key) == sizeof(((struct rollcall_peer_key *)0)->hostname),
	       "the filter looks one up by the other");

#define ROLLCALL_OWN_NAMES 256

/*
 * The addresses of this host: map `own_addresses`, BPF_MAP_TYPE_HASH. This host sent a datagram from one of
 * them, on another of its interfaces. Loaders write it, the filter reads it.
 *
 * There are two kinds of keys. An IP address has its family and zero for lladdr. A MAC address has
 * family 0 and zero for the IP address. A link-local address is this host's own only together with
 * one of its MAC addresses, because another host on another link may have the same.
 */
struct rollcall_own_address {
	__u8 address[16]; /* network order; IPv4 in the first four, the rest zero */
	__u8 lladdr[6];
	__u8 family;   /* ROLLCALL_FAMILY_*; 0: a MAC address */
	__u8 reserved; /* zero */
};

ROLLCALL_FIXED(sizeof(struct rollcall_own_address) == 24, "no hidden padding");

/* An address takes memory only while it is in the map. The buckets take 1 MiB. */
#define ROLLCALL_OWN_ADDRESSES 65536

/*
 * An LRU map holds N live entries only if it has room for N and for the nodes in its per-CPU free lists:
 * up to 128 nodes and one in flight on each possible CPU (kernel/bpf/bpf_lru_list.c).
 */
#define ROLLCALL_LRU_HEADROOM_PER_CPU 129

#define ROLLCALL_MAX_PEERS 16384 /* maximum of live peers by default */
#define ROLLCALL_NAMES_PER_SOURCE 16

#endif
