// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The list grows by half its size, so a large table is copied only a few times. */
#include <errno.h>
#include <stdlib.h>

#include "entries.h"

int entries_add(struct entries *entries, const struct rollcall_entry *entry)
{
	if (entries->count == entries->room) {
		size_t room = entries->room ? entries->room + entries->room / 2 : 64;
		struct rollcall_entry *list = reallocarray(entries->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		entries->list = list;
		entries->room = room;
	}
	entries->list[entries->count++] = *entry;
	return 0;
}

void entries_free(struct entries *entries)
{
	free(entries->list);
	*entries = (struct entries){};
}

static int compare_hostnames(const void *left, const void *right)
{
	const struct rollcall_entry *a = left, *b = right;

	return strcmp(a->key.hostname, b->key.hostname);
}

void entries_sort(struct entries *entries)
{
	if (entries->count > 1)
		qsort(entries->list, entries->count, sizeof(*entries->list), compare_hostnames);
}
