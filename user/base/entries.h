/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A list of entries of the table that grows. */
#ifndef ROLLCALL_ENTRIES_H
#define ROLLCALL_ENTRIES_H

#include <stddef.h>
#include <string.h>

#include <rollcall/rollcall.h>

/* On the heap, owned. */
struct entries {
	struct rollcall_entry *list;
	size_t count, room;
};

/* Returns 0 or -ENOMEM. */
int entries_add(struct entries *entries, const struct rollcall_entry *entry);
void entries_free(struct entries *entries);

/* By hostname, bytewise: what follows is in no order within a host. */
void entries_sort(struct entries *entries);

/*
 * Every count of hosts that rollcall shows comes from here: how many different hostnames there are among some entries.
 * Zero it first. The entries of a host are added one after another, as they are in each sorted list.
 */
struct host_count {
	size_t hosts;
	const struct rollcall_entry *last; /* not owned */
};

/* Returns whether ENTRY is the first one of its host. */
static inline bool host_count_add(struct host_count *count, const struct rollcall_entry *entry)
{
	bool is_first = !count->last || strcmp(count->last->key.hostname, entry->key.hostname) != 0;

	count->last = entry;
	count->hosts += is_first;
	return is_first;
}

#endif
