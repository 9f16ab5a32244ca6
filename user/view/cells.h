/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What people are shown of an entry: a text for each column, and how wide the columns get by it. */
#ifndef ROLLCALL_CELLS_H
#define ROLLCALL_CELLS_H

#include "write.h"

/* In the order in which they are shown. */
enum cell { CELL_HOSTNAME, CELL_ADDRESS, CELL_DEV, CELL_AGE, CELL_EXPIRES, CELL_UP, CELL_HEARD, CELL_COUNT };

/* Filled by cells_fill(). Whatever a cell holds is ASCII: its bytes are its columns on a terminal. */
struct cells {
	char text[CELL_COUNT][ROLLCALL_ADDRESS_TEXT];
};

_Static_assert(ROLLCALL_ADDRESS_TEXT >= ROLLCALL_NAME_TEXT, "a cell holds a hostname too");
_Static_assert(ROLLCALL_ADDRESS_TEXT >= SPAN_BYTES, "a cell holds a span too");

void cells_fill(struct cells *cells, const struct table_info *info, const struct rollcall_entry *e);

/* WIDTHS, the least that each may have, become what the entries need. */
void cells_measure(int widths[CELL_COUNT], const struct table_info *info, const struct snapshot *s);

#endif
