/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The room top: the interactive view of a table. `rollcall top` is this view, and so is what `attach` shows on a terminal,
 * in a process of its own (display_process.h).
 *
 * The watcher says what changed. The view reads the table for nothing else, except that once a second it looks up the
 * entries that are visible. So an idle view costs the same whatever the size of the table.
 *
 *	screen	   the terminal, by ncurses; terminfo is what kind of terminal it is
 *	rows	   the entries as rows, filtered and sorted; departures are those that left
 *	list	   which rows are visible, and how they are drawn
 *	details	   one host; its trails are the times between announcements
 *	summary	   the first line; ifstates are those of the interfaces
 *	messages   what is printed when the view ends
 *	keys	   what a key does
 *	draw	   where all of it is on the screen
 *	child	   what attach runs: this view, or lines
 */
#ifndef ROLLCALL_TOP_H
#define ROLLCALL_TOP_H

#include <poll.h>

#include "ifstates.h"
#include "list.h"
#include "messages.h"
#include "pager.h"
#include "rows.h"
#include "screen.h"
#include "trails.h"
#include "watch/watcher.h"

enum top_page { TOP_LIST, TOP_DETAILS, TOP_HELP };

/* What a key asks the caller for. */
enum top_request { TOP_GO_ON, TOP_QUIT, TOP_SUSPEND };

struct top {
	struct screen screen;
	struct watcher watcher;
	struct departures departures;
	struct rows rows;
	struct trails trails;
	struct ifstates ifstates;

	struct arrangement arrangement;
	struct list list;
	enum top_page page;
	struct pager pager; /* of the details and the help */
	char host[ROLLCALL_NAME_TEXT]; /* whose details are shown */
	bool is_typing;			/* the filter */
	bool is_of_loader;
	const struct messages *messages;
	enum top_request request;

	int timer;
	uint64_t tick_ns;    /* when what is visible is looked up again */
	uint64_t take_ns;    /* not earlier are rows taken from the roster again */
	uint64_t reread_ns;  /* when a table sorted by what announcements change is read again */
	uint64_t forget_ns;  /* when the first departure is old */
	unsigned long looks; /* of the watcher, when rows were taken */
	unsigned long messages_drawn;
	bool has_changed;    /* the roster, since rows were taken */
	bool is_unread;	     /* what is visible was not looked up */
	bool is_stale;	     /* the screen */
};

#define TOP_NONE { .timer = -1 }

struct top_config {
	const char *dir;		   /* both must outlive the view */
	const struct selection *selection;
	struct arrangement arrangement;
	const struct messages *messages;
	enum watcher_start start; /* WATCHER_OF_LOADER: keys that stop or suspend ask the caller for it */
};

/* Are both standard output and standard input a terminal? */
bool top_has_terminal(void);
/* NULL, or why there can be no view: "standard output is not a terminal", "TERM is not set". */
const char *top_refusal(void);

/* Returns 0 or -errno, reported. Close it in either case. */
int top_open(struct top *t, const struct top_config *config);

/* What to wait for: keys, the table, the time, room on the terminal. */
enum { TOP_KEYS, TOP_TABLE, TOP_TIME, TOP_ROOM, TOP_SOURCES };
void top_wait_for(const struct top *t, struct pollfd fds[TOP_SOURCES]);

/*
 * Do what is due. T->request is set. Returns 0, or -errno, reported: the table cannot be read; or -EIO, not reported: the
 * terminal is gone.
 */
int top_turn(struct top *t);

/* The terminal was resized. */
void top_resize(struct top *t);
/* Give the terminal back, before this process is suspended. */
void top_suspend(struct top *t);
/* This process was continued: the next turn in the foreground takes the terminal. */
void top_continue(struct top *t);

/* For keys.c: the arrangement was changed. */
void top_arrange(struct top *t);
/* For draw.c: look up what is visible, if that is due. */
void top_look_up(struct top *t);
struct table_info top_info(const struct top *t);

void top_close(struct top *t);

#endif
