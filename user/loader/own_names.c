// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Own names: computed again each time from what the host and the records say. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/nodename.h"
#include "lib/name.h"
#include "own_names.h"
#include "sources.h"

#define NAMES_MAX (ROLLCALL_SLOTS + 2)

struct names {
	struct rollcall_own_key keys[NAMES_MAX];
	int count;
};

static int find(const struct names *names, const struct rollcall_own_key *key)
{
	for (int i = 0; i < names->count; i++)
		if (!memcmp(&names->keys[i], key, sizeof(*key)))
			return i;
	return -ENOENT;
}

static void add(struct names *names, const char *name)
{
	struct rollcall_own_key *key = &names->keys[names->count];

	if (!*name || names->count == NAMES_MAX)
		return;
	memset(key, 0, sizeof(*key));
	for (size_t i = 0; i < ROLLCALL_HOSTNAME_MAX && name[i]; i++) /* as the filter folds it */
		key->hostname[i] = hostname_lower(name[i]);
	if (find(names, key) < 0)
		names->count++;
}

static void collect(const struct rollcall_attachment slots[ROLLCALL_SLOTS], struct names *names)
{
	char name[NODENAME_BYTES];

	names->count = 0;
	add(names, nodename_full(name));
	add(names, nodename_short(name));
	for (int slot = 0; slot < ROLLCALL_SLOTS; slot++)
		if (slots[slot].ifindex)
			add(names, slots[slot].hostname);
}

static void purge(const struct table *t, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
		  const struct names *names)
{
	static const uint8_t families[] = { ROLLCALL_FAMILY_IPV4, ROLLCALL_FAMILY_IPV6 };

	for (int i = 0; i < names->count * ROLLCALL_SLOTS; i++) {
		struct rollcall_peer_key key = { .ifindex = slots[i % ROLLCALL_SLOTS].ifindex };

		if (!key.ifindex)
			continue;
		memcpy(key.hostname, names->keys[i / ROLLCALL_SLOTS].hostname, sizeof(key.hostname));
		for (size_t f = 0; f < sizeof(families); f++) {
			key.family = families[f];
			if (!bpf_map_delete_elem(t->peers_fd, &key))
				sources_doubt(t);
		}
	}
}

/* Bits that none of NAMES has. */
static uint64_t absent(const struct names *names)
{
	uint64_t bits = 0;

	for (int i = 0; i < names->count; i++)
		bits |= 1ULL << rollcall_name_bit(names->keys[i].hostname);
	return ~bits;
}

/* Names that are ours no longer may be recorded again. */
static void drop_others(const struct table *t, const struct names *names)
{
	struct rollcall_own_key stale[ROLLCALL_OWN_NAMES], key, *from = NULL;
	int count = 0;

	while (count < ROLLCALL_OWN_NAMES && !bpf_map_get_next_key(t->own_names_fd, from, &key)) {
		if (find(names, &key) < 0)
			stale[count++] = key;
		from = &key;
	}
	while (count--)
		bpf_map_delete_elem(t->own_names_fd, &stale[count]);
}

int own_names_update(const struct table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct rollcall_own_name fresh = {};
	struct names names;
	int err = slots_read(t, slots);

	if (err)
		return err;
	collect(slots, &names);
	for (int i = 0; i < names.count; i++)
		if (bpf_map_update_elem(t->own_names_fd, &names.keys[i], &fresh, BPF_NOEXIST) && errno != EEXIST)
			return fail(-errno, NULL, "cannot record this host's name '%s'", names.keys[i].hostname);
	__atomic_store_n(&t->state->own_absent, absent(&names), __ATOMIC_SEQ_CST); /* before what came in between is purged */
	drop_others(t, &names);
	purge(t, slots, &names);
	return 0;
}

int own_names_purge(const struct table *t)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct names names;
	int err = slots_read(t, slots);

	if (err)
		return err;
	collect(slots, &names);
	__atomic_store_n(&t->state->own_absent, absent(&names), __ATOMIC_SEQ_CST); /* should two loaders have met */
	purge(t, slots, &names);
	return 0;
}
