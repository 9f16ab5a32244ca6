/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A row as text for people: a text per column, and the width of each column. */
#ifndef ROLLCALL_CELLS_H
#define ROLLCALL_CELLS_H

#include "hosts.h"

/* The columns, in the order in which they are shown. */
enum cell {
	CELL_HOSTNAME, CELL_ADDRESS, CELL_INTERFACE, CELL_AGE, CELL_EXPIRES, CELL_SINCE, CELL_RECEIVED, CELL_NOTE, CELL_COUNT,
};

#define CELL_TEXT (ROLLCALL_ADDRESS_TEXT + sizeof(" +4294967295"))

/* Filled by cells_fill(). A cell is ASCII: its bytes are its columns on a terminal. */
struct cells {
	char text[CELL_COUNT][CELL_TEXT];
};

_Static_assert(CELL_TEXT >= ROLLCALL_NAME_TEXT, "a cell holds a hostname too");
_Static_assert(CELL_TEXT >= SPAN_BYTES, "a cell holds a span too");

void cells_fill(struct cells *cells, const struct table_info *info, const struct host *host);

/* Enlarge WIDTHS, the least widths, to what the rows require. */
void cells_measure(int widths[CELL_COUNT], const struct table_info *info, const struct hosts *h);

#endif
