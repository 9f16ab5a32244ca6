/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What `attach` shows: on a terminal the table, redrawn in place once a second; elsewhere one
 * line an event, and nothing wakes it without one.
 */
#ifndef ROLLCALL_VIEW_H
#define ROLLCALL_VIEW_H

#include "terminal.h"
#include "write.h"

struct view {
	const struct rollcall_table *table;
	int timer; /* readable when a terminal is to be redrawn; -1 elsewhere */
	bool json;
	int lines;	       /* that the last picture took */
	unsigned int messages; /* said when it was drawn */
	struct winsize size;   /* of the terminal then */
};

/* Returns 0 or -errno, said. Shows who is here already. */
int view_open(struct view *v, const struct rollcall_table *t, bool json);
void view_event(struct view *v, const struct event *event);
/* Events were lost: show who is here now. */
void view_resync(struct view *v);
void view_redraw(struct view *v);
void view_close(struct view *v);

#endif
