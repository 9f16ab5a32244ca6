// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reads the states of view/health.h for the attached interfaces. */
#include <stdlib.h>
#include <string.h>

#include "ifstates.h"

/* After an update that took T, the next one waits for REST * T, so updates cost at most 1/200 of a CPU. */
#define REST 200

static bool ifstate_has_entry(const struct watcher *w, uint32_t ifindex)
{
	for (size_t i = 0; i < w->roster.here.count; i++)
		if (w->roster.here.list[i].entry.key.ifindex == ifindex)
			return true;
	return false;
}

/* A live entry was received on its interface within the expiry, so its exact time is not needed. */
static void ifstates_set_last(const struct watcher *w, struct health health[ROLLCALL_SLOTS], uint64_t now_ns)
{
	struct rollcall_counts counts;

	for (uint32_t slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		if (!w->slots[slot].ifindex)
			continue;
		if (ifstate_has_entry(w, w->slots[slot].ifindex))
			health[slot].last_ns = now_ns;
		else if (!rollcall_counts_read(&w->table, slot, &counts))
			health[slot].last_ns = counts.last_ns;
	}
}

static int ifstate_compare(const void *left, const void *right)
{
	const struct ifstate *a = left, *b = right;
	bool a_is_good = a->state == HEALTH_RECEIVING, b_is_good = b->state == HEALTH_RECEIVING;

	return a_is_good != b_is_good ? a_is_good - b_is_good : strverscmp(a->name, b->name);
}

void ifstates_update(struct ifstates *l, const struct watcher *w, uint64_t now_ns)
{
	struct health health[ROLLCALL_SLOTS] = {};
	uint64_t cost_ns;

	if (!w->open)
		l->count = 0;
	if (!w->open || now_ns < l->due_ns)
		return;
	l->count = 0;
	ifstates_set_last(w, health, now_ns);
	health_ask(&w->table.settings, w->slots, now_ns, health);
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		struct ifstate *state = &l->list[l->count];

		if (!w->slots[slot].ifindex)
			continue;
		rollcall_ifname_text(w->slots, w->slots[slot].ifindex, state->name);
		state->state = health[slot].state;
		l->count++;
	}
	qsort(l->list, (size_t)l->count, sizeof(*l->list), ifstate_compare);
	cost_ns = REST * (rollcall_now_ns() - now_ns);
	l->due_ns = now_ns + (cost_ns > NS_PER_S ? cost_ns : NS_PER_S);
}
