/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The last stage: record an announcement in the table. It parses nothing.
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
#include "config.bpf.h"
#include "event.bpf.h"
#include "goodbye.bpf.h"
#include "maps.bpf.h"
#include "outcome.bpf.h"
#include "peer.bpf.h"
#include "sequence.bpf.h"

#define EEXIST 17 /* include/uapi/asm-generic/errno-base.h */
#define CLASH_TOLD_EVERY_NS 1000000000ULL

/* Any host can announce a name of this host, so the loader gets at most one event per second. */
static __always_inline enum rollcall_outcome
table_own(struct rollcall_own_name *own, struct announcement *a)
{
	__u64 now = a->peer.last_seen_ns;

	if (now - own->clash_told_ns >= CLASH_TOLD_EVERY_NS) {
		own->clash_told_ns = now;
		event_send(ROLLCALL_EVENT_CLASH, a);
	}
	return ROLLCALL_OWN;
}

/* The entry was removed, or another CPU has written it: decide again. */
#define GONE PROCEED

/* There is no entry: record a new host if there is room. */
static __always_inline enum rollcall_outcome
table_join(struct announcement *a, const volatile struct rollcall_settings *s)
{
	struct rollcall_state *st = state_get();
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
		event_send(ROLLCALL_EVENT_JOIN, a);
		return ROLLCALL_JOINED;
	}
	admission_give_back(a, st, s);
	/* another CPU has just created the entry, or the sweeper has restored an older one */
	state_want_recount(st); /* it may have another address */
	return err == -EEXIST ? GONE : ROLLCALL_UNRECORDED;
}

/* The address has changed: store the previous one, and whether this was the second change within the expiry time. */
static __always_inline void
peer_note_move(struct rollcall_peer *peer, const struct rollcall_peer *previous, __u8 family,
	       const volatile struct rollcall_settings *s)
{
	peer->moved_ns = peer->last_seen_ns;
	/* 0 is no move; as a time, it is within the expiry time while the machine is young */
	if (previous->moved_ns && peer->moved_ns - previous->moved_ns <= s->expiry_ns)
		peer->contested = 1;
	if (family == ROLLCALL_FAMILY_IPV4)
		__builtin_memcpy(peer->rival, previous->ipv4, sizeof(previous->ipv4));
	else
		__builtin_memcpy(peer->rival, previous->ipv6, sizeof(previous->ipv6));
}

/*
 * Write the whole entry, because it moved, has expired or left, has another seal, or is too near its expiry for a
 * store. ENTRY is not read after the update, because its node may then belong to another host. Returns GONE if the
 * entry no longer exists.
 */
static __always_inline enum rollcall_outcome
table_rewrite(struct announcement *a, const struct rollcall_peer *entry, __s64 age_ns,
	      const volatile struct rollcall_settings *s)
{
	struct rollcall_source left = source_of(entry, &a->key); /* the address that has one name less afterwards */
	bool moved = !peer_at_same_address(entry, &a->peer);
	__u8 flags = entry->flags;
	/* a host with a key does not share a stay with one without a key at another address */
	bool taken_over = moved && (flags ^ a->peer.flags) & ROLLCALL_PEER_SEALED;
	bool returned = age_ns > (__s64)s->expiry_ns || flags & ROLLCALL_PEER_LEFT || taken_over;
	struct rollcall_state *st = state_get();

	if (!st)
		return ROLLCALL_UNRECORDED; /* never true: the array has one element */
	if (moved) { /* it counts as a name of the new address, as after a join */
		if (source_take(a, st, s, admission_is_on(st, s, a->peer.last_seen_ns) && source_is_limited(a, s)) != PROCEED)
			return ROLLCALL_THROTTLED;
		state_want_recount(st); /* another CPU may move it at the same moment */
	}
	a->peer.first_seen_ns = returned ? a->peer.last_seen_ns : entry->first_seen_ns;
	a->peer.announcements = returned ? 1 : entry->announcements + 1;
	if (!returned && moved) {
		peer_note_move(&a->peer, entry, a->key.family, s);
	} else if (!returned && flags == a->peer.flags) { /* not what was announced without the seal */
		a->peer.contested = entry->contested;
		a->peer.moved_ns = entry->moved_ns;
		__builtin_memcpy(a->peer.rival, entry->rival, sizeof(entry->rival));
	}
	/* BPF_EXIST: if the sweeper has just removed the entry, the host is recorded as a new one */
	if (bpf_map_update_elem(&peers, &a->key, &a->peer, BPF_EXIST)) {
		if (moved) {
			left = source_of(&a->peer, &a->key);
			source_give_back(&left, st);
		}
		return GONE;
	}
	if (moved)
		source_give_back(&left, st);
	unsealed_changed(flags, a->peer.flags, s);
	if (returned) {
		event_send(ROLLCALL_EVENT_RETURN, a);
		return ROLLCALL_RETURNED;
	}
	if (moved || flags != a->peer.flags) /* readers list a sealed address first */
		event_send(ROLLCALL_EVENT_MOVE, a);
	return moved ? ROLLCALL_MOVED : ROLLCALL_REFRESHED;
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
	struct rollcall_state *st = state_get();

	if (st && st->own_absent >> rollcall_name_bit(a->key.hostname) & 1)
		return NULL;
	return bpf_map_lookup_elem(&own_names, a->key.hostname);
}

/*
 * In a mixed table: is there a live entry or a tombstone with a seal for the name of A, which has none, on the
 * interface? ENTRY is the one of the same family; it may be NULL.
 */
