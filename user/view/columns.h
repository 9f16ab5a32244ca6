/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The columns of a list of hosts: their titles and widths, and which of them are left out if there is no room. `peers`
 * and `top` leave out the same ones.
 */
#ifndef ROLLCALL_COLUMNS_H
#define ROLLCALL_COLUMNS_H

#include "cells.h"

#define COLUMN_GAP 2 /* spaces between two columns */

#define COLUMNS_ALL ((1U << CELL_COUNT) - 1)

const char *column_title(enum cell cell);

/* The alignment of a column, and its least width, which is at least the length of its title. */
bool column_is_left_aligned(enum cell cell);
int column_least_width(enum cell cell);

/*
 * Which columns fit into ROOM, as a bit each. If no row has a note, NOTE is left out first; otherwise it stays.
 * HOSTNAME and ADDRESS always stay, even if they do not fit. The width of HOSTNAME is reduced where a long name would
 * leave no room for other columns: any host on the segment can announce a name of 64 bytes.
 */
unsigned int columns_fitting(int widths[CELL_COUNT], bool has_notes, int room);

static inline bool column_is_shown(unsigned int shown, enum cell cell)
{
	return shown >> cell & 1;
}

#endif
