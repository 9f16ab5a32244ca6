/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Admission: is there room for a new host? It limits the entries of the table, and the names per address.
 *
 * A rejected announcement costs two look-ups and no atomic operation, so that a flood is cheap. Without
 * a sweeper, removed entries are not counted. The filter then still counts new hosts, and rejects none.
 * user/loader/admission.c counts the removed entries.
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
	/* signed: the sweeper may have read its clock after this program did */
	return (__s64)(now_ns - st->scanned_ns) <= (__s64)ROLLCALL_ADMISSION_NS(s->expiry_ns);
}

static __always_inline bool
state_is_full(const struct rollcall_state *st, const volatile struct rollcall_settings *s)
{
	return (__s64)rollcall_state_live(st) >= (__s64)s->max_peers;
}

/* The first host that is rejected sends the event. The next event needs the sweeper to clear st->full. */
static __always_inline enum rollcall_outcome admission_full(struct rollcall_state *st, const struct announcement *a)
{
	if (!st->full && !__sync_lock_test_and_set(&st->full, 1))
		event_send(ROLLCALL_EVENT_FULL, a);
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

/* It tests before it writes, so that a flood does not take the cache line from the other CPUs. */
static __always_inline void state_want_recount(struct rollcall_state *st)
{
	if (st->recount != 1)
		st->recount = 1;
}

/*
 * In a mixed table, a host without a key could use up the names of the address of a host with a key. So a seal is not
 * subject to the limit there.
 */
static __always_inline bool
source_is_limited(const struct announcement *a, const volatile struct rollcall_settings *s)
{
	return s->sealing != ROLLCALL_MIXED || !(a->peer.flags & ROLLCALL_PEER_SEALED);
}

/* Does the address have its maximum of names? The event is sent once. */
static __always_inline bool source_is_full(struct rollcall_source_use *use, const struct announcement *a,
					   const volatile struct rollcall_settings *s)
{
	__u32 names = use->names;

	if (!s->names_per_source || names < s->names_per_source || names >= ROLLCALL_SOURCE_REMOVED)
		return false;
	if (!use->told && !__sync_lock_test_and_set(&use->told, 1))
		event_send(ROLLCALL_EVENT_THROTTLED, a);
	return true;
}

/*
 * Count one more name for the address of A. Returns PROCEED, or ROLLCALL_THROTTLED if it has its maximum.
 * The kernel reuses the memory of a removed entry at once. So the second look-up, after the count, tests
 * whether the count went into the entry of this address.
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
		use = bpf_map_lookup_elem(&sources, &source); /* added by another CPU; NULL: the map is full */
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

static __always_inline void source_give_back(const struct rollcall_source *source, struct rollcall_state *st)
{
	struct rollcall_source_use *use = bpf_map_lookup_elem(&sources, source);

	if (!use || !source_count_down(source, use))
		state_want_recount(st);
}

static __always_inline struct rollcall_state *state_get(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&state, &zero);
}

/*
 * In a mixed table, entries without a seal have at most half of the places, so that the hosts with a key find room.
 * Returns false if A has no seal and there is no place. The count may be wrong for a moment; the sweeper corrects it.
 */
static __always_inline bool
unsealed_take(const struct announcement *a, struct rollcall_state *st, const volatile struct rollcall_settings *s, bool on)
{
	if (s->sealing != ROLLCALL_MIXED || a->peer.flags & ROLLCALL_PEER_SEALED)
		return true;
	if (on && (__s64)st->unsealed >= (__s64)(s->max_peers / 2))
		return false;
	__sync_fetch_and_add(&st->unsealed, 1);
	return true;
}

static __always_inline void unsealed_give_back(const struct announcement *a, struct rollcall_state *st,
					       const volatile struct rollcall_settings *s)
{
	if (s->sealing == ROLLCALL_MIXED && !(a->peer.flags & ROLLCALL_PEER_SEALED))
		__sync_fetch_and_add(&st->unsealed, -1);
}

/* An entry was written: count a seal that it got or lost. */
static __always_inline void
unsealed_changed(__u8 previous_flags, __u8 flags, const volatile struct rollcall_settings *s)
{
	struct rollcall_state *st;

	if (s->sealing != ROLLCALL_MIXED || !((previous_flags ^ flags) & ROLLCALL_PEER_SEALED))
		return;
	st = state_get();
	if (st)
		__sync_fetch_and_add(&st->unsealed, flags & ROLLCALL_PEER_SEALED ? -1 : 1);
}

static __always_inline void admission_give_back(const struct announcement *a, struct rollcall_state *st,
						const volatile struct rollcall_settings *s)
{
	struct rollcall_source source = source_of(&a->peer, &a->key);

	__sync_fetch_and_add(&st->given_back, 1);
	unsealed_give_back(a, st, s);
	source_give_back(&source, st);
}

/* Reserve an entry and count a name for the new host A. Returns PROCEED, or the outcome if there is no room. */
static __always_inline enum rollcall_outcome
admission_take(const struct announcement *a, struct rollcall_state *st, const volatile struct rollcall_settings *s)
{
	bool on = admission_is_on(st, s, a->peer.last_seen_ns);
	enum rollcall_outcome outcome;

	if (on && state_is_full(st, s))
		return admission_full(st, a);
	if (!unsealed_take(a, st, s, on))
		return ROLLCALL_FULL; /* without an event, because the table is not full */
	outcome = source_take(a, st, s, on && source_is_limited(a, s));
	if (outcome != PROCEED) {
		unsealed_give_back(a, st, s);
		return outcome;
	}
	/* another CPU may have reserved the last entry after the test above */
	if (__sync_fetch_and_add(&st->reserved, 1) - st->given_back - st->left < s->max_peers || !on)
		return PROCEED;
	admission_give_back(a, st, s);
	return admission_full(st, a);
}

#endif
