/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A list of entries of the table that grows. */
#ifndef ROLLCALL_ENTRIES_H
#define ROLLCALL_ENTRIES_H

#include <stddef.h>

#include <rollcall/rollcall.h>

/* On the heap, owned. */
struct entries {
	struct rollcall_entry *list;
	size_t count, room;
};

/* Returns 0 or -ENOMEM. */
int entries_add(struct entries *entries, const struct rollcall_entry *entry);
void entries_free(struct entries *entries);

#endif
