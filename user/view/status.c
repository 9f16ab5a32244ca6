// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reads the table once, and each of its other maps once. */
#include "base/entries.h"
#include "base/message.h"
#include "lib/shadow.h"
#include "lib/slots.h"
#include "status.h"

struct gathering {
	struct status *status;
	struct shadow shadow;
	struct entries live;
};

/* Expired entries count too for the time of the last announcement. */
static int gather_entry(const struct rollcall_entry *entry, void *context)
{
	struct gathering *g = context;
	struct status *s = g->status;
	int slot = slot_find(s->slots, entry->key.ifindex);

	if (slot >= 0 && entry->peer.last_seen_ns > s->health[slot].last_ns)
		s->health[slot].last_ns = entry->peer.last_seen_ns;
	if (!rollcall_is_live(s->info.settings, &entry->peer, s->info.now.boot_ns) || rollcall_shadow_covers(&g->shadow, entry))
		return 0;
	return entries_add(&g->live, entry);
}

static void count_entry(const struct table_info *info, struct status_count *count, const struct rollcall_entry *entry)
{
	bool is_ipv4 = entry->key.family == ROLLCALL_FAMILY_IPV4, is_sealed = entry_is_sealed(info, entry);

	count->ipv4 += is_ipv4;
	count->ipv6 += !is_ipv4;
	count->sealed4 += is_ipv4 && is_sealed;
	count->sealed6 += !is_ipv4 && is_sealed;
}

static void count_live(struct status *s, struct entries *live)
{
	struct host_count all = {}, conflicts = {}, of_slot[ROLLCALL_SLOTS] = {};

	entries_sort(live);
	for (size_t i = 0; i < live->count; i++) {
		const struct rollcall_entry *entry = &live->list[i];
		int slot = slot_find(s->slots, entry->key.ifindex);

		host_count_add(&all, entry);
		if (rollcall_is_in_conflict(s->info.settings, &entry->peer, s->info.now.boot_ns))
			host_count_add(&conflicts, entry);
		count_entry(&s->info, &s->all, entry);
		count_entry(&s->info, slot < 0 ? &s->elsewhere : &s->live[slot], entry);
		if (slot >= 0)
			host_count_add(&of_slot[slot], entry);
	}
	s->all.hosts = all.hosts;
	s->conflicts = conflicts.hosts;
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		s->live[slot].hosts = of_slot[slot].hosts;
}

bool status_is_swept(const struct status *s)
{
	return rollcall_admission_is_on(&s->state, s->info.settings, s->info.now.boot_ns);
}

bool status_has_loader(const struct status *s, int slot)
{
	enum process_life life = s->health[slot].life;

	return life == PROCESS_ALIVE || (life == PROCESS_UNSEEN && status_is_swept(s));
}

int status_take(const struct rollcall_table *t, struct status *s)
{
	struct gathering g = { .status = s };
	int err;

	*s = (struct status){ .info = { .settings = &t->settings, .slots = s->slots, .now = clock_now() } };
	err = rollcall_slots(t, s->slots);
	for (uint32_t slot = 0; !err && slot < ROLLCALL_SLOTS; slot++)
		if (s->slots[slot].ifindex)
			err = rollcall_counts_read(t, slot, &s->counts[slot]);
	if (!err)
		err = rollcall_state_read(t, &s->state);
	if (!err)
		err = rollcall_shadow_begin(&g.shadow, t, s->info.now.boot_ns);
	if (!err)
		err = rollcall_walk(t, gather_entry, &g);
	if (!err)
		count_live(s, &g.live);
	entries_free(&g.live);
	if (err)
		return fail(err, NULL, "cannot read the table");
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		s->shown[slot] = s->slots[slot].ifindex;
		if (s->shown[slot])
			s->health[slot].life = process_life(&s->slots[slot], status_is_swept(s));
		s->health[slot].rejections = health_rejections(&s->counts[slot]);
		if (!s->health[slot].last_ns) /* no entry is left on the interface: use the time that the filter recorded */
			s->health[slot].last_ns = s->counts[slot].last_ns;
	}
	health_ask(&t->settings, s->slots, s->info.now.boot_ns, s->health);
	return 0;
}

void status_show_only(struct status *s, const uint32_t *ifindexes, int count)
{
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++) {
		bool is_named = false;

		for (int i = 0; i < count; i++)
			is_named = is_named || s->slots[slot].ifindex == ifindexes[i];
		s->shown[slot] = s->shown[slot] && is_named;
	}
}
