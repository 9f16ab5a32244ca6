/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The columns of a list of hosts: their titles and widths, and which of them are left out where there is no room. All
 * lists for people leave out the same ones.
 */
#ifndef ROLLCALL_COLUMNS_H
#define ROLLCALL_COLUMNS_H

#include "cells.h"

#define COLUMN_GAP 2 /* terminal columns between two others */

#define COLUMNS_ALL ((1U << CELL_COUNT) - 1)

const char *column_title(enum cell cell);

/* The alignment of its texts, and the least width, which the title requires too. */
bool column_is_left_aligned(enum cell cell);
int column_least_width(enum cell cell);

/*
 * Which columns fit into ROOM: a bit each. Without notes, that column is the first one to be left out. HOSTNAME, ADDRESS
 * and NOTE stay, whether they fit or not.
 */
unsigned int columns_fitting(const int widths[CELL_COUNT], bool has_notes, int room);

static inline bool column_is_shown(unsigned int shown, enum cell cell)
{
	return shown >> cell & 1;
}

#endif
