/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How many places of the table are taken: map `state`, an array of one that loaders map into
 * their memory, pinned beside the table. Incumbents win: a new host is admitted only while there
 * is a place, so it never costs a live peer its entry.
 *
 *	live = reserved - given_back - left
 *
 * The filter takes a place before it enters a new host, and gives it back if there was none, or
 * if another process had entered it. The two are counted apart, so that both only grow: from a
 * single number that also falls, the sweeper could not tell which reservations became
 * entries (tests/tools/admission_model.c).
 */
#ifndef ROLLCALL_STATE_H
#define ROLLCALL_STATE_H

#include <linux/types.h>

#include "fixed.h"

#define ROLLCALL_RECOUNTING 2 /* the sweeper counts all sources; it stores 0 when no filter has stored 1 meanwhile */

struct rollcall_state {
	/* by filters on any CPU, atomically */
	__u64 reserved;
	__u64 given_back;
	__u64 full;    /* 1: a new host was rejected, and that was told; the sweeper clears it */
	__u64 recount; /* 1: a count of a source may be wrong; ROLLCALL_RECOUNTING; 0: all are right */
	__u64 padding1[4]; /* zero */
	/* by the one loader that sweeps; a cache line of its own */
	__u64 left;	  /* entries that are gone, expired or otherwise */
	__u64 scanned_ns; /* CLOCK_BOOTTIME of the last full scan; long ago: nobody counts who leaves */
	__u64 scan_took_ns; /* how long that scan took, removing included */
	__u64 scans;	    /* so many there were */
	__u64 own_absent;  /* by bits of rollcall_name_bit(): no name of this host has it; 0: not known */
	__u64 recounted_ns; /* CLOCK_BOOTTIME when sources were counted last */
	__u64 padding2[2]; /* zero */
};

ROLLCALL_FIXED(sizeof(struct rollcall_state) == 128, "layout of the state is fixed");
ROLLCALL_FIXED(__builtin_offsetof(struct rollcall_state, left) == 64, "two writers, two cache lines");

static inline __u64 rollcall_state_live(const volatile struct rollcall_state *s)
{
	return s->reserved - s->given_back - s->left;
}

/*
 * One of 64, by the first bytes of a hostname, NUL-padded: most new hosts are told by it not to have a name of
 * this host, without a look-up. Multiplied by an odd number near 2^64 / phi (Fibonacci hashing, Knuth 6.4).
 */
static inline __u32 rollcall_name_bit(const char *hostname)
{
	__u64 word;

	__builtin_memcpy(&word, hostname, sizeof(word));
	return (__u32)((word * 0x9e3779b97f4a7c15ULL) >> 58);
}

/* Without a sweeper all are admitted, and the kernel recycles the entry unused for longest. */
#define ROLLCALL_ADMISSION_NS(expiry_ns) (2 * (expiry_ns))

/*
 * How many names an address holds: map `sources`, BPF_MAP_TYPE_HASH. The filter counts up at joins and
 * moves and down at moves, the sweeper counts down what expired. An address that holds no name has no
 * entry, so the map never has more entries than `peers`, and nothing in it is evicted.
 *
 * An address of an entry in `peers` is in here, whatever --names-per-source is. There is one exception: two
 * CPUs that write one name, or one address, in the same moment may lose a count. The filter notes
 * that this can have happened (state.recount), and the sweeper counts again.
 */
struct rollcall_source {
	__u8 address[16]; /* network order; IPv4 in the first four, the rest zero */
	__u32 ifindex;	  /* a link-local address is another host's on another interface */
	__u32 family;	  /* ROLLCALL_FAMILY_* */
};

struct rollcall_source_use {
	__u32 names; /* ROLLCALL_SOURCE_REMOVED and more: none */
	__u32 told; /* 1: that it was rejected a name was told */
};

/*
 * In `names`: this entry is being removed, and a count in it is lost. Set by the CPU that removes it, and only
 * where it finds 0, so that no other CPU has just counted up.
 */
#define ROLLCALL_SOURCE_REMOVED 0x80000000U

ROLLCALL_FIXED(sizeof(struct rollcall_source) == 24, "no hidden padding");

#endif
