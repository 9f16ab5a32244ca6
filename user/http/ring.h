/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The last events, as text for event streams. All streams read the same texts. */
#ifndef ROLLCALL_RING_H
#define ROLLCALL_RING_H

#include <stddef.h>
#include <stdint.h>

#include "watch/event.h"

#define RING_EVENTS 4096

/*
 * Ids increase by 1, also across restarts of the server: the first one is the time of the start in microseconds. So an id
 * of an earlier server is never one of this ring.
 */
struct ring {
	char *texts[RING_EVENTS]; /* on the heap, owned */
	size_t bytes[RING_EVENTS];
	uint64_t first_id, next_id; /* FIRST_ID: the oldest that is kept; equal: there is none */
};

void ring_open(struct ring *r);

/* Add an event, and forget the oldest if the ring is full. An event is left out if there is no memory. */
void ring_add(struct ring *r, const struct table_info *info, const struct event *event);

/* The text of the event ID, from FIRST_ID to before NEXT_ID. */
const char *ring_text(const struct ring *r, uint64_t id, size_t *bytes);

void ring_close(struct ring *r);

#endif
