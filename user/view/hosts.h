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

/* The hosts of a table, with what is required to write them. It must not be moved, because INFO points to SLOTS. */
struct host_list {
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct table_info info;
	struct snapshot snapshot;
	struct hosts hosts;
};

/* Take the hosts that SELECTION (NULL: all) takes. Returns 0 or -errno, reported; after a failure there is nothing to free. */
int host_list_take(struct host_list *l, const struct rollcall_table *t, const struct selection *selection);
void host_list_free(struct host_list *l);

/* "conflict" if any entry is in conflict, else "moved" if any moved, else NULL. */
const char *host_note(const struct table_info *info, const struct host *host);

#endif
