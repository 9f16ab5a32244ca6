// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A host has an entry per interface and family. Joined, their intervals are the times at which the host was here. */
#include <string.h>

#include "interval.h"

static void stay_add(struct interval *stay, const struct interval *next)
{
	if (next->end_ms > stay->end_ms || (next->is_here && !stay->is_here)) {
		stay->end_ms = next->end_ms;
		stay->is_here = next->is_here;
		memcpy(stay->reason, next->reason, sizeof(stay->reason));
	}
	if (rollcall_compare_primary(&next->entry, &stay->entry) < 0) {
		stay->entry = next->entry;
		memcpy(stay->interface, next->interface, sizeof(stay->interface));
	}
}

void past_join(struct past *past)
{
	size_t stays = 0;

	for (size_t i = 0; i < past->count; i++) {
		const struct interval *next = &past->list[i];

		if (stays && next->begin_ms <= past->list[stays - 1].end_ms)
			stay_add(&past->list[stays - 1], next);
		else
			past->list[stays++] = *next;
	}
	past->count = stays;
}

static bool ends_later(const struct interval *a, const struct interval *b)
{
	if (a->is_here != b->is_here)
		return a->is_here;
	if (a->is_here || a->end_ms == b->end_ms)
		return rollcall_compare_primary(&a->entry, &b->entry) < 0;
	return a->end_ms > b->end_ms;
}

const struct interval *past_newest(const struct past *past)
{
	const struct interval *newest = &past->list[0];

	for (size_t i = 1; i < past->count; i++) {
		const struct interval *next = &past->list[i];

		if (ends_later(next, newest))
			newest = next;
	}
	return newest;
}

char *interval_address_text(const struct interval *interval, char text[ROLLCALL_ADDRESS_TEXT])
{
	return rollcall_address_text(&interval->entry, interval->interface, text);
}
