/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Third stage: from an announcement to its entry in the table. It parses nothing.
 *
 * A live entry is refreshed by one aligned 8-byte store through the value pointer; whatever
 * else changes an entry writes it whole, with an update of the map. Nodes of an LRU map are
 * reused at once, so a write of several fields through a pointer could land in the entry of
 * another host, while "heard just now" is harmless there: what was just reused is just as new.
 *
 * Why the sweeper never loses an announcement: in-place stores end a seventh of the expiry
 * before deletions begin (settings.h), and what is older is updated, which either finds the
 * entry or makes a new one. The other half of the protocol is in user/sweeper.c, with the one
 * case that the margin does not cover: a host that returns while it is being swept.
 */
#ifndef ROLLCALL_TABLE_BPF_H
#define ROLLCALL_TABLE_BPF_H

#include "announcement.bpf.h"
#include "maps.bpf.h"
#include "outcome.bpf.h"

#define EEXIST 17 /* include/uapi/asm-generic/errno-base.h */
#define CLASH_TOLD_EVERY_NS 1000000000ULL

static __always_inline void
event_send(enum rollcall_event_kind kind, const struct announcement *a,
	   const struct rollcall_peer *previous)
{
	struct rollcall_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		outcome_event_lost();
		return;
	}
	event->kind = kind;
	event->reserved = 0;
	event->key = a->key;
	event->peer = a->peer;
	if (previous)
		event->previous = *previous;
	else
		__builtin_memset(&event->previous, 0, sizeof(event->previous));
	bpf_ringbuf_submit(event, 0);
}

/* Words at their places in struct rollcall_peer: an address of one family and zero for the other. */
static __always_inline bool peer_at_same_ipv6(const struct rollcall_peer *p, const struct rollcall_peer *q)
{
	return LOAD(__u64, p->ipv6) == LOAD(__u64, q->ipv6) && LOAD(__u64, p->ipv6 + 8) == LOAD(__u64, q->ipv6 + 8);
}

static __always_inline bool peer_at_same_address(const struct rollcall_peer *p, const struct rollcall_peer *q)
{
	return LOAD(__u32, p->ipv4) == LOAD(__u32, q->ipv4) && peer_at_same_ipv6(p, q);
}

/* Address and MAC; over IPv4, which nearly all is, two words tell. */
static __always_inline bool
peer_is_unchanged(const struct rollcall_peer *p, const struct rollcall_peer *q, __u8 family)
{
	_Static_assert(__builtin_offsetof(struct rollcall_peer, lladdr) == 4, "one word with the first of it");
	return LOAD(__u64, p->ipv4) == LOAD(__u64, q->ipv4) &&
	       LOAD(__u16, p->lladdr + 4) == LOAD(__u16, q->lladdr + 4) &&
	       (family == ROLLCALL_FAMILY_IPV4 || peer_at_same_ipv6(p, q));
}

/* Anybody can call our name: the loader hears of it once a second at most. */
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

/* No entry. Admission of newcomers has its place before the update. */
static __always_inline enum rollcall_outcome table_join(struct announcement *a)
{
	long err;

	a->peer.first_seen_ns = a->peer.last_seen_ns;
	a->peer.announcements = 1;
	err = bpf_map_update_elem(&peers, &a->key, &a->peer, BPF_NOEXIST);
	if (!err) {
		event_send(ROLLCALL_EVENT_JOIN, a, NULL);
		return ROLLCALL_JOINED;
	}
	/* entered this very moment: by another CPU, or put back by the sweeper, and then older than this */
	if (err == -EEXIST && !bpf_map_update_elem(&peers, &a->key, &a->peer, BPF_EXIST))
		return ROLLCALL_REFRESHED;
	return ROLLCALL_UNRECORDED;
}

/* An entry that is to be written whole: moved, expired, or too near its expiry for a store. */
static __always_inline enum rollcall_outcome
table_rewrite(struct announcement *a, const struct rollcall_peer *entry, __s64 age_ns, __s64 expiry_ns)
{
	struct rollcall_peer previous = *entry;
	bool returned = age_ns > expiry_ns;
	bool moved = !peer_at_same_address(&previous, &a->peer);

	a->peer.first_seen_ns = returned ? a->peer.last_seen_ns : previous.first_seen_ns;
	a->peer.announcements = returned ? 1 : previous.announcements + 1;
	/* BPF_EXIST: if the sweeper has just taken the entry out, this is a newcomer like any other */
	if (bpf_map_update_elem(&peers, &a->key, &a->peer, BPF_EXIST))
		return table_join(a);
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

/* NOW_NS: CLOCK_BOOTTIME. Ages are signed: another CPU may have read its clock after us. */
static __always_inline enum rollcall_outcome
table_record(struct announcement *a, const volatile struct rollcall_settings *s, __u64 now_ns)
{
	struct rollcall_peer *entry = bpf_map_lookup_elem(&peers, &a->key);
	struct rollcall_own_name *own;
	__s64 age_ns = 0;

	if (entry) {
		age_ns = now_ns - entry->last_seen_ns;
		if (age_ns < (__s64)s->refresh_ns && peer_is_unchanged(entry, &a->peer, a->key.family)) {
			*(volatile __u64 *)&entry->last_seen_ns = now_ns;
			entry->announcements++;
			return ROLLCALL_REFRESHED;
		}
	}
	a->peer.last_seen_ns = now_ns;
	own = bpf_map_lookup_elem(&own_names, a->key.hostname);
	if (own)
		return table_own(own, a);
	if (entry)
		return table_rewrite(a, entry, age_ns, s->expiry_ns);
	return table_join(a);
}

#endif
