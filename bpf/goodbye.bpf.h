/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A goodbye: the entry stays as a tombstone, which no reader lists. After one expiry time the sweeper removes it. In a
 * table with keys the tombstone rejects the messages that its host sent before.
 */
#ifndef ROLLCALL_GOODBYE_BPF_H
#define ROLLCALL_GOODBYE_BPF_H

#include "admission.bpf.h"
#include "event.bpf.h"
#include "maps.bpf.h"
#include "peer.bpf.h"

/* A sealed goodbye proves that its sender has a key. Another one must come from where the entry was announced. */
static __always_inline bool
goodbye_may_remove(const struct announcement *a, const struct rollcall_peer *entry, const volatile struct rollcall_settings *s)
{
	if (a->peer.flags & ROLLCALL_PEER_SEALED)
		return true;
	return !s->ignore_goodbye && !entry->flags && peer_at_same_address(entry, &a->peer) &&
	       peer_has_same_lladdr(entry, &a->peer);
}

/* ENTRY may be NULL. It keeps its address, so its source has as many names as before. */
static __always_inline enum rollcall_outcome
table_goodbye(struct announcement *a, const struct rollcall_peer *entry, __s64 age_ns,
	      const volatile struct rollcall_settings *s)
{
	__u8 sealed = a->peer.flags & ROLLCALL_PEER_SEALED, previous_flags;
	__u64 now_ns = a->peer.last_seen_ns;

	if (!entry || age_ns > (__s64)s->expiry_ns || !goodbye_may_remove(a, entry, s))
		return ROLLCALL_GOODBYE_IGNORED;
	a->peer = *entry;
	previous_flags = a->peer.flags;
	a->peer.flags = ROLLCALL_PEER_LEFT | sealed;
	a->peer.last_seen_ns = now_ns;
	a->peer.sequence = sealed ? a->sequence : 0;
	if (bpf_map_update_elem(&peers, &a->key, &a->peer, BPF_EXIST))
		return ROLLCALL_GOODBYE_IGNORED; /* it was removed at this moment */
	unsealed_changed(previous_flags, a->peer.flags, s);
	event_send(ROLLCALL_EVENT_LEAVE, a);
	return ROLLCALL_LEFT;
}

#endif
