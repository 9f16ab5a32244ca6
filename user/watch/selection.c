// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Matching entries. */
#include <arpa/inet.h>
#include <fnmatch.h>

#include "selection.h"

static bool matches_pattern(const struct selection *selection, const struct rollcall_entry *entry)
{
	bool is_ipv4 = entry->key.family == ROLLCALL_FAMILY_IPV4;
	char address[INET6_ADDRSTRLEN];

	inet_ntop(is_ipv4 ? AF_INET : AF_INET6, is_ipv4 ? entry->peer.ipv4 : entry->peer.ipv6, address, sizeof(address));
	for (int i = 0; i < selection->pattern_count; i++)
		if (!fnmatch(selection->patterns[i], entry->key.hostname, FNM_CASEFOLD) ||
		    !fnmatch(selection->patterns[i], address, FNM_CASEFOLD))
			return true;
	return false;
}

bool selection_takes(const struct selection *selection, const struct rollcall_entry *entry)
{
	if (selection->family && selection->family != entry->key.family)
		return false;
	if (selection->ifindex && selection->ifindex != entry->key.ifindex)
		return false;
	return !selection->pattern_count || matches_pattern(selection, entry);
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
