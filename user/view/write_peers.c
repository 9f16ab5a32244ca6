// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Writes the table for people: aligned columns, one line per row. On a terminal, columns that do not fit are left out.
 * If standard output is not a terminal, all columns are written, for scripts.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "columns.h"

enum colour { PLAIN, BOLD, RED, YELLOW };

static const char *const colours[] = { [BOLD] = "\033[1m", [RED] = "\033[31m", [YELLOW] = "\033[33m" };

/* One line, cut at the width of the terminal. */
struct line {
	FILE *out;
	bool colour;
	int room; /* columns that are left */
};

static struct line line_begin(FILE *out, const struct text_style *style)
{
	return (struct line){ out, style->colour, style->columns ? style->columns : INT_MAX };
}

/* Take COUNT columns of the room, or what is left of it. Returns the number taken. */
static int line_take(struct line *line, int count)
{
	int taken = count < line->room ? count : line->room;

	line->room -= taken;
	return taken;
}

/* Write GAP spaces and then TEXT, right-aligned in WIDTH columns, or left-aligned if WIDTH is negative. */
static void line_put(struct line *line, enum colour colour, int gap, int width, const char *text)
{
	bool coloured = line->colour && colour != PLAIN;
	int bytes = (int)strlen(text), shown;

	gap = line_take(line, gap);
	shown = line_take(line, abs(width) > bytes ? abs(width) : bytes);
	fprintf(line->out, "%*s%s%*.*s%s", gap, "", coloured ? colours[colour] : "", width < 0 ? -shown : shown, shown, text,
		coloured ? "\033[m" : "");
}

static enum colour cell_colour(const struct table_info *info, const struct host *host, int cell, const char *text)
{
	/* with the default interval and expiry at least one announcement was lost */
	if (cell == CELL_AGE && info_since(info, host->last_seen_ns) > info->settings->expiry_ns / 3 * 2)
		return YELLOW;
	if (cell == CELL_NOTE)
		return !strncmp(text, "conflict", strlen("conflict")) ? RED : !strcmp(text, "sealed") ? PLAIN : YELLOW;
	return PLAIN;
}

static void line_put_cell(struct line *line, enum colour colour, int gap, enum cell cell, int width, const char *text)
{
	line_put(line, colour, gap, column_is_left_aligned(cell) ? -width : width, text);
}

/* A left-aligned last column is not padded, so that no line ends in spaces. */
static int column_width(const int widths[CELL_COUNT], const struct fields *columns, int place, int count)
{
	enum cell cell = (enum cell)columns->list[place];

	return place + 1 < count || !column_is_left_aligned(cell) ? widths[cell] : 0;
}

static void write_header(struct line line, const int widths[CELL_COUNT], const struct fields *columns)
{
	for (int i = 0; i < columns->count; i++) {
		enum cell cell = (enum cell)columns->list[i];

		line_put_cell(&line, BOLD, i ? COLUMN_GAP : 0, cell, column_width(widths, columns, i, columns->count),
			      column_title(cell));
	}
	fputc('\n', line.out);
}

static void write_row(struct line line, const struct table_info *info, const struct host *host,
		      const int widths[CELL_COUNT], const struct fields *columns)
{
	struct cells cells = {};
	int count = columns->count;

	cells_fill(&cells, info, host);
	text_shorten(cells.text[CELL_HOSTNAME], widths[CELL_HOSTNAME]);
	/* an empty note at the end is left out, with its gap */
	if (count && columns->list[count - 1] == CELL_NOTE && !*cells.text[CELL_NOTE])
		count--;
	for (int i = 0; i < count; i++) {
		enum cell cell = (enum cell)columns->list[i];

		line_put_cell(&line, cell_colour(info, host, cell, cells.text[cell]), i ? COLUMN_GAP : 0, cell,
			      column_width(widths, columns, i, count), cells.text[cell]);
	}
	fputc('\n', line.out);
}

/* All columns, or those that fit. */
static struct fields columns_chosen(int widths[CELL_COUNT], bool has_notes, int room)
{
	unsigned int shown = room ? columns_fitting(widths, has_notes, room) : COLUMNS_ALL;
	struct fields chosen = {};

	for (int cell = 0; cell < CELL_COUNT; cell++)
		if (column_is_shown(shown, cell))
			chosen.list[chosen.count++] = cell;
	return chosen;
}

void write_peers_text(FILE *out, const struct table_info *info, const struct hosts *h, const struct text_style *style)
{
	int widths[CELL_COUNT] = {};
	struct fields columns;
	bool has_notes;

	cells_measure(widths, info, h);
	has_notes = widths[CELL_NOTE] > 0;
	for (int c = 0; c < CELL_COUNT; c++)
		if (widths[c] < column_least_width(c))
			widths[c] = column_least_width(c);
	columns = style->fields ? *style->fields : columns_chosen(widths, has_notes, style->columns);
	if (style->header)
		write_header(line_begin(out, style), widths, &columns);
	for (size_t i = 0; i < h->count; i++)
		write_row(line_begin(out, style), info, &h->list[i], widths, &columns);
}
