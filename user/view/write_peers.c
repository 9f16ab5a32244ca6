// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The table as people read it: aligned columns, one line an entry, and behind them what is
 * unusual about it. On a terminal what does not fit is left out rather than wrapped; elsewhere
 * nothing is, because a script reads it.
 */
#include <limits.h>
#include <string.h>

#include "cells.h"

#define GAP 2  /* between two columns */
#define FEW 16 /* columns, of which there is room for one gap more than is written */

static const struct {
	const char *title;
	int width; /* at least; below zero: aligned left */
} columns[CELL_COUNT] = {
	[CELL_HOSTNAME] = { "HOSTNAME", -8 }, [CELL_ADDRESS] = { "ADDRESS", -7 }, [CELL_DEV] = { "DEV", -3 },
	[CELL_AGE] = { "AGE", 6 },	      [CELL_EXPIRES] = { "EXPIRES", 7 },  [CELL_UP] = { "UP", 6 },
	[CELL_HEARD] = { "HEARD", 5 },
};

enum colour { PLAIN, BOLD, RED, YELLOW };

static const char *const colours[] = { [BOLD] = "\033[1m", [RED] = "\033[31m", [YELLOW] = "\033[33m" };

/* One line, cut at the terminal's edge. */
struct line {
	const struct text_style *style;
	int room;
	char *end, text[WRITE_LINE_BYTES];
	struct cells cells;
};

static void line_begin(struct line *line, const struct text_style *style)
{
	line->style = style;
	line->room = style->columns ? style->columns : INT_MAX;
	line->end = line->text;
}

static void line_end(struct line *line, FILE *out)
{
	write_line(out, line->text, put_char(line->end, '\n'));
}

/* Returns how many of COUNT columns are there yet, and takes them. */
static size_t take_room(struct line *line, int count)
{
	int taken = count < line->room ? count : line->room;

	line->room -= taken;
	return (size_t)taken;
}

static void put_gap(struct line *line, int width)
{
	size_t taken = take_room(line, width);

	memset(line->end, ' ', FEW); /* nearly always enough, and no call */
	if (taken > FEW)
		memset(line->end + FEW, ' ', taken - FEW);
	line->end += taken;
}

/* At the right of WIDTH columns; at the left if it is below zero. */
static void put(struct line *line, enum colour colour, int width, const char *text, int bytes)
{
	bool coloured = line->style->colour && colour != PLAIN;

	if (coloured)
		line->end = put_text(line->end, colours[colour]);
	if (width > bytes)
		put_gap(line, width - bytes);
	line->end = put_bytes(line->end, text, take_room(line, bytes));
	if (-width > bytes)
		put_gap(line, -width - bytes);
	if (coloured)
		line->end = put_text(line->end, "\033[m");
}

static const char *flag(const struct table_info *info, const struct rollcall_entry *e)
{
	if (entry_is_contested(info, e))
		return "conflict";
	return entry_is_moved(info, e) ? "moved" : "";
}

/* Columns that the widest flag takes with its gap: none, nearly always. */
static int measure_flags(const struct table_info *info, const struct snapshot *s)
{
	int widest = 0;

	for (size_t i = 0; i < s->entries.count; i++) {
		int bytes = (int)strlen(flag(info, &s->entries.list[i]));

		if (bytes > widest)
			widest = bytes;
	}
	return widest ? widest + GAP : 0;
}

/* How many columns fit beside the flags, from the left; the name stays, if need be cut. */
static int count_fitting(const int widths[CELL_COUNT], int room)
{
	int count = 0;

	for (; count < CELL_COUNT; count++) {
		room -= widths[count] + (count ? GAP : 0);
		if (room < 0)
			break;
	}
	return count ? count : 1;
}

static enum colour cell_colour(const struct table_info *info, const struct rollcall_entry *e, enum cell cell)
{
	/* two beats of three may be lost: it is missed, but not yet gone */
	return cell == CELL_AGE && entry_age_ns(info, e) > info->settings->expiry_ns / 3 * 2 ? YELLOW : PLAIN;
}

static void put_cell(struct line *line, enum colour colour, int cell, int width, const char *text, int bytes)
{
	if (cell)
		put_gap(line, GAP);
	put(line, colour, columns[cell].width < 0 ? -width : width, text, bytes);
}

static void put_header(struct line *line, const int widths[CELL_COUNT], int shown)
{
	for (int c = 0; c < shown; c++)
		put_cell(line, BOLD, c, widths[c], columns[c].title, (int)strlen(columns[c].title));
}

static void put_entry(struct line *line, const struct table_info *info, const struct rollcall_entry *e,
		      const int widths[CELL_COUNT], int shown)
{
	const char *unusual = flag(info, e);
	struct cells *cells = &line->cells;

	cells_fill(cells, info, e);
	for (int c = 0; c < shown; c++)
		put_cell(line, cell_colour(info, e, c), c, widths[c], cells->text[c], cells->bytes[c]);
	if (!*unusual)
		return;
	put_gap(line, GAP);
	put(line, *unusual == 'c' ? RED : YELLOW, 0, unusual, (int)strlen(unusual));
}

void write_peers_text(FILE *out, const struct table_info *info, const struct snapshot *s, const struct text_style *style)
{
	int widths[CELL_COUNT], shown = CELL_COUNT;
	struct line line = {};

	for (int c = 0; c < CELL_COUNT; c++)
		widths[c] = columns[c].width < 0 ? -columns[c].width : columns[c].width;
	cells_measure(widths, info, s);
	if (style->columns)
		shown = count_fitting(widths, style->columns - measure_flags(info, s));
	if (style->header) {
		line_begin(&line, style);
		put_header(&line, widths, shown);
		line_end(&line, out);
	}
	for (size_t i = 0; i < s->entries.count; i++) {
		line_begin(&line, style);
		put_entry(&line, info, &s->entries.list[i], widths, shown);
		line_end(&line, out);
	}
}
