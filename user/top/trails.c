// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A hash table of sets: the key decides the set, and an entry can take any place of the set. */
#include <stdlib.h>
#include <string.h>

#include "trails.h"

#define SETS   256
#define PLACES 8

/* FNV-1a. */
static size_t trail_set(const struct rollcall_peer_key *key)
{
	const unsigned char *bytes = (const unsigned char *)key;
	uint32_t hash = 2166136261;

	for (size_t i = 0; i < sizeof(*key); i++)
		hash = (hash ^ bytes[i]) * 16777619;
	return (size_t)PLACES * (hash % SETS);
}

const struct trail *trails_find(const struct trails *t, const struct rollcall_peer_key *key)
{
	const struct trail *set = t->list ? t->list + trail_set(key) : NULL;

	for (int i = 0; set && i < PLACES; i++)
		if (set[i].sampled_ns && !memcmp(&set[i].key, key, sizeof(*key)))
			return &set[i];
	return NULL;
}

/* The place for ENTRY. It may hold another entry, which is replaced. */
static struct trail *trail_place(struct trail *set, const struct rollcall_entry *entry)
{
	struct trail *place = set;

	for (int i = 0; i < PLACES; i++) {
		if (set[i].sampled_ns && !memcmp(&set[i].key, &entry->key, sizeof(entry->key)))
			return &set[i];
		if (set[i].sampled_ns < place->sampled_ns)
			place = &set[i];
	}
	return place;
}

static void trail_add(struct trail *trail, uint64_t gap_ns)
{
	if (trail->count == TRAIL_GAPS)
		memmove(trail->gaps_ns, trail->gaps_ns + 1, sizeof(trail->gaps_ns) - sizeof(trail->gaps_ns[0]));
	else
		trail->count++;
	trail->gaps_ns[trail->count - 1] = gap_ns;
}

/* Several announcements may have been received between two samples: the time is divided equally among them. */
static void trail_extend(struct trail *trail, const struct rollcall_peer *peer)
{
	uint64_t passed_ns = peer->last_seen_ns - trail->last_seen_ns, count = peer->announcements - trail->announcements;

	if (!count || (int64_t)count < 0)
		count = 1; /* the counter may be off by one, or was reset */
	for (uint64_t i = 0; i < count && i < TRAIL_GAPS; i++)
		trail_add(trail, passed_ns / count);
}

void trails_sample(struct trails *t, const struct rollcall_entry *entry, uint64_t now_ns)
{
	const struct rollcall_peer *peer = &entry->peer;
	struct trail *trail;

	if (!t->list)
		t->list = calloc((size_t)SETS * PLACES, sizeof(*t->list)); /* pages are allocated when they are used */
	if (!t->list)
		return;
	trail = trail_place(t->list + trail_set(&entry->key), entry);
	if (!trail->sampled_ns || memcmp(&trail->key, &entry->key, sizeof(entry->key)) ||
	    trail->first_seen_ns != peer->first_seen_ns)
		*trail = (struct trail){ .key = entry->key, .first_seen_ns = peer->first_seen_ns };
	else if ((int64_t)(peer->last_seen_ns - trail->last_seen_ns) > 0)
		trail_extend(trail, peer);
	trail->last_seen_ns = peer->last_seen_ns;
	trail->announcements = peer->announcements;
	trail->sampled_ns = now_ns;
}

void trails_free(struct trails *t)
{
	free(t->list);
	t->list = NULL;
}
