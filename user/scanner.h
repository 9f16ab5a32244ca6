/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Finding stale entries inside the kernel, without reading out the rest. Optional: a kernel may
 * refuse the program, and then entries are read out one by one.
 */
#ifndef ROLLCALL_SCANNER_H
#define ROLLCALL_SCANNER_H

#include <rollcall/scan.h>

#include "table.h"

struct scanner {
	int prog_fd; /* -1: there is none */
	uint32_t room;
	const struct rollcall_peer_key *keys; /* shared with the kernel: what the last scan found */
};

#define SCANNER_NONE { .prog_fd = -1 }

/* What keeps it from being is told with -v. Close it in any case. */
void scanner_open(struct scanner *s, const struct table *t);
void scanner_close(struct scanner *s);

/*
 * Scan T's table for what is stale at NOW_NS: *FOUND, and the first keys of it (room at most) in
 * keys. Returns 0 or -errno, not said.
 */
int scanner_scan(const struct scanner *s, const struct table *t, uint64_t now_ns, struct rollcall_scan *found);

#endif
