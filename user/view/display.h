/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A display follows a table and writes to standard output, one line per event. `watch` is a display, and so is the
 * child process of `attach` if standard output is not a terminal (top/display_process.h). It never waits for its
 * reader: while standard output is full it does not read the table, and the next comparison reports the changes of that
 * time.
 */
#ifndef ROLLCALL_DISPLAY_H
#define ROLLCALL_DISPLAY_H

#include "outlet.h"
#include "watch/watcher.h"

struct display {
	struct watcher watcher;
	struct outlet out;
	bool json;
	bool is_open;
	int err; /* of standard output in the last turn; -EAGAIN: it is full */
	roster_tell also; /* gets each event too, unless NULL */
	void *context;
};

#define DISPLAY_NONE { .out = OUTLET_NONE }

enum display_kind { DISPLAY_LINES, DISPLAY_JSON };

/* DIR and the patterns of SELECTION must outlive D. Returns 0 or -errno, reported. Close it in either case. */
int display_open(struct display *d, const char *dir, const struct selection *selection, enum display_kind kind,
		 enum watcher_start start);

/* What to wait for: standard output, the table. */
enum { DISPLAY_OUT, DISPLAY_TABLE, DISPLAY_SOURCES };
void display_wait_for(const struct display *d, struct pollfd fds[DISPLAY_SOURCES]);

/* Read the table if that is due, and write. D->err is set. Returns 0, or -errno, reported: the table cannot be read. */
int display_turn(struct display *d);

/* Read the table a last time, even if that is not due. */
void display_finish(struct display *d);
void display_close(struct display *d);

#endif
