/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Finding stale entries inside the kernel, without reading out the rest. Optional: a kernel may
 * reject the program, and then entries are read out one by one.
 */
#ifndef ROLLCALL_SCANNER_H
#define ROLLCALL_SCANNER_H

#include <rollcall/scan.h>

#include "table.h"

struct scanner {
	int scan_fd, remove_fd, release_fd; /* -1: there is none */
	uint32_t room;
	/* shared with the kernel, room of each */
	const struct rollcall_peer_key *keys; /* what the last scan found */
	struct rollcall_source *gone;	      /* whose entries were removed: for scanner_release() */
};

#define SCANNER_NONE { .scan_fd = -1, .remove_fd = -1, .release_fd = -1 }

/* What keeps it from being is reported with -v. Close it in any case. */
void scanner_open(struct scanner *s, const struct table *t);
void scanner_close(struct scanner *s);

/*
 * Scan T's table for what is stale at NOW_NS: *FOUND, and the first keys of it (room at most) in
 * keys; oldest_ns is UINT64_MAX where nobody is live. Returns 0 or -errno, not reported.
 */
int scanner_scan(const struct scanner *s, const struct table *t, uint64_t now_ns, struct rollcall_scan *found);

/*
 * In a table with keys: remove the entry of ENTRY's key, and set ENTRY's peer, if it is stale at NOW_NS. Returns 0,
 * -ENOENT if it is not, or another -errno, not reported.
 */
int scanner_remove(const struct scanner *s, const struct table *t, struct rollcall_entry *entry, uint64_t now_ns);

/* The first COUNT addresses in gone hold a name less, each. Returns 0 or -errno, not reported. */
int scanner_release(const struct scanner *s, const struct table *t, uint32_t count);

#endif
