// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Draws the list. Only visible rows are formatted. */
#include <string.h>

#include "base/text.h"
#include "list.h"

#define BAR_COLUMNS 10

/* Scroll so that the selected row is visible, and no line is empty while there are rows above. */
static void list_scroll(struct list *l, const struct rows *rows)
{
	size_t count = rows->shown.count, height = l->height ? l->height : 1;

	if (l->selected < l->first)
		l->first = l->selected;
	if (l->selected >= l->first + height)
		l->first = l->selected - height + 1;
	if (l->first + height > count)
		l->first = count > height ? count - height : 0;
}

void list_set_height(struct list *l, const struct rows *rows, int height)
{
	l->height = height > 0 ? (size_t)height : 1;
	list_scroll(l, rows);
}

void list_move(struct list *l, const struct rows *rows, long by)
{
	size_t count = rows->shown.count;

	if (!count)
		return;
	if (by < 0)
		l->selected -= (size_t)-by < l->selected ? (size_t)-by : l->selected;
	else
		l->selected += (size_t)by < count - 1 - l->selected ? (size_t)by : count - 1 - l->selected;
	l->is_held = l->selected > 0;
	l->key = rows->shown.list[l->selected].entries->key;
	list_scroll(l, rows);
}

static bool list_key_is_of(const struct list *l, const struct host *row, bool exactly)
{
	const struct rollcall_peer_key *key = &row->entries->key;

	return exactly ? !memcmp(key, &l->key, sizeof(*key)) : !strcmp(key->hostname, l->key.hostname);
}

/* The row of the held entry, else the first row of its host, else -1. */
static long list_find(const struct list *l, const struct rows *rows)
{
	for (int exactly = 1; exactly >= 0; exactly--)
		for (size_t i = 0; i < rows->shown.count; i++)
			if (list_key_is_of(l, &rows->shown.list[i], exactly))
				return (long)i;
	return -1;
}

void list_follow(struct list *l, const struct rows *rows)
{
	long found = l->is_held ? list_find(l, rows) : -1;

	if (found >= 0)
		l->selected = (size_t)found;
	else if (l->selected >= rows->shown.count)
		l->selected = rows->shown.count ? rows->shown.count - 1 : 0;
	list_scroll(l, rows);
}

void list_reset_widths(struct list *l)
{
	memset(l->widths, 0, sizeof(l->widths));
}

struct host *list_visible(const struct list *l, const struct rows *rows, size_t *count)
{
	size_t left = rows->shown.count > l->first ? rows->shown.count - l->first : 0;

	*count = left < l->height ? left : l->height;
	return left ? rows->shown.list + l->first : NULL;
}

static const struct departure *list_departure(const struct list_input *input, const struct host *row)
{
	return input->departures->count ? departures_find(input->departures, &row->entries->key) : NULL;
}

/* The cells are those of `peers`. For a host that left, EXPIRES and SINCE are empty, and NOTE has the reason. */
static void list_fill_cells(struct cells *cells, const struct list_input *input, const struct host *row)
{
	const struct departure *departure = list_departure(input, row);

	cells_fill(cells, input->info, row);
	if (!departure)
		return;
	*cells->text[CELL_EXPIRES] = *cells->text[CELL_SINCE] = '\0';
	snprintf(cells->text[CELL_NOTE], CELL_TEXT, "left: %s", departure->reason);
}

/* Enlarge the widths. Returns whether there is, or was, a row with a note. */
static bool list_measure(struct list *l, const struct list_input *input, const struct host *rows, size_t count)
{
	struct cells cells = {};
	bool has_notes = false;

	for (int c = 0; c < CELL_COUNT; c++)
		if (l->widths[c] < column_least_width(c))
			l->widths[c] = column_least_width(c);
	for (size_t i = 0; i < count; i++) {
		list_fill_cells(&cells, input, &rows[i]);
		for (int c = 0; c < CELL_COUNT; c++)
			if ((int)strlen(cells.text[c]) > l->widths[c])
				l->widths[c] = (int)strlen(cells.text[c]);
		has_notes = has_notes || *cells.text[CELL_NOTE];
	}
	return has_notes || l->widths[CELL_NOTE] > column_least_width(CELL_NOTE);
}

/* Make a bar of the time until the expiry, in eighths of a column if the terminal can show them. */
static const char *list_bar(const struct screen *s, uint64_t left, uint64_t expiry, char text[BAR_COLUMNS * 3 + 1])
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	uint64_t filled = left >= expiry ? 8ULL * BAR_COLUMNS : left * 8 * BAR_COLUMNS / expiry;
	char *end = text;

	if (!s->is_utf8) {
		memset(text, '#', filled / 8);
		text[filled / 8] = '\0';
		return text;
	}
	for (uint64_t full = 0; full < filled / 8; full++)
		end = stpcpy(end, "█");
	stpcpy(end, eighths[filled % 8]);
	return text;
}

