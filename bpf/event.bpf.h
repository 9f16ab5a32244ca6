/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Events to the loader. An event is a hint: if the ring is full, the event is dropped and counted. The test
 * for a full ring does not take the ring's lock, so that a flood of events does not make the CPUs wait for
 * each other.
 */
#ifndef ROLLCALL_EVENT_BPF_H
#define ROLLCALL_EVENT_BPF_H

#include "announcement.bpf.h"
#include "maps.bpf.h"
#include "outcome.bpf.h"

#define EVENT_RECORD_BYTES (sizeof(struct rollcall_event) + BPF_RINGBUF_HDR_SZ)

static __always_inline bool event_ring_is_full(void)
{
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) > ROLLCALL_EVENT_RING_BYTES - EVENT_RECORD_BYTES;
}

static __always_inline void event_send(enum rollcall_event_kind kind, const struct announcement *a)
{
	struct rollcall_event *event = event_ring_is_full() ? NULL : bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		outcome_event_lost();
		return;
	}
	event->kind = kind;
	event->reserved = 0;
	event->key = a->key;
	event->peer = a->peer;
	bpf_ringbuf_submit(event, 0);
}

#endif
