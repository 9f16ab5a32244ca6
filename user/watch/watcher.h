/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The watcher follows joins, moves and leaves. It reads the table again and compares it with what it reported
 * (roster.h).
 *
 * Wake-ups are only hints: a needless one costs a read, and a missed change is found by the next read. So there can be
 * any number of watchers, without privileges, with or without a loader. A watcher cannot fall behind or block the
 * loader, as the reader of a socket could. A watcher is woken by:
 *
 *	inotify, when the loader touches the pin DIR/peers (pins_touch())
 *	a timer, at the next time at which an entry can expire
 *	the exit of a loader; a stopped loader sends no hints, so its state is polled once a second
 *	a tick, if an interface has no live loader, or if inotify is not available: once a second, or less
 *	often if that takes more than 1/200 of a CPU, but at least once per quarter of the expiry
 *
 * It uses at most a quarter of a CPU: after a read that took T, the next one comes 3 T later, and at least 50 ms later.
 * So the number of events of one peer is bounded, however often that peer moves. If there is no table, or when it was
 * removed, the watcher checks for one at each tick.
 */
#ifndef ROLLCALL_WATCHER_H
#define ROLLCALL_WATCHER_H

#include <limits.h>
#include <sys/types.h>

#include "roster.h"

/* The recorded loader of an interface. FD becomes readable when it exits; -1: it has exited, or cannot be watched. */
struct watched_loader {
	uint32_t pid;
	uint64_t start;
	int fd;
};

struct watcher {
	const char *dir;
	int fd; /* for the caller to poll: readable when watcher_turn() is due */
	struct roster roster;
	struct rollcall_table table;
	bool open; /* a table is open */
	bool begun; /* its first entries were reported */
	bool lost; /* a table before it was removed */
	bool awaits_interface; /* the selected interface is not attached, which was reported */
	int refusals; /* consecutive failures to open the table */

	char pin[PATH_MAX]; /* of the map of peers; the next two identify its file */
	dev_t pin_dev;
	ino_t pin_ino;
	struct rollcall_attachment slots[ROLLCALL_SLOTS]; /* the attached interfaces */
	struct rollcall_attachment names[ROLLCALL_SLOTS]; /* and those that were detached, for their names */
	struct watched_loader loaders[ROLLCALL_SLOTS];
	int inotify_fd, pin_watch; /* -1: not available */
	int timer;
	int pulse; /* a second timer, to poll for stopped loaders */
	bool hinted, silent;
	unsigned long looks; /* reads of the table so far */
	uint64_t due_ns, not_before_ns;
};

enum watcher_start {
	WATCHER_AWAITS_TABLE,  /* wait for a table without a message */
	WATCHER_REPORTS_TABLE, /* report that it waits for a table; it is an error if no table can ever be read */
	WATCHER_OF_LOADER,     /* no messages about the table: the loader that started it reports them */
};

/*
 * DIR and the data that SELECTION points to must outlive W. Returns 0 or -errno, reported. Close it in either case.
 * With WATCHER_REPORTS_TABLE it is an error if there is a table and the interface of SELECTION is not attached in it.
 */
int watcher_open(struct watcher *w, const char *dir, const struct selection *selection, enum watcher_start start);

/*
 * Read the table if that is due. Call it once at the beginning, and when FD is readable. The first entries of a table
 * are reported as joins with the reason "present". If there was another table before, the event "resync" comes first.
 * Returns 0, or -errno, reported: the table cannot be read, and trying again does not help.
 */
int watcher_turn(struct watcher *w, roster_tell tell, void *context);

/* Make the next watcher_turn() read the table as soon as its rest is over, as after a hint. */
void watcher_hint(struct watcher *w);

/* Read the table once more, at once. A failure is not reported, because the table may be being removed. */
void watcher_finish(struct watcher *w, roster_tell tell, void *context);

void watcher_close(struct watcher *w);

#endif
