// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A picture of the table, redrawn in place: it never takes more lines or columns than there are. */
#include <langinfo.h>
#include <stdarg.h>
#include <string.h>

#include "cells.h"

#define BAR_COLUMNS 12

/* How much of the expiry is used up: in eighths of a column, where the terminal can show them. */
static const char *bar(uint64_t age, uint64_t expiry, char text[BAR_COLUMNS * 3 + 1])
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	uint64_t filled = age >= expiry ? 8ULL * BAR_COLUMNS : age * 8 * BAR_COLUMNS / expiry;
	char *end = text;

	if (strcmp(nl_langinfo(CODESET), "UTF-8")) {
		memset(text, '#', filled / 8);
		text[filled / 8] = '\0';
		return text;
	}
	for (uint64_t full = 0; full < filled / 8; full++)
		end = stpcpy(end, "█");
	stpcpy(end, eighths[filled % 8]);
	return text;
}

/* One line, cut at the terminal's edge (bytes are columns but for the bar). */
static void live_line(FILE *out, int columns, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void live_line(FILE *out, int columns, const char *format, ...)
{
	char line[512];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(out, "%.*s\033[K\n", columns, line);
}

int write_peers_live(FILE *out, const struct table_info *info, const struct hosts *h, int rows, int columns)
{
	int w[CELL_COUNT] = {
		[CELL_HOSTNAME] = sizeof("HOSTNAME") - 1, [CELL_ADDRESS] = sizeof("ADDRESS") - 1,
		[CELL_INTERFACE] = sizeof("INTERFACE") - 1,
	};
	size_t shown = h->count, room = rows > 3 ? (size_t)rows - 2 : 1;
	bool bar_fits;

	if (shown > room)
		shown = room - 1;
	cells_measure(w, info, h);
	bar_fits = w[CELL_HOSTNAME] + 2 + w[CELL_ADDRESS] + 2 + w[CELL_INTERFACE] + 2 + 6 + 2 + 6 + 2 + BAR_COLUMNS < columns;
	live_line(out, columns, "%-*s  %-*s  %-*s  %6s  %6s  EXPIRES", w[CELL_HOSTNAME], "HOSTNAME", w[CELL_ADDRESS],
		  "ADDRESS", w[CELL_INTERFACE], "INTERFACE", "AGE", "SINCE");
	for (size_t i = 0; i < shown; i++) {
		const struct host *host = &h->list[i];
		char filled[BAR_COLUMNS * 3 + 1];
		struct cells cells = {};

		cells_fill(&cells, info, host);
		live_line(out, bar_fits ? (int)sizeof(filled) + columns : columns, "%-*s  %-*s  %-*s  %6s  %6s  %s",
			  w[CELL_HOSTNAME], cells.text[CELL_HOSTNAME], w[CELL_ADDRESS], cells.text[CELL_ADDRESS],
			  w[CELL_INTERFACE], cells.text[CELL_INTERFACE], cells.text[CELL_AGE], cells.text[CELL_SINCE],
			  bar_fits ? bar(info_since(info, host->last_seen_ns), info->settings->expiry_ns, filled) : "");
	}
	if (shown < h->count)
		live_line(out, columns, "... and %zu more: see 'rollcall peers'", h->count - shown);
	return (int)shown + 1 + (shown < h->count);
}
