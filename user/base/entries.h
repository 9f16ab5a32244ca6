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

/* Sort by hostname, bytewise. The entries of one host are in no particular order. */
void entries_sort(struct entries *entries);

/*
 * Counts the different hostnames among some entries. Every number of hosts that rollcall shows is counted by it. Set it
 * to zero first. Add all entries of a host before those of the next one, as in a sorted list.
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
