/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The number of entries in the table: map `state`, an array of one element that loaders map into their
 * memory, pinned in the directory of the table. A new host is admitted only while there is room, so it
 * never removes the entry of a live peer.
 *
 *	live = reserved - given_back - left
 *
 * The filter reserves an entry before it records a new host. It gives the reservation back if there was
 * no room, or if another CPU or process had recorded the host. The two counts are separate, so that both only
 * grow. From a single count that also falls, the sweeper could not find out which reservations became
 * entries (tests/tools/admission_model.c).
 */
#ifndef ROLLCALL_STATE_H
#define ROLLCALL_STATE_H

#include <linux/types.h>

#include "fixed.h"

#define ROLLCALL_RECOUNTING 2 /* the sweeper counts all sources; then it stores 0, unless a filter has stored 1 */

struct rollcall_state {
	/* written by filters on any CPU, atomically */
	__u64 reserved;
	__u64 given_back;
	__u64 full;    /* 1: a new host was rejected, and the event was sent; the sweeper clears it */
	__u64 recount; /* 1: a count of a source may be wrong; ROLLCALL_RECOUNTING; 0: all are right */
	__u64 unsealed; /* entries without a seal, of a mixed table; the sweeper corrects it */
	__u64 skew_told_ns; /* CLOCK_BOOTTIME of the last event about a wrong clock */
	__u64 padding1[2]; /* zero */
	/* written by the only loader that sweeps; a separate cache line */
	__u64 left;	  /* entries that were removed, expired or otherwise */
	__u64 scanned_ns; /* CLOCK_BOOTTIME of the last full scan; long ago: no sweeper, removals are not counted */
	__u64 scan_took_ns; /* duration of that scan, including removals */
	__u64 scans;	    /* number of scans */
	__u64 own_absent;  /* a bit rollcall_name_bit() is set if no name of this host has it; 0: not known */
	__u64 recounted_ns; /* CLOCK_BOOTTIME of the last count of all sources */
	__u64 realtime_offset_ns; /* CLOCK_REALTIME less CLOCK_BOOTTIME, signed; every loader writes it */
	__u64 padding2; /* zero */
};

ROLLCALL_FIXED(sizeof(struct rollcall_state) == 128, "layout of the state is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_state, left) == 64, "two writers, two cache lines");

static inline __u64 rollcall_state_live(const volatile struct rollcall_state *s)
{
	return s->reserved - s->given_back - s->left;
}

/*
 * One of 64 bits, computed from the first bytes of a hostname, which is NUL-padded. For most new hosts the bit
 * is enough to decide, without a look-up, that the name is not a name of this host. The factor is an odd number
 * near 2^64 / phi (Fibonacci hashing, Knuth 6.4).
 */
static inline __u32 rollcall_name_bit(const char *hostname)
{
	__u64 word;

	__builtin_memcpy(&word, hostname, sizeof(word));
	return (__u32)((word * 0x9e3779b97f4a7c15ULL) >> 58);
}

/* Without a sweeper all hosts are admitted, and the kernel recycles the least recently used entry. */
#define ROLLCALL_ADMISSION_NS(expiry_ns) (2 * (expiry_ns))

/*
 * The number of names per address: map `sources`, BPF_MAP_TYPE_HASH. The filter counts up at joins and
 * moves and down at moves; the sweeper counts down for expired entries. An address without a name has no
 * entry, so the map never has more entries than `peers`, and no entry is evicted.
 *
 * The map has the address of every entry in `peers`, also without a limit (--names-per-source). There is one
 * exception: two CPUs that write one name, or one address, at the same moment may lose a count. The filter
 * then sets state.recount, and the sweeper counts again.
 */
struct rollcall_source {
	__u8 address[16]; /* network order; IPv4 in the first four, the rest zero */
	__u32 ifindex;	  /* on another interface a link-local address can be that of another host */
	__u32 family;	  /* ROLLCALL_FAMILY_* */
};

struct rollcall_source_use {
	__u32 names; /* ROLLCALL_SOURCE_REMOVED and more: none */
	__u32 told; /* 1: a name was rejected, and the event was sent */
};

/*
 * In `names`: this entry is being removed, and a count in it is lost. The CPU that removes the entry sets it, and
 * only if it finds 0, so that no other CPU has just counted up.
 */
#define ROLLCALL_SOURCE_REMOVED 0x80000000U

ROLLCALL_FIXED(sizeof(struct rollcall_source) == 24, "no hidden padding");

#endif
