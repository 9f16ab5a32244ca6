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
	bool is_held; /* a row other than the first one was selected: it stays selected wherever it goes */
	struct rollcall_peer_key key; /* of its first entry */
	int widths[CELL_COUNT];	      /* they only grow, so that columns stay where they are while the list is scrolled */
};

/* Select another row, BY rows further down; it may be more than there are. It becomes visible. */
void list_move(struct list *l, const struct rows *rows, long by);

/* There are other rows: select the held one again, if it is there. Otherwise the place stays the same. */
void list_follow(struct list *l, const struct rows *rows);

/* Columns begin with their least widths again. */
void list_reset_widths(struct list *l);

/* The visible rows: *COUNT of them. */
struct host *list_visible(const struct list *l, const struct rows *rows, size_t *count);

/* What is drawn. */
struct list_input {
	const struct rows *rows;
	const struct departures *departures;
	const struct arrangement *arrangement;
	const struct table_info *info;
};

/* The list has HEIGHT lines. */
void list_set_height(struct list *l, const struct rows *rows, int height);

/* The header in line HEADER, unless it is below zero, and rows from line TOP on. */
void list_draw(struct list *l, const struct screen *s, int header, int top, const struct list_input *input);

#endif
