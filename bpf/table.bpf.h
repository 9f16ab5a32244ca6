/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Third stage: record an announcement in the table. It parses nothing.
 *
 * A refresh of a live entry is one aligned 8-byte store through the value pointer, and an increment of a
 * statistic. Any other change writes the whole entry, with an update of the map. The kernel reuses nodes
 * of an LRU map at once, so a write of several fields through a pointer could change the entry of another
 * host. The time of this announcement is harmless there, because the entry of a node that was just reused
 * is as new.
 *
 * The sweeper never loses an announcement: in-place stores end a seventh of the expiry time before
 * deletions begin (settings.h). An older entry is updated, which finds the entry or creates a new
 * one. user/loader/sweeper.c describes the other half of the protocol, and the one case that the margin
 * does not cover: a host that returns while the sweeper removes it.
 */
#ifndef ROLLCALL_TABLE_BPF_H
#define ROLLCALL_TABLE_BPF_H

#include "admission.bpf.h"
#include "announcement.bpf.h"
#include "event.bpf.h"
#include "maps.bpf.h"
#include "outcome.bpf.h"

#define EEXIST 17 /* include/uapi/asm-generic/errno-base.h */
#define CLASH_TOLD_EVERY_NS 1000000000ULL

/* An entry has an address of one family, and zeros for the other one. The comparison is in words. */
static __always_inline bool peer_at_same_ipv6(const struct rollcall_peer *p, const struct rollcall_peer *q)
{
	return LOAD(__u64, p->ipv6) == LOAD(__u64, q->ipv6) && LOAD(__u64, p->ipv6 + 8) == LOAD(__u64, q->ipv6 + 8);
}

static __always_inline bool peer_at_same_address(const struct rollcall_peer *p, const struct rollcall_peer *q)
{
	return LOAD(__u32, p->ipv4) == LOAD(__u32, q->ipv4) && peer_at_same_ipv6(p, q);
}

/* Compare address and MAC. For IPv4, which is the usual case, two words are enough. */
static __always_inline bool
peer_is_unchanged(const struct rollcall_peer *p, const struct rollcall_peer *q, __u8 family)
{
	_Static_assert(__builtin_offsetof(struct rollcall_peer, lladdr) == 4, "one word with the first of it");
	return LOAD(__u64, p->ipv4) == LOAD(__u64, q->ipv4) &&
	       LOAD(__u16, p->lladdr + 4) == LOAD(__u16, q->lladdr + 4) &&
	       (family == ROLLCALL_FAMILY_IPV4 || peer_at_same_ipv6(p, q));
}

/* Any host can announce a name of this host, so the loader gets at most one event per second. */
static __always_inline enum rollcall_outcome
table_own(struct rollcall_own_name *own, struct announcement *a)
{
	__u64 now = a->peer.last_seen_ns;

	if (now - own->clash_told_ns >= CLASH_TOLD_EVERY_NS) {
		own->clash_told_ns = now;
		event_send(ROLLCALL_EVENT_CLASH, a, NULL);
	}
	return ROLLCALL_OWN;
}

/* There is no entry: record a new host if there is room. */
static __always_inline enum rollcall_outcome
table_join(struct announcement *a, const volatile struct rollcall_settings *s)
{
	__u32 zero = 0;
	struct rollcall_state *st = bpf_map_lookup_elem(&state, &zero);
	enum rollcall_outcome outcome;
	long err;

	if (!st)
		return ROLLCALL_UNRECORDED; /* never true: the array has one element */
	outcome = admission_take(a, st, s);
	if (outcome != PROCEED)
		return outcome;
	a->peer.first_seen_ns = a->peer.last_seen_ns;
	a->peer.announcements = 1;
	err = bpf_map_update_elem(&peers, &a->key, &a->peer, BPF_NOEXIST);
	if (!err) {
		event_send(ROLLCALL_EVENT_JOIN, a, NULL);
		return ROLLCALL_JOINED;
	}
	admission_give_back(a, st);
	/* another CPU has just created the entry, or the sweeper has restored an older one */
	state_want_recount(st); /* it may have another address */
	if (err == -EEXIST && !bpf_map_update_elem(&peers, &a->key, &a->peer, BPF_EXIST))
		return ROLLCALL_REFRESHED;
	return ROLLCALL_UNRECORDED;
}

/* The address has changed: store the previous one, and whether this was the second change within the expiry time. */
static __always_inline void
peer_note_move(struct rollcall_peer *peer, const struct rollcall_peer *previous, __u8 family,
	       const volatile struct rollcall_settings *s)
{
	peer->moved_ns = peer->last_seen_ns;
	/* 0 is no move; as a time, it is within the expiry time while the machine is young */
	if (previous->moved_ns && peer->moved_ns - previous->moved_ns <= s->expiry_ns)
		peer->flags = ROLLCALL_PEER_CONTESTED;
	if (family == ROLLCALL_FAMILY_IPV4)
		__builtin_memcpy(peer->rival, previous->ipv4, sizeof(previous->ipv4));
	else
		__builtin_memcpy(peer->rival, previous->ipv6, sizeof(previous->ipv6));
}

/* table_rewrite() returns this if the entry no longer exists. */
#define GONE PROCEED

