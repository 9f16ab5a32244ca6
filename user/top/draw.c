// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Draws the summary, the page, the last message and the keys, from top to bottom. On a small terminal some are left
 * out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/hint.h"
#include "base/message.h"
#include "details.h"
#include "draw.h"
#include "keys.h"
#include "summary.h"

/* The line of each part; negative: it is left out. */
struct layout {
	int summary, header, page, page_height, message, keys;
};

static struct layout draw_layout(const struct top *t)
{
	int rows = t->screen.rows, last = rows - 1;
	bool has_message = messages_last(t->messages) != NULL;
	struct layout l = { .summary = rows == 1 && t->is_typing ? -1 : 0, .header = -1, .page = 1, .message = -1, .keys = -1 };

	if (rows >= 4 || t->is_typing)
		l.keys = last--;
	if (has_message && rows >= 3)
		l.message = last--;
	if (rows >= 5 && t->page == TOP_LIST)
		l.header = l.page++;
	l.page_height = last - l.page + 1;
	return l;
}

static void draw_lines(const struct top *t, const struct layout *l, const char *const *lines)
{
	for (int i = 0; i < l->page_height && lines[i]; i++)
		screen_put(&t->screen, l->page + i, 0, t->screen.columns, SCREEN_PLAIN, lines[i]);
}

/* Draw the reason why there are no rows. */
static void draw_hint(const struct top *t, const struct layout *l)
{
	char attach[MESSAGE_BYTES], attach_announcing[MESSAGE_BYTES];
	const char *const not_attached[] = { "The filter is not attached.", "To attach it:", attach, NULL };
	static const char *const no_match[] = { "No host matches.", NULL };
	const char *const empty[] = {
		"No announcement received yet.", "To announce another host, run there:", "  rollcall announce",
		"To announce this host also:",	 attach_announcing,			NULL,
	};

	snprintf(attach, sizeof(attach), "  rollcall attach IFACE%s", hint_pin_dir());
	snprintf(attach_announcing, sizeof(attach_announcing), "  rollcall attach IFACE --announce%s", hint_pin_dir());

	if (!t->watcher.open)
		draw_lines(t, l, not_attached);
	else if (*t->arrangement.filter || t->watcher.roster.selection.pattern_count)
		draw_lines(t, l, no_match);
	else
		draw_lines(t, l, empty);
}

static void draw_list(struct top *t, const struct layout *l)
{
	struct table_info info = top_info(t);
	struct list_input input = { &t->rows, &t->departures, &t->arrangement, &info };

	list_set_height(&t->list, &t->rows, l->page_height);
	top_look_up(t);
	info.now = clock_now(); /* read after the look-ups, so that no age is negative */
	if (l->page_height > 0)
		list_draw(&t->list, &t->screen, l->header, l->page, &input);
	if (!t->rows.shown.count)
		draw_hint(t, l);
}

static void draw_text(struct top *t, const struct layout *l)
{
	struct details_input input = { .name = t->host, .departures = &t->departures, .trails = &t->trails };
	struct table_info info;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (!out)
		return;
	top_look_up(t);
	info = top_info(t);
	input.info = &info;
	input.host = rows_find_host(&t->rows, t->host);
	if (t->page == TOP_DETAILS)
		details_write(out, &t->screen, &input);
	else
		keys_write(out, t);
	if (!fclose(out) && l->page_height > 0)
		pager_draw(&t->pager, &t->screen, l->page, l->page_height, text);
	free(text);
}

static void draw_message(const struct top *t, int row)
{
	const char *line = messages_last(t->messages);
	char text[512];

	if (!line || row < 0)
		return;
	snprintf(text, sizeof(text), "%s", line);
	text[strcspn(text, "\n")] = '\0';
	screen_put(&t->screen, row, 0, t->screen.columns, SCREEN_YELLOW, text);
}

void draw_all(struct top *t)
{
	struct layout l = draw_layout(t);

	screen_clear();
	if (t->page == TOP_LIST)
		draw_list(t, &l);
	else
		draw_text(t, &l);
	summary_draw(&t->screen, l.summary, &t->rows.tally, &t->ifstates, t->watcher.open);
	draw_message(t, l.message);
	keys_draw(t, l.keys);
	screen_show();
}
