/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The watcher: follows joins, moves and leaves by looking at the table again and comparing (roster.h).
 *
 * The table is the truth and wake-ups are hints: one too many costs a look, and what happened in
 * between is seen at the next. So there may be any number of watchers, without privileges, with a
 * loader or without, and none of them can fall behind or make the loader wait, as the readers of a
 * socket could. What wakes a watcher:
 *
 *	the loader's touch of the pin DIR/peers (pins_touch()), by inotify
 *	a timer, at the next moment that somebody can expire
 *	the end of a loader; and once a second it is asked whether one is stopped, which gives no hints
 *	where some interface has no living loader, or nothing can be had of the above: a tick, once a
 *	second, or less often if that takes more than 1/100 of a CPU, but at least each quarter of the expiry
 *
 * It never takes more than a quarter of a CPU: after a look that took T, the next comes 3 T later, and not before 50 ms have
 * passed. So what it reports of one peer is bounded, however often that peer moves.
 * A table that is removed is waited for, again or for the first time, by the tick.
 */
#ifndef ROLLCALL_WATCHER_H
#define ROLLCALL_WATCHER_H

#include <limits.h>
#include <sys/types.h>

#include "roster.h"

/* The loader of an interface, as recorded there; FD becomes readable when it ends, -1: it has. */
struct watched_loader {
	uint32_t pid;
	uint64_t start;
	int fd;
};

struct watcher {
	const char *dir;
	int fd; /* readable when watcher_turn() is due; the caller's to wait for */
	struct roster roster;
	struct rollcall_table table;
	bool open; /* there is a table */
	bool begun; /* its first entries were reported */
	bool lost; /* there was one before it */
	bool awaits_interface; /* the one of the selection is not attached, and that was reported */
	int refusals; /* to open it, one after another */

	char pin[PATH_MAX]; /* of the peers; and which file that was */
	dev_t pin_dev;
	ino_t pin_ino;
	struct rollcall_attachment slots[ROLLCALL_SLOTS]; /* as they are */
	struct rollcall_attachment names[ROLLCALL_SLOTS]; /* what was detached is still known by its name */
	struct watched_loader loaders[ROLLCALL_SLOTS];
	int inotify_fd, pin_watch; /* -1: none to be had */
	int timer;
	int pulse; /* a second timer: is a loader stopped? */
	bool hinted, silent;
	unsigned long looks; /* at the table so far */
	uint64_t due_ns, not_before_ns;
};

enum watcher_start {
	WATCHER_AWAITS_TABLE,  /* without a message, until there is one */
	WATCHER_REPORTS_TABLE, /* it reports that it waits for one. A table that can never be read is an error */
	WATCHER_OF_LOADER,     /* it follows the table as long as its loader lives, which reports what happens to the table */
};

/*
 * DIR and what SELECTION points to must outlive it. Returns 0 or -errno, reported. Close it in either case. With
 * WATCHER_REPORTS_TABLE it is an error if there is a table that the interface of SELECTION is not attached in.
 */
int watcher_open(struct watcher *w, const char *dir, const struct selection *selection, enum watcher_start start);

/*
 * For when FD is readable, and once at the beginning: look if a look is due. The first entries of a table are
 * reported as joins, "present"; of another table than before, behind the event "resync". Returns 0, or -errno, reported:
 * the table cannot be read, and it will not become better.
 */
int watcher_turn(struct watcher *w, roster_tell tell, void *context);

/* The next watcher_turn() looks as soon as it may, as after a hint. */
void watcher_hint(struct watcher *w);

/* One more look, at once. Its failure is not reported: the table may be on its way out. */
void watcher_finish(struct watcher *w, roster_tell tell, void *context);

void watcher_close(struct watcher *w);

#endif