/* Write the whole entry, because it moved, has expired, or is too near its expiry for a store. */
static __always_inline enum rollcall_outcome
table_rewrite(struct announcement *a, const struct rollcall_peer *entry, __s64 age_ns,
	      const volatile struct rollcall_settings *s)
{
	struct rollcall_peer previous = *entry;
	bool returned = age_ns > (__s64)s->expiry_ns;
	bool moved = !peer_at_same_address(&previous, &a->peer);
	__u32 zero = 0;
	struct rollcall_state *st = bpf_map_lookup_elem(&state, &zero);

	if (!st)
		return ROLLCALL_UNRECORDED; /* never true: the array has one element */
	if (moved) { /* it counts as a name of the new address, as after a join */
		if (source_take(a, st, s, admission_is_on(st, s, a->peer.last_seen_ns)) != PROCEED)
			return ROLLCALL_THROTTLED;
		state_want_recount(st); /* another CPU may move it at the same moment */
	}
	a->peer.first_seen_ns = returned ? a->peer.last_seen_ns : previous.first_seen_ns;
	a->peer.announcements = returned ? 1 : previous.announcements + 1;
	if (!returned && moved) {
		peer_note_move(&a->peer, &previous, a->key.family, s);
	} else if (!returned) {
		a->peer.flags = previous.flags;
		a->peer.moved_ns = previous.moved_ns;
		__builtin_memcpy(a->peer.rival, previous.rival, sizeof(previous.rival));
	}
	/* BPF_EXIST: if the sweeper has just removed the entry, the host is recorded as a new one */
	if (bpf_map_update_elem(&peers, &a->key, &a->peer, BPF_EXIST)) {
		if (moved)
			source_give_back(&a->peer, &a->key, st);
		return GONE;
	}
	if (moved)
		source_give_back(&previous, &a->key, st);
	if (returned) {
		event_send(ROLLCALL_EVENT_RETURN, a, &previous);
		return ROLLCALL_RETURNED;
	}
	if (moved) {
		event_send(ROLLCALL_EVENT_MOVE, a, &previous);
		return ROLLCALL_MOVED;
	}
	return ROLLCALL_REFRESHED;
}

/*
 * Did this host itself send it? Over IPv4 Linux drops such a datagram: __fib_validate_source() in
 * net/ipv4/fib_frontend.c. Over IPv6 it would deliver it.
 */
static __always_inline bool source_is_own(const struct announcement *a)
{
	struct rollcall_own_address own = { .family = a->key.family };

	if (own.family == ROLLCALL_FAMILY_IPV4)
		__builtin_memcpy(own.address, a->peer.ipv4, sizeof(a->peer.ipv4));
	else
		__builtin_memcpy(own.address, a->peer.ipv6, sizeof(a->peer.ipv6));
	if (!bpf_map_lookup_elem(&own_addresses, &own))
		return false;
	if (own.family == ROLLCALL_FAMILY_IPV4 || own.address[0] != 0xfe || (own.address[1] & 0xc0) != 0x80)
		return true;
	/* link-local (RFC 4291): another host on another link may have the same address */
	__builtin_memset(&own, 0, sizeof(own));
	__builtin_memcpy(own.lladdr, a->peer.lladdr, sizeof(own.lladdr));
	return bpf_map_lookup_elem(&own_addresses, &own);
}

static __always_inline struct rollcall_own_name *own_name_of(const struct announcement *a)
{
	__u32 zero = 0;
	struct rollcall_state *st = bpf_map_lookup_elem(&state, &zero);

	if (st && st->own_absent >> rollcall_name_bit(a->key.hostname) & 1)
		return NULL;
	return bpf_map_lookup_elem(&own_names, a->key.hostname);
}

/*
 * Everything except a refresh in place. The function is not inlined, so that the refresh has all
 * registers, and the verifier walks this function once.
 */
static __noinline enum rollcall_outcome
table_change(struct announcement *a, const struct rollcall_peer *entry, __s64 age_ns,
	     const volatile struct rollcall_settings *s)
{
	enum rollcall_outcome outcome = GONE;
	struct rollcall_own_name *own = own_name_of(a);

	if (source_is_own(a))
		return ROLLCALL_BAD_SOURCE;
	if (own)
		return table_own(own, a);
	if (entry)
		outcome = table_rewrite(a, entry, age_ns, s);
	return outcome == GONE ? table_join(a, s) : outcome;
}

/* NOW_NS: CLOCK_BOOTTIME. The age is signed: another CPU may have read its clock later than this one. */
static __always_inline enum rollcall_outcome
table_record(struct announcement *a, const volatile struct rollcall_settings *s, __u64 now_ns)
{
	struct rollcall_peer *entry = bpf_map_lookup_elem(&peers, &a->key);
	__s64 age_ns = 0;

	if (entry) {
		age_ns = now_ns - entry->last_seen_ns;
		if (age_ns < (__s64)s->refresh_ns && peer_is_unchanged(entry, &a->peer, a->key.family)) {
			*(volatile __u64 *)&entry->last_seen_ns = now_ns;
			entry->announcements++;
			return ROLLCALL_REFRESHED;
		}
	}
	__builtin_memset((char *)&a->peer + PEER_SENDER_BYTES, 0, sizeof(a->peer) - PEER_SENDER_BYTES);
	a->peer.last_seen_ns = now_ns;
	return table_change(a, entry, age_ns, s);
}

#endif
