/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The entries of a snapshot as rows: one row per host, or one per entry. The entries of a host are those with its
 * hostname, one per interface and family.
 */
#ifndef ROLLCALL_HOSTS_H
#define ROLLCALL_HOSTS_H

#include "snapshot.h"
#include "write.h"

/* ENTRIES points into the snapshot. The first entry has the primary address (rollcall_compare_primary()). */
struct host {
	const struct rollcall_entry *entries;
	size_t count;
	uint64_t first_seen_ns, last_seen_ns; /* the earliest and the latest of all entries */
	uint64_t announcements;		      /* the sum */
};

/* The list is on the heap and owned. It is valid as long as the snapshot. */
struct hosts {
	struct host *list;
	size_t count;
};

enum hosts_rows { ROW_PER_HOST, ROW_PER_ENTRY };

/* Sort S by hostname and make the rows in that order. Returns 0 or -ENOMEM, reported. */
int hosts_group(struct hosts *h, struct snapshot *s, enum hosts_rows rows);
void hosts_free(struct hosts *h);

/* "conflict" if any entry is in conflict, else "moved" if any moved, else NULL. */
const char *host_note(const struct table_info *info, const struct host *host);

#endif
