/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The list of hosts: which rows are visible, which one is selected, and how they are drawn. */
#ifndef ROLLCALL_LIST_H
#define ROLLCALL_LIST_H

#include "rows.h"
#include "screen.h"
#include "view/columns.h"

struct list {
	size_t first;	 /* visible row */
	size_t selected; /* row */
	size_t height;	 /* rows that fit, as last drawn; at least 1 */
	bool is_held; /* a row other than the first was selected: it stays selected when rows change */
	struct rollcall_peer_key key; /* of the first entry of that row */
	int widths[CELL_COUNT];	      /* they only grow, so that columns do not move while the list is scrolled */
};

/* Move the selection by BY rows, at most to the first or last row, and scroll to it. */
void list_move(struct list *l, const struct rows *rows, long by);

/* The rows have changed: select the held row again if it exists. Otherwise the selection keeps its position. */
void list_follow(struct list *l, const struct rows *rows);

/* Reset the columns to their least widths. */
void list_reset_widths(struct list *l);

/* The first visible row, or NULL. *COUNT is the number of visible rows. */
struct host *list_visible(const struct list *l, const struct rows *rows, size_t *count);

/* The data to draw. */
struct list_input {
	const struct rows *rows;
	const struct departures *departures;
	const struct arrangement *arrangement;
	const struct table_info *info;
};

/* Set the number of lines of the list. */
void list_set_height(struct list *l, const struct rows *rows, int height);

/* Draw the header in line HEADER, unless it is negative, and the rows from line TOP on. */
void list_draw(struct list *l, const struct screen *s, int header, int top, const struct list_input *input);

#endif
