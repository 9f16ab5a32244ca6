/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interactive view of a table. `rollcall top` shows it, and so does `attach` on a terminal, in a child process
 * (display_process.h).
 *
 * The watcher reports what changed. In addition, the view looks up only the visible entries, once a second. So the cost
 * of an idle view does not depend on the size of the table.
 *
 *	screen	   the terminal, by ncurses; terminfo has the properties of the terminal
 *	rows	   the entries as rows, filtered and sorted; departures are those that left
 *	list	   which rows are visible, and how they are drawn
 *	details	   one host; its trails are the times between announcements
 *	summary	   the first line; ifstates are the states of the interfaces
 *	messages   kept while the view is shown, and printed when it ends
 *	keys	   the actions of keys
 *	draw	   the layout of the screen
 *	child	   the child process of attach: it shows this view, or lines
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

/* A request of a key to the caller. */
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
	char host[ROLLCALL_NAME_TEXT]; /* the host of the details */
	bool is_typing;			/* the user types the filter */
	bool is_of_loader;
	const struct messages *messages;
	enum top_request request;

	int timer;
	uint64_t tick_ns;    /* when visible entries are looked up again */
	uint64_t take_ns;    /* the earliest time to copy rows from the roster again */
	uint64_t reread_ns;  /* when the table is read again to sort by AGE, EXPIRES or RECEIVED */
	uint64_t forget_ns;  /* when the oldest departure is removed */
	unsigned long looks; /* of the watcher, when rows were copied */
	unsigned long messages_drawn;
	bool has_changed;    /* the roster has changed since rows were copied */
	bool is_unread;	     /* visible entries must be looked up */
	bool is_stale;	     /* the screen must be drawn */
};

#define TOP_NONE { .timer = -1 }

struct top_config {
	const char *dir;		   /* DIR and SELECTION must outlive the view */
	const struct selection *selection;
	struct arrangement arrangement;
	const struct messages *messages;
	enum watcher_start start; /* WATCHER_OF_LOADER: the keys `q` and Ctrl-Z are for the loader */
};

/* Are both standard output and standard input a terminal? */
bool top_has_terminal(void);
/* The reason why there can be no view, or NULL: "standard output is not a terminal", "TERM is not set". */
const char *top_refusal(void);

/* Returns 0 or -errno, reported. Close it in either case. */
int top_open(struct top *t, const struct top_config *config);

/* What to poll: keys, the table, a timer, room on the terminal. */
enum { TOP_KEYS, TOP_TABLE, TOP_TIME, TOP_ROOM, TOP_SOURCES };
void top_wait_for(const struct top *t, struct pollfd fds[TOP_SOURCES]);

/*
 * Process keys, changes of the table and timers, and draw. T->request is set. Returns 0, or -errno, reported, if the
 * table cannot be read, or -EIO, not reported, if the terminal was closed.
 */
int top_turn(struct top *t);

/* The terminal was resized. */
void top_resize(struct top *t);
/* Restore the terminal, before this process is suspended. */
void top_suspend(struct top *t);
/* This process was continued: the next turn in the foreground takes the terminal. */
void top_continue(struct top *t);

/* For keys.c: apply a changed arrangement. */
void top_arrange(struct top *t);
/* For draw.c: look up the visible entries, if that is due. */
void top_look_up(struct top *t);
struct table_info top_info(const struct top *t);

void top_close(struct top *t);

#endif
