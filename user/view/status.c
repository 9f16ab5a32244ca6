// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One walk over the table, and one look at each of its other maps. */
#include "base/message.h"
#include "base/process.h"
#include "lib/slots.h"
#include "status.h"

static int count_entry(const struct rollcall_entry *entry, void *context)
{
	struct status *s = context;
	int slot = slot_find(s->slots, entry->key.ifindex);
	struct peer_counts *counts = slot < 0 ? &s->elsewhere : &s->peers[slot];

	if (slot >= 0 && entry->peer.last_seen_ns > s->health[slot].last_ns)
		s->health[slot].last_ns = entry->peer.last_seen_ns;
	if (!rollcall_is_live(s->info.settings, &entry->peer, s->info.now.boot_ns))
		return 0;
	s->live++;
	if (entry->key.family == ROLLCALL_FAMILY_IPV4)
		counts->ipv4++;
	else
		counts->ipv6++;
	return 0;
}

bool status_is_swept(const struct status *s)
{
	return rollcall_admission_is_on(&s->state, s->info.settings, s->info.now.boot_ns);
}

bool status_has_loader(const struct status *s, int slot)
{
	bool swept = status_is_swept(s);
	enum process_life life = process_life(&s->slots[slot], swept);

	return life == PROCESS_ALIVE || (life == PROCESS_UNSEEN && swept);
}

int status_take(const struct rollcall_table *t, struct status *s)
{
	int err;

	*s = (struct status){ .info = { .settings = &t->settings, .slots = s->slots, .now = clock_now() } };
	err = rollcall_slots(t, s->slots);
	for (uint32_t slot = 0; !err && slot < ROLLCALL_SLOTS; slot++)
		if (s->slots[slot].ifindex)
			err = rollcall_counts_read(t, slot, &s->counts[slot]);
	if (!err)
		err = rollcall_state_read(t, &s->state);
	if (!err)
		err = rollcall_walk(t, count_entry, s);
	if (err)
		return fail(err, NULL, "cannot read the table");
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (!s->health[slot].last_ns) /* who called last has left */
			s->health[slot].last_ns = s->counts[slot].last_ns;
	health_ask(&t->settings, s->slots, s->info.now.boot_ns, s->health);
	return 0;
}
