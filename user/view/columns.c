// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The list of columns, and the order in which they are left out. */
#include <stdlib.h>

#include "columns.h"

/* A hostname of this width is not shortened for the sake of other columns. */
#define USUAL_NAME 40

static const struct {
	const char *title;
	int width; /* the least width; negative: aligned left */
} columns[CELL_COUNT] = {
	[CELL_HOSTNAME] = { "HOSTNAME", -8 },	[CELL_ADDRESS] = { "ADDRESS", -7 },
	[CELL_INTERFACE] = { "INTERFACE", -9 }, [CELL_AGE] = { "AGE", 6 },
	[CELL_EXPIRES] = { "EXPIRES", 7 },	[CELL_SINCE] = { "SINCE", 6 },
	[CELL_RECEIVED] = { "RECEIVED", 8 },	[CELL_NOTE] = { "NOTE", -4 },
};

/* If there is no room, these columns are left out, in this order. */
static const enum cell spared[] = { CELL_RECEIVED, CELL_EXPIRES, CELL_SINCE, CELL_AGE, CELL_INTERFACE };

const char *column_title(enum cell cell)
{
	return columns[cell].title;
}

bool column_is_left_aligned(enum cell cell)
{
	return columns[cell].width < 0;
}

int column_least_width(enum cell cell)
{
	return abs(columns[cell].width);
}

/* Make HOSTNAME narrower, but not below LEAST, by what is missing. Returns the room that is then left. */
static int columns_narrow(int widths[CELL_COUNT], int least, int room)
{
	int spare = widths[CELL_HOSTNAME] - least;
	int taken = room >= 0 || spare <= 0 ? 0 : spare < -room ? spare : -room;

	widths[CELL_HOSTNAME] -= taken;
	return room + taken;
}

unsigned int columns_fitting(int widths[CELL_COUNT], bool has_notes, int room)
{
	unsigned int shown = COLUMNS_ALL;

	for (int c = 0; c < CELL_COUNT; c++)
		room -= widths[c] + (c ? COLUMN_GAP : 0);
	if (room < 0 && !has_notes) {
		room += widths[CELL_NOTE] + COLUMN_GAP;
		shown &= ~(1U << CELL_NOTE);
	}
	room = columns_narrow(widths, USUAL_NAME, room);
	for (size_t i = 0; room < 0 && i < sizeof(spared) / sizeof(spared[0]); i++) {
		room += widths[spared[i]] + COLUMN_GAP;
		shown &= ~(1U << spared[i]);
	}
	columns_narrow(widths, column_least_width(CELL_HOSTNAME), room);
	return shown;
}
