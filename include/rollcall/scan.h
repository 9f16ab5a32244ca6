/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the sweeper asks of the scan in the kernel (bpf/scan.bpf.c), and what it is told: the context of
 * that program. Keys of what is stale come through the map `stale`, an array that is shared memory.
 */
#ifndef ROLLCALL_SCAN_H
#define ROLLCALL_SCAN_H

#include <linux/types.h>

struct rollcall_scan {
	/* asked */
	__u64 now_ns;	 /* CLOCK_BOOTTIME: stale is what is older than expiry_ns then */
	__u64 expiry_ns;
	/* told */
	__u64 seen;	 /* entries; one that is written meanwhile may be missed, or come twice */
	__u64 stale;	 /* stale ones among them, of which as many are in `stale` as fit */
	__u64 oldest_ns; /* last_seen_ns of the oldest live one; ~0: there is none */
};

_Static_assert(sizeof(struct rollcall_scan) == 40, "no hidden padding");

#endif