static __always_inline bool
table_has_sealed(struct announcement *a, const struct rollcall_peer *entry, const volatile struct rollcall_settings *s,
		 __u64 now_ns)
{
	__u8 family = a->key.family;

	if (entry && entry->flags & ROLLCALL_PEER_SEALED && (__s64)(now_ns - entry->last_seen_ns) <= (__s64)s->expiry_ns)
		return true;
	a->key.family = ROLLCALL_FAMILY_IPV4 + ROLLCALL_FAMILY_IPV6 - family; /* not a copy, which the stack has no room for */
	entry = bpf_map_lookup_elem(&peers, &a->key);
	a->key.family = family;
	return entry && entry->flags & ROLLCALL_PEER_SEALED &&
	       (__s64)(now_ns - entry->last_seen_ns) <= (__s64)s->expiry_ns;
}

#define WAITS 32 /* look-ups: about as long as a CPU takes to replace an entry, several times */
#define TRIES 4	 /* each failure is the progress of another CPU, or of the sweeper */

/* Look up the entry. If another CPU is replacing it, wait for the new one. */
static __always_inline struct rollcall_peer *
table_wait(const struct announcement *a, const volatile struct rollcall_settings *s)
{
	struct rollcall_peer *entry = NULL;

#pragma clang loop unroll(disable)
	for (int i = 0; i < WAITS; i++) {
		entry = bpf_map_lookup_elem(&peers, &a->key);
		if (!s->sealing || !entry || *(volatile __u64 *)&entry->sequence != ROLLCALL_SEQUENCE_REPLACED)
			break;
	}
	return entry;
}

/* Write ENTRY, which may be NULL, as A says. Returns GONE if another CPU or the sweeper has changed it. */
static __always_inline enum rollcall_outcome
table_write(struct announcement *a, struct rollcall_peer *entry, const volatile struct rollcall_settings *s)
{
	__u64 now_ns = a->peer.last_seen_ns, seen = 0;
	bool sealed = s->sealing && a->peer.flags & ROLLCALL_PEER_SEALED;
	enum rollcall_outcome outcome;
	__s64 age_ns = 0;

	if (entry) {
		age_ns = now_ns - entry->last_seen_ns;
		seen = *(volatile __u64 *)&entry->sequence;
	}
	if (entry && sealed && sequence_is_stale(a, seen, age_ns, s, now_ns))
		return ROLLCALL_STALE;
	/* it may have got its seal since table_record() looked; flags are never changed in place */
	if (entry && s->sealing == ROLLCALL_MIXED && !sealed && entry->flags & ROLLCALL_PEER_SEALED &&
	    age_ns <= (__s64)s->expiry_ns)
		return ROLLCALL_UNSEALED;
	if (entry && s->sealing && !entry_own(entry, seen))
		return GONE;
	if (a->peer.flags & ANNOUNCEMENT_GOODBYE)
		outcome = table_goodbye(a, entry, age_ns, s);
	else if (entry)
		outcome = table_rewrite(a, entry, age_ns, s);
	else
		return table_join(a, s);
	if (entry && s->sealing && !outcome_is_registration(outcome))
		entry_disown(entry, seen);
	return outcome;
}

/*
 * Everything except a refresh in place. ENTRY may be NULL. Returns as table_write() does. The function is not inlined,
 * so that the refresh has all registers. It is not a global one, which the verifier would walk once: Linux 6.1 accepts
 * no key for a map in memory that is an argument of a global function.
 */
static __noinline enum rollcall_outcome table_change(struct announcement *a, struct rollcall_peer *entry)
{
	struct rollcall_own_name *own = own_name_of(a);
	enum rollcall_outcome outcome = PROCEED;

	if (!entry && a->unchecked)
		outcome = announcement_check_name(a);
	if (outcome != PROCEED)
		return outcome;
	if (source_is_own(a))
		return ROLLCALL_BAD_SOURCE;
	if (own)
		return table_own(own, a);
	return table_write(a, entry, &config);
}

/* NOW_NS: CLOCK_BOOTTIME. The age is signed: another CPU may have read its clock later than this one. */
static __always_inline enum rollcall_outcome table_record(struct announcement *a, __u64 now_ns)
{
	const volatile struct rollcall_settings *s = &config;
	struct rollcall_peer *entry = bpf_map_lookup_elem(&peers, &a->key);
	bool sealed = s->sealing && a->peer.flags & ROLLCALL_PEER_SEALED;
	enum rollcall_outcome outcome = GONE;
	__s64 age_ns;

	if (s->sealing == ROLLCALL_MIXED && !sealed && table_has_sealed(a, entry, s, now_ns))
		return ROLLCALL_UNSEALED;
	if (entry) {
		age_ns = now_ns - entry->last_seen_ns;
		if (age_ns < (__s64)s->refresh_ns && peer_is_unchanged(entry, &a->peer, a->key.family) &&
		    (!sealed || sequence_take(a, entry))) {
			*(volatile __u64 *)&entry->last_seen_ns = now_ns;
			entry->announcements++;
			return ROLLCALL_REFRESHED;
		}
		/* a flood of messages that were received before ends here */
		if (sealed && entry->flags & ROLLCALL_PEER_SEALED && sequence_is_stale(a, entry->sequence, age_ns, s, now_ns))
			return ROLLCALL_STALE;
	}
	__builtin_memset((char *)&a->peer + PEER_SENDER_BYTES, 0, sizeof(a->peer) - PEER_SENDER_BYTES);
	a->peer.last_seen_ns = now_ns;
	if (sealed)
		a->peer.sequence = a->sequence;
#pragma clang loop unroll(disable)
	for (int i = 0; i < (s->sealing ? TRIES : 2); i++) {
		outcome = table_change(a, entry);
		if (outcome != GONE)
			return outcome;
		entry = table_wait(a, s);
	}
	return ROLLCALL_UNRECORDED;
}

#endif
