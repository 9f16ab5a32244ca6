/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Fills a table with hosts from user space, and updates its account as the filter does. Fills a history with them. */
#ifndef ROLLCALL_BENCH_CROWD_H
#define ROLLCALL_BENCH_CROWD_H

#include "history/database.h"
#include "loader/table.h"

/*
 * Add COUNT hosts from FIRST on, as if each was received AGO_NS ago (may be negative) on interface 1. Returns 0 or
 * -errno, reported.
 */
int crowd_enter(const struct table *t, uint64_t first, uint64_t count, int64_t ago_ns);
/* Write the name of a host: "node-N". */
char *crowd_name(uint64_t host, char name[24]);

/*
 * Write the history of HOSTS hosts, with INTERVALS intervals each: a host was here for 50 of 65 minutes, until now. D is
 * new, and open for writing. It is complete until tomorrow, so that readers miss no recorder. Returns 0 or -errno, reported.
 */
int crowd_write_history(struct database *d, int hosts, uint64_t intervals);

#endif
