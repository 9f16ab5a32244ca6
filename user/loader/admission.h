/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Places in the table: the half of the one loader that sweeps. The filter takes them
 * (bpf/admission.bpf.h); here is counted who left, and the account put right after what
 * nobody counted: a crash, a detach, entries that the kernel recycled.
 */
#ifndef ROLLCALL_ADMISSION_H
#define ROLLCALL_ADMISSION_H

#include "table.h"

/* The account when a full scan began. */
struct admission_scan {
	uint64_t reserved, given_back;
	uint64_t unsealed;
};

struct admission_scan admission_scan_begin(const struct table *t);
/* Can a scan that is over have found so many entries, by the account? If not, one of the two is wrong. */
bool admission_scan_agrees(const struct table *t, const struct admission_scan *scan, uint64_t found);
/*
 * The scan is over and has found so many entries; nothing was removed since it began.
 * Returns 0 or -errno, not reported.
 */
int admission_scan_end(const struct table *t, const struct admission_scan *scan, uint64_t found);

/*
 * The same for the entries without a seal. In a table that is not mixed, they are not counted.
 */
void admission_unsealed_found(const struct table *t, const struct admission_scan *scan, uint64_t found);

/* An entry was removed, and its place is free. */
void admission_left(const struct table *t, const struct rollcall_peer *removed);

/*
 * A sweep that began at NOW_NS is complete: admission stays in force for two expiries.
 * Returns 1 if there is room again in what was full, else 0, or -errno, not reported.
 */
int admission_swept(const struct table *t, uint64_t now_ns);

#endif
