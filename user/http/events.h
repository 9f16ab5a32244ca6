/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Follows the table, and keeps its events in a ring. */
#ifndef ROLLCALL_EVENTS_FEED_H
#define ROLLCALL_EVENTS_FEED_H

#include "ring.h"
#include "watch/watcher.h"

/* It must not be moved. */
struct events {
	const char *dir;
	struct selection selection; /* all */
	struct watcher watcher;
	struct ring ring;
	bool is_open;
	bool failed; /* the table cannot be read, which was reported */
	uint64_t retry_ns; /* when the watcher is opened again; boot time */
};

/* Returns 0 or -errno, reported. Close it in either case. */
int events_open(struct events *e, const char *dir);

/* The descriptor to poll, or -1 while it waits for RETRY_NS. */
int events_fd(const struct events *e);

/* Read the table if that is due. A failure is reported, and tried again later. */
void events_turn(struct events *e);

void events_close(struct events *e);

#endif
