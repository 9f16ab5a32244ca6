/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Telling the loader at once: a hint, dropped and counted where the ring is full. */
#ifndef ROLLCALL_EVENT_BPF_H
#define ROLLCALL_EVENT_BPF_H

#include "announcement.bpf.h"
#include "maps.bpf.h"
#include "outcome.bpf.h"

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

#endif
