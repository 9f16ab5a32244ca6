/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The state of a table at one moment, without its entries. It is read once, for all writers. */
#ifndef ROLLCALL_STATUS_H
#define ROLLCALL_STATUS_H

#include "health.h"
#include "write.h"

/* The number of live entries, and of their hosts. */
struct status_count {
	size_t hosts, ipv4, ipv6;
	size_t sealed4, sealed6; /* the entries of a table with keys that have a seal */
};

/* It must not be copied, because `info` points to `slots`. */
struct status {
	struct table_info info;
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	bool shown[ROLLCALL_SLOTS]; /* the slots to print: all that are in use, see status_show_only() */
	struct rollcall_counts counts[ROLLCALL_SLOTS];
	struct health health[ROLLCALL_SLOTS];
	struct rollcall_state state;
	struct status_count all, live[ROLLCALL_SLOTS]; /* of the table, and of each slot */
	size_t conflicts; /* hosts whose name is in conflict */
	struct status_count elsewhere; /* of interfaces that are no longer attached */
};

static inline size_t status_entries(const struct status_count *count)
{
	return count->ipv4 + count->ipv6;
}

/* Does a loader remove expired entries? It may be one that cannot be seen from here. */
bool status_is_swept(const struct status *status);
/* Is the loader of SLOT alive? A loader that cannot be seen counts as alive while the table is swept. */
bool status_has_loader(const struct status *status, int slot);

/* Returns 0 or -errno, reported. */
int status_take(const struct rollcall_table *t, struct status *status);

/* Show only the interfaces with the numbers IFINDEXES. */
void status_show_only(struct status *status, const uint32_t *ifindexes, int count);

#endif
