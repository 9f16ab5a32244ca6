// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * New departures are added at the end. They are sorted once after each read of the table, because all entries may leave
 * at the same time.
 */
#include <stdlib.h>
#include <string.h>

#include "departures.h"

void departures_add(struct departures *d, const struct event *event)
{
	if (d->count == d->room) {
		size_t room = d->room ? 2 * d->room : 64;
		struct departure *list = reallocarray(d->list, room, sizeof(*list));

		if (!list)
			return;
		d->list = list;
		d->room = room;
	}
	d->list[d->count++] = (struct departure){ *event->entry, event->reason, event->boot_ns };
}

static int departure_compare_keys(const struct rollcall_peer_key *a, const struct rollcall_peer_key *b)
{
	return memcmp(a, b, sizeof(*a));
}

/* By key, and the latest departure of a key first. */
static int departure_compare(const void *left, const void *right)
{
	const struct departure *a = left, *b = right;
	int order = departure_compare_keys(&a->entry.key, &b->entry.key);

	return order ? order : (a->left_ns < b->left_ns) - (a->left_ns > b->left_ns);
}

static int departure_compare_times(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a < *b) - (*a > *b);
}

/* The time after which at most DEPARTURES_MAX entries left; 0: there are not more. */
static uint64_t departures_limit_ns(const struct departures *d)
{
	uint64_t *times, limit_ns = 0;

	if (d->count <= DEPARTURES_MAX)
		return 0;
	times = malloc(d->count * sizeof(*times));
	if (!times)
		return UINT64_MAX;
	for (size_t i = 0; i < d->count; i++)
		times[i] = d->list[i].left_ns;
	qsort(times, d->count, sizeof(*times), departure_compare_times);
	limit_ns = times[DEPARTURES_MAX];
	free(times);
	return limit_ns;
}

void departures_settle(struct departures *d, const struct roster *roster, uint64_t now_ns)
{
	const struct roster_members *here = &roster->here;
	uint64_t limit_ns = departures_limit_ns(d);
	size_t kept = 0, h = 0;

	if (d->settled < d->count)
		qsort(d->list, d->count, sizeof(*d->list), departure_compare);
	for (size_t i = 0; i < d->count; i++) {
		const struct departure *one = &d->list[i];
		int order = 1;

		while (h < here->count && (order = departure_compare_keys(&here->list[h].entry.key, &one->entry.key)) < 0)
			h++;
		if (h < here->count && !order)
			continue; /* it has joined again */
		if (kept && !departure_compare_keys(&d->list[kept - 1].entry.key, &one->entry.key))
			continue;
		if (one->left_ns + DEPARTURES_KEPT_NS > now_ns && (!limit_ns || one->left_ns > limit_ns))
			d->list[kept++] = *one;
	}
	d->count = d->settled = kept;
}

const struct departure *departures_find(const struct departures *d, const struct rollcall_peer_key *key)
{
	size_t low = 0, high = d->settled;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = departure_compare_keys(&d->list[middle].entry.key, key);

		if (!order)
			return &d->list[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

uint64_t departures_due_ns(const struct departures *d)
{
	uint64_t due_ns = UINT64_MAX;

	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].left_ns + DEPARTURES_KEPT_NS < due_ns)
			due_ns = d->list[i].left_ns + DEPARTURES_KEPT_NS;
	return due_ns;
}

void departures_free(struct departures *d)
{
	free(d->list);
	*d = (struct departures){};
}
