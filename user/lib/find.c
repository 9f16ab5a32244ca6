// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One host's entries by its name, and a name by its address. */
#include <errno.h>

#include <rollcall/rollcall.h>

#include "bpf.h"
#include "name.h"
#include "slots.h"

/* Interfaces that something is attached to. Returns how many, or -errno. */
static int list_interfaces(const struct rollcall_table *t, uint32_t ifindexes[ROLLCALL_SLOTS])
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int count = 0, err = rollcall_records(t, slots);

	if (err)
		return err;
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex)
			ifindexes[count++] = slots[slot].ifindex;
	return count;
}

/* What is found, in order: the best of it, if there is no more room. */
struct finding {
	struct rollcall_entry *entries;
	int count, room;
};

/* Behind those that were heard later, of which the first FIXED go before in any case. */
static void take_found(struct finding *f, int fixed, const struct rollcall_entry *entry)
{
	int place = f->count < f->room ? f->count++ : f->room;

	for (; place > fixed && f->entries[place - 1].peer.last_seen_ns < entry->peer.last_seen_ns; place--)
		if (place < f->room)
			f->entries[place] = f->entries[place - 1];
	if (place < f->room)
		f->entries[place] = *entry;
}

int rollcall_find(const struct rollcall_table *t, const char *name, int family, struct rollcall_entry *entries, int room)
{
	static const uint8_t families[] = { ROLLCALL_FAMILY_IPV4, ROLLCALL_FAMILY_IPV6 };
	struct finding f = { entries, 0, room }; // cppcheck-suppress ctuuninitvar ; written, not read
	struct rollcall_entry entry = {};
	uint64_t now_ns = rollcall_now_ns();
	uint32_t ifindexes[ROLLCALL_SLOTS] = {};
	size_t bytes = strlen(name);
	int count;

	if (!bytes || bytes > ROLLCALL_HOSTNAME_MAX)
		return 0;
	count = list_interfaces(t, ifindexes);
	if (count < 0)
		return count;
	for (size_t i = 0; i < bytes; i++) /* as the filter folds it */
		entry.key.hostname[i] = hostname_lower(name[i]);
	for (size_t i = 0; i < sizeof(families) && f.count < room; i++) {
		int fixed = f.count; /* those of the other family */

		entry.key.family = families[i];
		for (int n = 0; (!family || family == families[i]) && n < count; n++) {
			entry.key.ifindex = ifindexes[n];
			if (!bpf_lookup(t->peers_fd, &entry.key, &entry.peer) &&
			    rollcall_is_live(&t->settings, &entry.peer, now_ns))
				take_found(&f, fixed, &entry);
		}
	}
	return f.count;
}

struct searching {
	int family;
	const void *address;
	struct rollcall_entry *best;
	bool found;
};

static int compare_address(const struct rollcall_entry *entry, void *context)
{
	struct searching *s = context;
	bool is_ipv4 = s->family == ROLLCALL_FAMILY_IPV4;
	const void *address = is_ipv4 ? entry->peer.ipv4 : entry->peer.ipv6;

	if (entry->key.family != s->family || memcmp(address, s->address, is_ipv4 ? 4 : 16))
		return 0;
	if (!s->found || entry->peer.last_seen_ns > s->best->peer.last_seen_ns)
		*s->best = *entry;
	s->found = true;
	return 0;
}

int rollcall_find_address(const struct rollcall_table *t, int family, const void *address, struct rollcall_entry *entry)
{
	struct searching s = { .family = family, .address = address, .best = entry };
	int err = rollcall_each(t, rollcall_now_ns(), compare_address, &s);

	return err ? err : s.found ? 0 : -ENOENT;
}
