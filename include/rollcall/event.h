/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Events that the filter sends to the loader through the ring buffer `events`.
 *
 * Events are hints. When the ring is full they are dropped and counted, and the table is still
 * correct. A refresh causes no event.
 */
#ifndef ROLLCALL_EVENT_H
#define ROLLCALL_EVENT_H

#include "table.h"

enum rollcall_event_kind {
	ROLLCALL_EVENT_JOIN,
	ROLLCALL_EVENT_MOVE, /* another address, or a seal where there was none */
	ROLLCALL_EVENT_RETURN,
	ROLLCALL_EVENT_CLASH, /* this host's own name, announced by another process */
	ROLLCALL_EVENT_FULL,  /* this new host was rejected, and the next ones will be */
	ROLLCALL_EVENT_THROTTLED, /* the same for new names of its address */
	ROLLCALL_EVENT_LEAVE, /* a host said goodbye */
	ROLLCALL_EVENT_SKEW,  /* a valid seal, and a sequence (of `peer`) too far from this host's clock */
	ROLLCALL_EVENT_KINDS,
};

struct rollcall_event {
	__u32 kind;	/* enum rollcall_event_kind */
	__u32 reserved; /* zero */
	struct rollcall_peer_key key;
	struct rollcall_peer peer; /* the entry as it is now */
};

#define ROLLCALL_EVENT_RING_BYTES (256 * 1024) /* a power of two and whole pages */

_Static_assert(sizeof(struct rollcall_event) == 168, "no hidden padding");

#endif
