/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the sweeper asks of its programs in the kernel (bpf/scan.bpf.c), and what it is told: their
 * contexts. Keys and addresses go through the maps `stale` and `gone`, arrays that are shared memory.
 */
#ifndef ROLLCALL_SCAN_H
#define ROLLCALL_SCAN_H

#include <linux/types.h>

/* rollcall_scan: what is stale? */
struct rollcall_scan {
	__u64 stale_before_ns; /* asked: last_seen_ns of what is stale is before this, by CLOCK_BOOTTIME */
	__u64 oldest_ns; /* asked: later than any; told: last_seen_ns of the oldest live entry, or the same */
	__u64 stale;	 /* asked: zero; told: stale entries, of which as many are in `stale` as fit */
	__u64 seen;	 /* told: entries; one that is written meanwhile may be missed, or come twice */
};

/* rollcall_release: the first COUNT addresses in `gone` hold a name less, each. */
struct rollcall_release {
	__u32 count;
	__u32 limit; /* names that one address may hold */
};

_Static_assert(sizeof(struct rollcall_scan) == 32, "no hidden padding");
_Static_assert(sizeof(struct rollcall_release) == 8, "no hidden padding");

#endif
