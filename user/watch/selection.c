// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Matching entries. */
#include <fnmatch.h>

#include "selection.h"

bool selection_takes(const struct selection *selection, const struct rollcall_entry *entry)
{
	if (selection->family && selection->family != entry->key.family)
		return false;
	return !selection->glob || !fnmatch(selection->glob, entry->key.hostname, FNM_CASEFOLD);
}

struct selecting {
	const struct selection *selection;
	rollcall_visit visit;
	void *context;
};

static int select_entry(const struct rollcall_entry *entry, void *context)
{
	const struct selecting *s = context;

	return selection_takes(s->selection, entry) ? s->visit(entry, s->context) : 0;
}

int selection_each(const struct rollcall_table *t, const struct selection *selection, uint64_t now_ns,
		   rollcall_visit visit, void *context)
{
	struct selecting selecting = { selection, visit, context };

	return selection ? rollcall_each(t, now_ns, select_entry, &selecting) : rollcall_each(t, now_ns, visit, context);
}
