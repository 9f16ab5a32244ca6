/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The contexts of the sweeper's programs in the kernel (bpf/scan.bpf.c): arguments and results. Keys and
 * addresses are in the maps `stale` and `gone`, arrays that are shared memory.
 */
#ifndef ROLLCALL_SCAN_H
#define ROLLCALL_SCAN_H

#include <linux/types.h>

#include "table.h"

/* rollcall_scan: find the stale entries. */
struct rollcall_scan {
	__u64 stale_before_ns; /* in: an entry is stale if its last_seen_ns is before this (CLOCK_BOOTTIME) */
	__u64 oldest_ns; /* in: later than any; out: last_seen_ns of the oldest live entry, or unchanged */
	__u64 stale;	 /* in: zero; out: number of stale entries; the map `stale` has as many as fit */
	__u64 seen;	 /* out: number of entries; one that is written meanwhile may be missed or counted twice */
	__u64 unsealed;	 /* in: zero; out: how many of them have no seal; counted only in a mixed table */
};

/* rollcall_release: count one name less for each of the first COUNT addresses in `gone`. */
struct rollcall_release {
	__u32 count;
	__u32 limit; /* maximum of names per address */
};

/* rollcall_remove: remove the entry of KEY, if it is stale. Only in a table with keys. */
struct rollcall_removal {
	struct rollcall_peer_key key;
	__u64 stale_before_ns;
	__u64 abandoned_before_ns; /* an older entry is removed although a CPU seems to replace it */
	struct rollcall_peer peer; /* out: the removed entry */
	__u32 removed;		   /* out: 1 if it was removed */
	__u32 reserved;		   /* zero */
};

_Static_assert(sizeof(struct rollcall_removal) == 184, "no hidden padding");
_Static_assert(sizeof(struct rollcall_scan) == 40, "no hidden padding");
_Static_assert(sizeof(struct rollcall_release) == 8, "no hidden padding");

#endif
