/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A table full of hosts, written by hand, and its account kept as the filter would have. */
#ifndef ROLLCALL_BENCH_CROWD_H
#define ROLLCALL_BENCH_CROWD_H

#include "loader/table.h"

/* Hosts FIRST to FIRST + COUNT, as if each was heard AGO_NS ago (may be negative) on interface 1. 0 or -errno, said. */
int crowd_enter(const struct table *t, uint64_t first, uint64_t count, int64_t ago_ns);
/* Their names: "node-N". */
char *crowd_name(uint64_t host, char name[24]);

#endif
