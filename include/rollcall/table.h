/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table of peers, as it lies in the kernel: map `peers`, BPF_MAP_TYPE_LRU_HASH.
 *
 * The filter writes it, the sweeper takes expired entries out, everybody reads it. All times
 * are nanoseconds of CLOCK_BOOTTIME, which goes on in suspend. Numbers are in host order,
 * addresses are bytes in network order, so that bpftool shows them as people read them.
 * Any change of size, offset or meaning raises ROLLCALL_LAYOUT (settings.h).
 */
#ifndef ROLLCALL_TABLE_H
#define ROLLCALL_TABLE_H

#include <linux/types.h>

#include "fixed.h"

#define ROLLCALL_FAMILY_IPV4 4
#define ROLLCALL_FAMILY_IPV6 6

/* As in a neighbour table: a host has an entry for each interface and family it is received on. */
struct rollcall_peer_key {
	char hostname[67]; /* NUL-padded; 64 characters still end in a NUL, for bpftool */
	__u8 family;	   /* ROLLCALL_FAMILY_* */
	__u32 ifindex;	   /* the interface it was received on */
};

struct rollcall_peer {
	__u8 ipv4[4]; /* zero when the family is IPv6 */
	__u8 lladdr[6];
	__u8 flags;	  /* ROLLCALL_PEER_* */
	__u8 reserved[5]; /* zero */
	__u8 ipv6[16];	  /* zero when the family is IPv4 */
	__u64 first_seen_ns;
	__u64 last_seen_ns; /* the one field written in place: an aligned 8-byte store */
	__u64 announcements; /* a statistic: may be off by one under concurrency */
	__u64 moved_ns;	     /* when it came from another address; 0: not since it joined */
	__u8 rival[16];	     /* that other address; IPv4 in the first four bytes */
};

/*
 * It has moved twice within an expiry: two hosts claim the name, and `rival` is the other one's
 * address. In force until an expiry after moved_ns.
 */
#define ROLLCALL_PEER_CONTESTED 1

ROLLCALL_FIXED(sizeof(struct rollcall_peer_key) == 72, "layout of the key is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer_key, family) == 67, "layout of the key is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer_key, ifindex) == 68, "layout of the key is fixed");
ROLLCALL_FIXED(sizeof(struct rollcall_peer) == 80, "layout of the value is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer, ipv6) == 16, "layout of the value is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_peer, last_seen_ns) == 40, "layout of the value is fixed");

/*
 * Names of this host itself, never recorded: map `own_names`, BPF_MAP_TYPE_HASH. The key is
 * the first member of a peer's key. Written by loaders, read by the filter.
 */
struct rollcall_own_key {
	char hostname[67];
};

struct rollcall_own_name {
	__u64 clash_told_ns; /* when the filter last told that a foreign host uses it */
};

ROLLCALL_FIXED(sizeof(struct rollcall_own_key) == sizeof(((struct rollcall_peer_key *)0)->hostname),
	       "the filter looks one up by the other");

#define ROLLCALL_OWN_NAMES 256

/*
 * Addresses of this host itself: map `own_addresses`, BPF_MAP_TYPE_HASH. A datagram from one of them was
 * sent by this host, on another of its interfaces. Written by loaders, read by the filter.
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

/* An address costs memory only while it is there; the buckets take 1 MiB. */
#define ROLLCALL_OWN_ADDRESSES 65536

/*
 * An LRU map of N entries holds N live ones only with room for what its per-CPU free lists
 * keep back, up to 128 nodes and one in flight on each possible CPU (kernel/bpf/bpf_lru_list.c).
 */
#define ROLLCALL_LRU_HEADROOM_PER_CPU 129

#define ROLLCALL_MAX_PEERS 16384 /* live peers that fit, by default */
#define ROLLCALL_NAMES_PER_SOURCE 16

#endif
