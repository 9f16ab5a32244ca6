// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Find the entries of a host by its name, and the entry of an address. */
#include <errno.h>

#include <rollcall/rollcall.h>

#include "bpf.h"
#include "clock.h"
#include "find.h"
#include "name.h"

#define SLOTS_AT_ONCE 8

int rollcall_attached(const struct rollcall_table *t, uint32_t ifindexes[ROLLCALL_SLOTS], int *attached)
{
	struct rollcall_attachment slots[SLOTS_AT_ONCE];
	uint32_t position;

	*attached = 0;
	for (int read = 0; read < ROLLCALL_SLOTS;) {
		int count = rollcall_records_next(t, &position, read > 0, slots, SLOTS_AT_ONCE);

		if (count <= 0)
			return count;
		for (int i = 0; i < count; i++)
			if (slots[i].ifindex)
				ifindexes[(*attached)++] = slots[i].ifindex;
		read += count;
	}
	return 0;
}

/* Fold NAME as the filter does. Returns false if no host can have the name. */
static bool name_to_key(const char *name, struct rollcall_peer_key *key)
{
	size_t bytes = strlen(name);

	if (!bytes || bytes > ROLLCALL_HOSTNAME_MAX)
		return false;
	for (size_t i = 0; i < bytes; i++)
		key->hostname[i] = hostname_lower(name[i]);
	return true;
}

/* A look-up of one name: the time, the interfaces, and the entry that is read. */
struct look_up {
	uint64_t now_ns;
	uint32_t ifindexes[ROLLCALL_SLOTS]; /* with an attached filter */
	int count;
	bool only_sealed; /* the other entries are shadowed (shadow.h) */
	struct rollcall_entry entry;
};

/* Visit the entry of the name and FAMILY on each interface. Returns 0, or the value of VISIT. */
static int look_up_each(const struct rollcall_table *t, struct look_up *l, uint8_t family, rollcall_visit visit,
			void *context)
{
	struct rollcall_entry *entry = &l->entry;
	int stop = 0;

	entry->key.family = family;
	for (int n = 0; !stop && n < l->count; n++) {
		entry->key.ifindex = l->ifindexes[n];
		if (bpf_lookup(t->peers_fd, &entry->key, &entry->peer) ||
		    !rollcall_is_live(&t->settings, &entry->peer, l->now_ns))
			continue;
		if (!l->only_sealed || entry->peer.flags & ROLLCALL_PEER_SEALED)
			stop = visit(entry, context);
	}
	return stop;
}

static int stop_at_sealed(const struct rollcall_entry *entry, void *context)
{
	(void)context;
	return entry->peer.flags & ROLLCALL_PEER_SEALED;
}

static bool look_up_finds_sealed(const struct rollcall_table *t, struct look_up *l)
{
	return look_up_each(t, l, ROLLCALL_FAMILY_IPV4, stop_at_sealed, NULL) ||
	       look_up_each(t, l, ROLLCALL_FAMILY_IPV6, stop_at_sealed, NULL);
}

/* Returns 0 or -errno. For a name that no host can have, the list of interfaces stays empty. */
static int look_up_begin(const struct rollcall_table *t, const char *name, struct look_up *l)
{
	int err;

	*l = (struct look_up){ .now_ns = rollcall_boot_ns(t->boot_offset_ns) };
	err = name_to_key(name, &l->entry.key) ? rollcall_attached(t, l->ifindexes, &l->count) : 0;
	if (err || t->settings.sealing != ROLLCALL_MIXED)
		return err;
	l->only_sealed = look_up_finds_sealed(t, l);
	if (!l->only_sealed) /* a look-up can miss an entry that is being replaced at that moment */
		l->only_sealed = look_up_finds_sealed(t, l);
	return 0;
}

int rollcall_find_each(const struct rollcall_table *t, const char *name, rollcall_visit visit, void *context)
{
	struct look_up l;
	int err = look_up_begin(t, name, &l);

	if (!err)
		err = look_up_each(t, &l, ROLLCALL_FAMILY_IPV4, visit, context);
	return err ? err : look_up_each(t, &l, ROLLCALL_FAMILY_IPV6, visit, context);
}

