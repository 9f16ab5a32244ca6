/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The recorder writes the events of a watcher into the history. The events of one turn of the watcher are one
 * transaction.
 *
 * When it starts, nothing is known about the time since it last wrote. So it ends every open interval at that time, with
 * the reason "unknown", and continues those that the table still has with the same boot and first_seen_ns: the host was
 * present all the time. The same happens after a write that failed. An interval that began and ended meanwhile is not in
 * the history, and nothing is invented.
 */
#ifndef ROLLCALL_RECORDER_H
#define ROLLCALL_RECORDER_H

#include "base/clock.h"
#include "database.h"
#include "watch/event.h"

/* How often the recorder writes that the open intervals are still present. */
#define RECORDER_PULSE_NS (30 * NS_PER_S)

#define RECORDER_STATEMENTS(X) X(host) X(entry) X(resume) X(adopt) X(end_all) X(end_open) X(begin) X(leave) X(seen) X(move) X(pulse) X(gap)

struct recorder {
	struct database database;
	int64_t boot;	       /* the row of this boot */
	int64_t offset_ms;     /* CLOCK_REALTIME ahead of CLOCK_BOOTTIME, to notice a step of the clock */
	bool in_transaction;
	bool resuming;	       /* open intervals must be ended before the next event */
	int err;	       /* of the first event of this turn that could not be written */
	bool failing;	       /* a failure was reported, and nothing was written since */
	uint64_t due_ns;       /* when it must write the next time, even without an event; boot time */
#define X(name) sqlite3_stmt *name;
	RECORDER_STATEMENTS(X)
#undef X
};

/* Returns 0 or -errno, reported. Close it in either case. */
int recorder_open(struct recorder *r, const char *path);

/* Begin a turn: the open intervals are ended if they must be, and moved if the clock was stepped. */
void recorder_begin_turn(struct recorder *r);

/* A roster_tell. CONTEXT is the recorder. */
void recorder_take(const struct table_info *info, const struct event *event, void *context);

/*
 * End a turn: write its events, and from time to time that the open intervals are still present. Returns 0, or -errno: the
 * events of this turn are lost. The first failure of several is reported. The caller then tries again later, with a new
 * watcher, which reports the whole table again.
 */
int recorder_end_turn(struct recorder *r);

void recorder_close(struct recorder *r);

#endif
