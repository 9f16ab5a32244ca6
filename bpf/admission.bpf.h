/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Is there room for a new host? Places in the table, and names held by one address.
 *
 * What is rejected costs a flood two look-ups and no atomic operation. Where nobody sweeps,
 * nobody counts who leaves: then all is counted still, and nothing rejected. The other half,
 * who leaves, is in user/loader/admission.c.
 */
#ifndef ROLLCALL_ADMISSION_BPF_H
#define ROLLCALL_ADMISSION_BPF_H

#include <rollcall/state.h>

#include "announcement.bpf.h"
#include "event.bpf.h"
#include "maps.bpf.h"

static __always_inline bool
admission_is_on(const struct rollcall_state *st, const volatile struct rollcall_settings *s, __u64 now_ns)
{
	/* signed: the sweeper may have read its clock after us */
	return (__s64)(now_ns - st->scanned_ns) <= (__s64)ROLLCALL_ADMISSION_NS(s->expiry_ns);
}

static __always_inline bool
state_is_full(const struct rollcall_state *st, const volatile struct rollcall_settings *s)
{
	return (__s64)rollcall_state_live(st) >= (__s64)s->max_peers;
}

/* Once per change of state, whoever is rejected first. */
static __always_inline enum rollcall_outcome admission_full(struct rollcall_state *st, const struct announcement *a)
{
	if (!st->full && !__sync_lock_test_and_set(&st->full, 1))
		event_send(ROLLCALL_EVENT_FULL, a, NULL);
	return ROLLCALL_FULL;
}

static __always_inline struct rollcall_source source_of(const struct rollcall_peer *peer, const struct rollcall_peer_key *key)
{
	struct rollcall_source source = { .ifindex = key->ifindex, .family = key->family };

	if (key->family == ROLLCALL_FAMILY_IPV4)
		__builtin_memcpy(source.address, peer->ipv4, sizeof(peer->ipv4));
	else
		__builtin_memcpy(source.address, peer->ipv6, sizeof(peer->ipv6));
	return source;
}

/* Checked first: a flood must not own the cache line. */
static __always_inline void state_want_recount(struct rollcall_state *st)
{
	if (st->recount != 1)
		st->recount = 1;
}

/* Does USE hold its share of names? Reported once. */
static __always_inline bool source_is_full(struct rollcall_source_use *use, const struct announcement *a,
					   const volatile struct rollcall_settings *s)
{
	__u32 names = use->names;

	if (!s->names_per_source || names < s->names_per_source || names >= ROLLCALL_SOURCE_REMOVED)
		return false;
	if (!use->told && !__sync_lock_test_and_set(&use->told, 1))
		event_send(ROLLCALL_EVENT_THROTTLED, a, NULL);
	return true;
}

/*
 * One name more for the address of A: PROCEED, or THROTTLED where it holds its share. Memory of a removed
 * entry is used again at once, so whether the count went into the entry of this address is seen after it.
 */
static __always_inline enum rollcall_outcome
source_take(const struct announcement *a, struct rollcall_state *st, const volatile struct rollcall_settings *s, bool on)
{
	struct rollcall_source source = source_of(&a->peer, &a->key);
	struct rollcall_source_use first = { .names = 1 }, *use = bpf_map_lookup_elem(&sources, &source);
	__u32 before;

	if (!use) {
		if (!bpf_map_update_elem(&sources, &source, &first, BPF_NOEXIST))
			return PROCEED;
		use = bpf_map_lookup_elem(&sources, &source); /* entered by another CPU; or the map is full */
		if (!use) {
			state_want_recount(st);
			return PROCEED;
		}
	}
	if (on && source_is_full(use, a, s))
		return ROLLCALL_THROTTLED;
	before = __sync_fetch_and_add(&use->names, 1);
	if (before >= ROLLCALL_SOURCE_REMOVED || bpf_map_lookup_elem(&sources, &source) != use) {
		state_want_recount(st);
		bpf_map_update_elem(&sources, &source, &first, BPF_NOEXIST);
	} else if (s->names_per_source && before + 1 >= s->names_per_source) {
		state_want_recount(st);
	}
	return PROCEED;
}

static __always_inline void
source_give_back(const struct rollcall_peer *peer, const struct rollcall_peer_key *key, struct rollcall_state *st)
{
	struct rollcall_source source = source_of(peer, key);
	struct rollcall_source_use *use = bpf_map_lookup_elem(&sources, &source);

	if (!use || !source_count_down(&source, use))
		state_want_recount(st);
}

/* A place and a name for the new host A: PROCEED, or why there is none. */
static __always_inline enum rollcall_outcome
admission_take(const struct announcement *a, struct rollcall_state *st, const volatile struct rollcall_settings *s)
{
	bool on = admission_is_on(st, s, a->peer.last_seen_ns);
	enum rollcall_outcome outcome;

	if (on && state_is_full(st, s))
		return admission_full(st, a);
	outcome = source_take(a, st, s, on);
	if (outcome != PROCEED)
		return outcome;
	/* another CPU may have taken the last place since */
	if (__sync_fetch_and_add(&st->reserved, 1) - st->given_back - st->left < s->max_peers || !on)
		return PROCEED;
	__sync_fetch_and_add(&st->given_back, 1);
	source_give_back(&a->peer, &a->key, st);
	return admission_full(st, a);
}

static __always_inline void admission_give_back(const struct announcement *a, struct rollcall_state *st)
{
	__sync_fetch_and_add(&st->given_back, 1);
	source_give_back(&a->peer, &a->key, st);
}

#endif