static bool entry_is_link_local(const struct rollcall_entry *e)
{
	if (e->key.family == ROLLCALL_FAMILY_IPV4)
		return e->peer.ipv4[0] == 169 && e->peer.ipv4[1] == 254;
	return e->peer.ipv6[0] == 0xfe && (e->peer.ipv6[1] & 0xc0) == 0x80;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int rollcall_compare_primary(const struct rollcall_entry *a, const struct rollcall_entry *b)
{
	int order = compare_numbers(b->peer.flags & ROLLCALL_PEER_SEALED, a->peer.flags & ROLLCALL_PEER_SEALED);

	if (!order)
		order = compare_numbers(a->key.family, b->key.family);
	if (!order)
		order = compare_numbers(entry_is_link_local(a), entry_is_link_local(b));
	if (!order)
		order = compare_numbers(a->peer.first_seen_ns, b->peer.first_seen_ns);
	return order ? order : compare_numbers(a->key.ifindex, b->key.ifindex);
}

/* The entries found, in order. If there are more than ROOM, it has the first ones. */
struct finding {
	struct rollcall_entry *entries;
	int count, room;
};

static int take_found(const struct rollcall_entry *entry, void *context)
{
	struct finding *f = context;
	int place = f->count < f->room ? f->count++ : f->room;

	for (; place && rollcall_compare_primary(entry, &f->entries[place - 1]) < 0; place--)
		if (place < f->room)
			f->entries[place] = f->entries[place - 1];
	if (place < f->room)
		f->entries[place] = *entry;
	return 0;
}

int rollcall_find(const struct rollcall_table *t, const char *name, int family, struct rollcall_entry *entries, int room)
{
	static const uint8_t families[] = { ROLLCALL_FAMILY_IPV4, ROLLCALL_FAMILY_IPV6 };
	struct finding f = { entries, 0, room }; // cppcheck-suppress ctuuninitvar ; written, not read
	struct look_up l;
	int err = look_up_begin(t, name, &l);

	if (err)
		return err;
	for (size_t i = 0; i < sizeof(families) && f.count < room; i++) {
		if (family && family != families[i])
			continue;
		look_up_each(t, &l, families[i], take_found, &f);
	}
	return f.count;
}

bool rollcall_address_is_known(const struct rollcall_table *t, int family, const void *address)
{
	struct rollcall_source source = { .family = (uint32_t)family };
	struct rollcall_source_use use = {};
	struct rollcall_state state = {};
	uint32_t ifindexes[ROLLCALL_SLOTS];
	int count;

	memcpy(source.address, address, family == ROLLCALL_FAMILY_IPV4 ? 4 : 16);
	if (rollcall_attached(t, ifindexes, &count))
		return true;
	for (int n = 0; n < count; n++) {
		int err;

		source.ifindex = ifindexes[n];
		err = bpf_lookup(t->sources_fd, &source, &use);
		if (err != -ENOENT && (err || (use.names && use.names < ROLLCALL_SOURCE_REMOVED)))
			return true;
	}
	/* read after the look-ups: if `recount` is set, a missing source does not prove that the address is absent */
	return rollcall_state_read(t, &state) || state.recount;
}

/* Which of two entries with one address is preferred: one with a seal, then the one that was received last. */
static int compare_received(const struct rollcall_entry *a, const struct rollcall_entry *b)
{
	int order = compare_numbers(a->peer.flags & ROLLCALL_PEER_SEALED, b->peer.flags & ROLLCALL_PEER_SEALED);

	return order ? order : compare_numbers(a->peer.last_seen_ns, b->peer.last_seen_ns);
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
	if (!s->found || compare_received(entry, s->best) > 0)
		*s->best = *entry;
	s->found = true;
	return 0;
}

int rollcall_find_address(const struct rollcall_table *t, int family, const void *address, struct rollcall_entry *entry)
{
	struct searching s = { .family = family, .address = address, .best = entry };
	int err;

	if (!rollcall_address_is_known(t, family, address))
		return -ENOENT;
	err = rollcall_each(t, rollcall_boot_ns(t->boot_offset_ns), compare_address, &s);
	return err ? err : s.found ? 0 : -ENOENT;
}
