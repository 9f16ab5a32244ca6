// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Counting names by address. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "lib/map_walk.h"
#include "sources.h"

/* An address, what the map said of it before, and what the table holds. */
struct tally {
	struct rollcall_source source;
	struct rollcall_source_use use;
	bool is_there; /* in the map */
	uint32_t held;
};

struct tallies {
	struct tally *list;
	size_t count, room;
	int err;
};

struct rollcall_source source_of(const struct rollcall_entry *entry)
{
	struct rollcall_source source = { .ifindex = entry->key.ifindex, .family = entry->key.family };

	if (entry->key.family == ROLLCALL_FAMILY_IPV4)
		memcpy(source.address, entry->peer.ipv4, sizeof(entry->peer.ipv4));
	else
		memcpy(source.address, entry->peer.ipv6, sizeof(entry->peer.ipv6));
	return source;
}

/* What USE says. An entry that a CPU removes this moment holds none. */
static uint32_t names_of(const struct rollcall_source_use *use)
{
	return use->names < ROLLCALL_SOURCE_REMOVED ? use->names : 0;
}

static struct rollcall_source_use use_of(const struct table *t, uint32_t names, uint32_t told)
{
	uint32_t limit = t->settings.names_per_source;

	return (struct rollcall_source_use){ names, limit && names >= limit ? told : 0 };
}

/*
 * SOURCE held NAMES, and holds none. What the filter counted up since is put back: an address that holds a name
 * must not be missing.
 */
static int source_remove(const struct table *t, const struct rollcall_source *source, uint32_t names)
{
	struct rollcall_source_use use, now;

	if (bpf_map_lookup_and_delete_elem(t->sources_fd, source, &use))
		return errno == ENOENT ? 0 : -errno;
	if (names_of(&use) <= names)
		return 0;
	use = use_of(t, names_of(&use) - names, use.told);
	if (!bpf_map_update_elem(t->sources_fd, source, &use, BPF_NOEXIST))
		return 0;
	if (errno != EEXIST || bpf_map_lookup_elem(t->sources_fd, source, &now))
		return -errno;
	use = use_of(t, use.names + names_of(&now), now.told);
	return bpf_map_update_elem(t->sources_fd, source, &use, BPF_ANY) ? -errno : 0;
}

/* SOURCE held as many names as NOW says, and holds NAMES. */
static int source_write(const struct table *t, const struct rollcall_source *source,
			const struct rollcall_source_use *now, uint32_t names)
{
	struct rollcall_source_use use = use_of(t, names, now->told);

	if (!names)
		return source_remove(t, source, names_of(now));
	return bpf_map_update_elem(t->sources_fd, source, &use, BPF_ANY) ? -errno : 0;
}

void source_left(const struct table *t, const struct rollcall_entry *entry)
{
	struct rollcall_source source = source_of(entry);
	struct rollcall_source_use use;

	if (!bpf_map_lookup_elem(t->sources_fd, &source, &use) && names_of(&use))
		source_write(t, &source, &use, names_of(&use) - 1);
}

void source_carried(const struct table *t, const struct rollcall_entry *entry, uint32_t ifindex)
{
	struct rollcall_source source = source_of(entry);
	struct rollcall_source_use use = {};

	source_left(t, entry);
	source.ifindex = ifindex;
	bpf_map_lookup_elem(t->sources_fd, &source, &use); /* not there: none */
	source_write(t, &source, &use, names_of(&use) + 1);
}

void sources_doubt(const struct table *t)
{
	__atomic_store_n(&t->state->recount, 1, __ATOMIC_SEQ_CST);
}

static int tallies_add(struct tallies *all, const struct tally *tally)
{
	if (all->count == all->room) {
		size_t room = all->room ? all->room * 2 : 256;
		struct tally *list = reallocarray(all->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		all->list = list;
		all->room = room;
	}
	all->list[all->count++] = *tally;
	return 0;
}

static int add_source(const void *key, const void *value, void *context)
{
	struct tally tally = {};

	memcpy(&tally.source, key, sizeof(tally.source));
	memcpy(&tally.use, value, sizeof(tally.use));
	tally.is_there = true;
	return tallies_add(context, &tally);
}

static int add_entry(const struct rollcall_entry *entry, void *context)
{
	struct tally tally = { .source = source_of(entry), .held = 1 };

	return tallies_add(context, &tally);
}

static int compare(const void *left, const void *right)
{
	return memcmp(&((const struct tally *)left)->source, &((const struct tally *)right)->source,
		      sizeof(struct rollcall_source));
}

/* Put ALL's equals together. */
static void tallies_merge(struct tallies *all)
{
	size_t kept = 0;

	if (!all->count)
		return;
	qsort(all->list, all->count, sizeof(*all->list), compare);
	for (size_t i = 1; i < all->count; i++) {
		if (compare(&all->list[kept], &all->list[i])) {
			all->list[++kept] = all->list[i];
			continue;
		}
		all->list[kept].held += all->list[i].held;
		all->list[kept].use.names += all->list[i].use.names;
		all->list[kept].use.told |= all->list[i].use.told;
		all->list[kept].is_there |= all->list[i].is_there;
	}
	all->count = kept + 1;
}

/* Returns whether it changed meanwhile. */
static bool put_right(const struct table *t, const struct tally *tally)
{
	struct rollcall_source_use now = {};

	if (tally->held == tally->use.names && (tally->held || !tally->is_there))
		return false;
	bpf_map_lookup_elem(t->sources_fd, &tally->source, &now); /* not there: none */
	if (now.names != tally->use.names)
		return true;
	source_write(t, &tally->source, &now, tally->held);
	return false;
}

int sources_recount(const struct table *t)
{
	struct tallies all = {};
	/* sources first: who joins after that is counted by the filter, and seen to have changed */
	int err = rollcall_map_walk(t->sources_fd, sizeof(struct rollcall_source), sizeof(struct rollcall_source_use), add_source, &all);
	int changed = 0;

	if (!err)
		err = table_walk(t, add_entry, &all);
	if (!err)
		tallies_merge(&all);
	for (size_t i = 0; !err && i < all.count; i++)
		changed |= put_right(t, &all.list[i]);
	free(all.list);
	return err ? err : changed;
}