/* A line that is being drawn. */
struct list_line {
	const struct screen *screen;
	int row, column;
	unsigned int shown;
	int widths[CELL_COUNT]; /* those of the list, of which HOSTNAME may be reduced */
	bool has_bar;
	int style; /* of the whole line; SCREEN_PLAIN: each cell has its own */
};

static void list_put(struct list_line *line, int cell, int width, int style, const char *text)
{
	int bytes = (int)strlen(text), indent = column_is_left_aligned(cell) || width < bytes ? 0 : width - bytes;

	if (line->column)
		line->column += COLUMN_GAP;
	screen_put(line->screen, line->row, line->column + indent, bytes, line->style ? line->style : style, text);
	line->column += width > bytes ? width : bytes;
}

static void list_put_bar(struct list_line *line, const char *text)
{
	screen_put(line->screen, line->row, line->column + 1, BAR_COLUMNS, line->style, text);
	line->column += 1 + BAR_COLUMNS;
}

static int list_cell_style(const struct list_input *input, const struct host *row, int cell, const char *text)
{
	/* with the default interval and expiry at least one announcement was lost */
	if (cell == CELL_AGE && info_since(input->info, row->last_seen_ns) > input->info->settings->expiry_ns / 3 * 2)
		return SCREEN_YELLOW;
	if (cell == CELL_NOTE)
		return !strncmp(text, "conflict", strlen("conflict")) ? SCREEN_RED : !strcmp(text, "sealed") ? SCREEN_PLAIN : SCREEN_YELLOW;
	return SCREEN_PLAIN;
}

static void list_draw_row(struct list_line line, const struct list_input *input, const struct host *row)
{
	uint64_t age_ns = info_since(input->info, row->last_seen_ns), expiry_ns = input->info->settings->expiry_ns;
	bool left = list_departure(input, row) != NULL;
	char bar[BAR_COLUMNS * 3 + 1];
	struct cells cells = {};

	list_fill_cells(&cells, input, row);
	text_shorten(cells.text[CELL_HOSTNAME], line.widths[CELL_HOSTNAME]);
	line.style |= left ? SCREEN_DIM : 0;
	if (line.style & SCREEN_REVERSE) /* reverse the gaps and the end of the line too */
		for (int column = 0; column < line.screen->columns; column++)
			screen_put(line.screen, line.row, column, 1, line.style, " ");
	for (int c = 0; c < CELL_COUNT; c++) {
		if (!column_is_shown(line.shown, c))
			continue;
		list_put(&line, c, line.widths[c], list_cell_style(input, row, c, cells.text[c]), cells.text[c]);
		if (c == CELL_EXPIRES && line.has_bar)
			list_put_bar(&line, left || age_ns > expiry_ns ? "" : list_bar(line.screen, expiry_ns - age_ns, expiry_ns, bar));
	}
}

/* Draw the header. The title of the column that the rows are sorted by is in reverse video. */
static void list_draw_header(struct list_line line, enum order order)
{
	for (int c = 0; c < CELL_COUNT; c++) {
		if (!column_is_shown(line.shown, c))
			continue;
		line.style = SCREEN_BOLD | (c == (int)order ? SCREEN_REVERSE : 0);
		list_put(&line, c, line.widths[c], SCREEN_BOLD, column_title(c));
		if (c == CELL_EXPIRES && line.has_bar)
			list_put_bar(&line, "");
	}
}

/* If there is no room, RECEIVED is left out first, then the bar, then other columns. */
static void list_fit(struct list_line *line, const struct list *l, bool has_notes)
{
	const unsigned int spared = 1U << CELL_RECEIVED | (has_notes ? 0 : 1U << CELL_NOTE);
	int columns = line->screen->columns;

	memcpy(line->widths, l->widths, sizeof(line->widths));
	line->shown = columns_fitting(line->widths, has_notes, columns - 1 - BAR_COLUMNS);
	line->has_bar = (line->shown | spared) == COLUMNS_ALL;
	if (line->has_bar)
		return;
	memcpy(line->widths, l->widths, sizeof(line->widths));
	line->shown = columns_fitting(line->widths, has_notes, columns);
}

void list_draw(struct list *l, const struct screen *s, int header, int top, const struct list_input *input)
{
	struct list_line line = { .screen = s, .row = header };
	const struct host *rows;
	bool has_notes;
	size_t count;

	rows = list_visible(l, input->rows, &count);
	has_notes = list_measure(l, input, rows, count);
	list_fit(&line, l, has_notes);
	list_draw_header(line, input->arrangement->order == ORDER_NONE ? ORDER_HOSTNAME : input->arrangement->order);
	for (size_t i = 0; i < count; i++) {
		line.row = top + (int)i;
		line.style = l->first + i == l->selected ? SCREEN_REVERSE : SCREEN_PLAIN;
		list_draw_row(line, input, &rows[i]);
	}
}
