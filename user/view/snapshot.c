// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Copies entries from a table. */
#include "base/message.h"
#include "snapshot.h"

static int snapshot_add(const struct rollcall_entry *entry, void *context)
{
	return entries_add(context, entry);
}

int snapshot_take(const struct rollcall_table *t, const struct selection *selection, struct snapshot *s)
{
	int err;

	*s = (struct snapshot){ .taken = clock_now() };
	err = selection_each(t, selection, s->taken.boot_ns, snapshot_add, &s->entries);
	if (!err)
		return 0;
	snapshot_free(s);
	return fail(err, NULL, "cannot read the table");
}

void snapshot_free(struct snapshot *s)
{
	entries_free(&s->entries);
}
