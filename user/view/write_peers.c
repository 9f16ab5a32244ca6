// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The table as people read it: aligned columns, one line an entry, and behind them what is
 * unusual about it. On a terminal what does not fit is left out rather than wrapped; elsewhere
 * nothing is, because a script reads it.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"

#define GAP 2 /* columns between two others */

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
	FILE *out;
	bool colour;
	int room; /* columns that are left */
};

static struct line line_begin(FILE *out, const struct text_style *style)
{
	return (struct line){ out, style->colour, style->columns ? style->columns : INT_MAX };
}

/* Returns how many of COUNT columns are left, and takes them. */
static int line_take(struct line *line, int count)
{
	int taken = count < line->room ? count : line->room;

	line->room -= taken;
	return taken;
}

/* TEXT behind GAP columns, at the right of WIDTH columns, or at the left if WIDTH is below zero. */
static void line_put(struct line *line, enum colour colour, int gap, int width, const char *text)
{
	bool coloured = line->colour && colour != PLAIN;
	int bytes = (int)strlen(text), shown;

	gap = line_take(line, gap);
	shown = line_take(line, abs(width) > bytes ? abs(width) : bytes);
	fprintf(line->out, "%*s%s%*.*s%s", gap, "", coloured ? colours[colour] : "", width < 0 ? -shown : shown, shown, text,
		coloured ? "\033[m" : "");
}

/* Columns that the widest note takes with its gap: usually none. */
static int measure_notes(const struct table_info *info, const struct snapshot *s)
{
	int widest = 0;

	for (size_t i = 0; i < s->entries.count; i++) {
		const char *note = entry_note(info, &s->entries.list[i]);
		int bytes = note ? (int)strlen(note) : 0;

		if (bytes > widest)
			widest = bytes;
	}
	return widest ? widest + GAP : 0;
}

/* How many columns fit beside the notes, from the left; the name stays, if need be cut. */
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

static void line_put_cell(struct line *line, enum colour colour, int cell, int width, const char *text)
{
	line_put(line, colour, cell ? GAP : 0, columns[cell].width < 0 ? -width : width, text);
}

static void write_header(struct line line, const int widths[CELL_COUNT], int shown)
{
	for (int c = 0; c < shown; c++)
		line_put_cell(&line, BOLD, c, widths[c], columns[c].title);
	fputc('\n', line.out);
}

static void write_entry(struct line line, const struct table_info *info, const struct rollcall_entry *e,
			const int widths[CELL_COUNT], int shown)
{
	const char *note = entry_note(info, e);
	struct cells cells = {};

	cells_fill(&cells, info, e);
	for (int c = 0; c < shown; c++)
		line_put_cell(&line, cell_colour(info, e, c), c, widths[c], cells.text[c]);
	if (note)
		line_put(&line, *note == 'c' ? RED : YELLOW, GAP, 0, note);
	fputc('\n', line.out);
}

void write_peers_text(FILE *out, const struct table_info *info, const struct snapshot *s, const struct text_style *style)
{
	int widths[CELL_COUNT], shown = CELL_COUNT;

	for (int c = 0; c < CELL_COUNT; c++)
		widths[c] = columns[c].width < 0 ? -columns[c].width : columns[c].width;
	cells_measure(widths, info, s);
	if (style->columns)
		shown = count_fitting(widths, style->columns - measure_notes(info, s));
	if (style->header)
		write_header(line_begin(out, style), widths, shown);
	for (size_t i = 0; i < s->entries.count; i++)
		write_entry(line_begin(out, style), info, &s->entries.list[i], widths, shown);
}
