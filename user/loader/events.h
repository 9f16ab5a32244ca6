/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The filter's events. They are hints: the table is right without them, and readers compare it with what they saw last.
 * So the loader takes a bounded number of them per turn, rests for a moment, and wakes the watchers: at once, and
 * under a flood WAKE_PER_S times a second. An event that does not fit into the ring is lost, which needs no message.
 */
#ifndef ROLLCALL_EVENTS_H
#define ROLLCALL_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "skew.h"
#include "table.h"

struct ring_buffer;

struct events {
	struct ring_buffer *ring;
	const struct table *table;
	const char *dir;
	struct skew skew;
	unsigned int taken;	/* from the ring in this turn */
	bool changed;		/* the table, and watchers have not been woken since */
	uint64_t rest_until_ns; /* the ring is not read before; 0: it may be */
	uint64_t wake_from_ns;	/* watchers are not woken before */
};

/* T and DIR must outlive it, and E stays in place. Returns 0 or -errno, reported. */
int events_open(struct events *e, int events_fd, const struct table *t, const char *dir);

/* To wait for: the ring, and how long at most; -1: for ever. */
int events_fd(const struct events *e);
int events_timeout_ms(const struct events *e, uint64_t now_ns);

/* After each wait: read the ring if there is something to read, wake watchers if that is due. */
void events_turn(struct events *e, bool readable);
/* The loader itself changed the table. */
void events_note_change(struct events *e);

void events_close(struct events *e);

#endif
