// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Each page has its own keys. The prompt of the filter takes nearly all keys. */
#include <string.h>

#include "keys.h"

#define CONTROL(letter) ((letter) & 0x1f)

static void keys_open_page(struct top *t, enum top_page page)
{
	t->page = page;
	t->pager = (struct pager){};
	t->is_unread = true;
}

static void keys_show_details(struct top *t)
{
	const struct hosts *shown = &t->rows.shown;

	if (t->list.selected >= shown->count)
		return;
	memcpy(t->host, shown->list[t->list.selected].entries->key.hostname, sizeof(t->host));
	keys_open_page(t, TOP_DETAILS);
}

static void keys_set_order(struct top *t, enum order order)
{
	if (t->arrangement.order == order)
		t->arrangement.reverse = !t->arrangement.reverse;
	t->arrangement.order = order;
	t->reread_ns = t->tick_ns = 0; /* read the table again if the order requires it */
	top_arrange(t);
}

static void keys_move_order(struct top *t, int by)
{
	int order = t->arrangement.order == ORDER_NONE ? ORDER_HOSTNAME : (int)t->arrangement.order;

	keys_set_order(t, (enum order)((order + by + ORDER_NONE) % ORDER_NONE));
}

/* Switch between rows per host and rows per entry. */
static void keys_switch_kind(struct top *t)
{
	t->arrangement.kind = t->arrangement.kind == ROW_PER_HOST ? ROW_PER_ENTRY : ROW_PER_HOST;
	list_reset_widths(&t->list);
	t->has_changed = true;
	t->take_ns = 0;
}

static void keys_set_filter(struct top *t, size_t bytes)
{
	t->arrangement.filter[bytes] = '\0';
	t->list.selected = 0;
	list_reset_widths(&t->list);
	top_arrange(t);
}

/* Process keys that move in the list or in a text. Returns false for other keys. */
static bool keys_move(struct top *t, int key)
{
	bool is_list = t->page == TOP_LIST;
	long page = (long)(is_list ? t->list.height : t->pager.height), by;

	switch (key) {
	case SCREEN_KEY_UP: case 'k': by = -1; break;
	case SCREEN_KEY_DOWN: case 'j': by = 1; break;
	case SCREEN_KEY_PAGE_UP: case CONTROL('b'): by = -page; break;
	case SCREEN_KEY_PAGE_DOWN: case CONTROL('f'): case ' ': by = page; break;
	case SCREEN_KEY_HOME: case 'g': by = -INT32_MAX; break;
	case SCREEN_KEY_END: case 'G': by = INT32_MAX; break;
	default: return false;
	}
	if (is_list)
		list_move(&t->list, &t->rows, by);
	else
		pager_move(&t->pager, by);
	return true;
}

static void keys_take_typed(struct top *t, int key)
{
	size_t bytes = strlen(t->arrangement.filter);

	if (key == SCREEN_KEY_ENTER || key == SCREEN_KEY_ESCAPE)
		t->is_typing = false;
	if (key == SCREEN_KEY_ESCAPE || key == CONTROL('u')) {
		keys_set_filter(t, 0);
	} else if (key == SCREEN_KEY_BACKSPACE) {
		keys_set_filter(t, bytes ? bytes - 1 : 0);
	} else if (key > ' ' && key < 127 && bytes < FILTER_BYTES - 1) {
		t->arrangement.filter[bytes] = (char)key;
		keys_set_filter(t, bytes + 1);
	} else if (key >= SCREEN_KEY_UP) {
		keys_move(t, key);
	}
}

static void keys_take_list(struct top *t, int key)
{
	switch (key) {
	case '/': t->is_typing = true; break;
	case 'a': keys_switch_kind(t); break;
	case 'r': keys_set_order(t, t->arrangement.order); break;
	case '<': case SCREEN_KEY_LEFT: keys_move_order(t, -1); break;
	case '>': case SCREEN_KEY_RIGHT: keys_move_order(t, 1); break;
	case SCREEN_KEY_ENTER: keys_show_details(t); break;
	case SCREEN_KEY_ESCAPE: keys_set_filter(t, 0); break;
	default:
		if (key >= '1' && key < '1' + ORDER_NONE)
			keys_set_order(t, (enum order)(key - '1'));
	}
}

static void keys_take_text(struct top *t, int key)
{
	if (key == SCREEN_KEY_ENTER || key == SCREEN_KEY_ESCAPE || key == SCREEN_KEY_BACKSPACE || key == SCREEN_KEY_LEFT)
		keys_open_page(t, TOP_LIST);
}

void keys_take(struct top *t, int key)
{
	t->is_stale = true;
	if (key == CONTROL('l'))
		top_continue(t);
	else if (key == CONTROL('z') && t->is_of_loader)
		t->request = TOP_SUSPEND;
	else if (t->is_typing)
		keys_take_typed(t, key);
	else if (key == 'q')
		t->request = TOP_QUIT;
	else if (key == '?' || key == 'h')
		keys_open_page(t, t->page == TOP_HELP ? TOP_LIST : TOP_HELP);
	else if (keys_move(t, key))
		t->is_unread = true;
	else if (t->page == TOP_LIST)
		keys_take_list(t, key);
	else
		keys_take_text(t, key);
}

void keys_write(FILE *out, const struct top *t)
{
	fputs("Keys\n\n"
	      "Up Down j k    select a host\n"
	      "PgUp PgDn      move by a page\n"
	      "Home End g G   first, last host\n"
	      "Enter          details of the host\n"
	      "/              filter by name or address\n"
	      "Esc            remove the filter; back\n"
	      "< > 1-8        sort by another column\n"
	      "r              opposite order\n"
	      "a              entries, or hosts\n"
	      "Ctrl-L         draw the screen again\n"
	      "? h            this list\n", out);
	fprintf(out, "%s\n", t->is_of_loader ? "q Ctrl-C       stop: detach the filter" : "q              quit");
}

struct keys_line {
	const struct top *top;
	int row, column;
};

static void keys_put(struct keys_line *line, const char *key, const char *meaning)
{
	const struct screen *s = &line->top->screen;
	int columns = (int)(strlen(key) + 1 + strlen(meaning)), gap = line->column ? 2 : 0;

	if (line->column + gap + columns > s->columns)
		return;
	line->column += gap;
	line->column += screen_put(s, line->row, line->column, columns, SCREEN_REVERSE, key);
	line->column += 1 + screen_put(s, line->row, line->column + 1, columns, SCREEN_PLAIN, meaning);
}

static void keys_draw_prompt(const struct top *t, int row)
{
	const char *filter = t->arrangement.filter;
	int columns = t->screen.columns, room = columns - (int)sizeof("filter: "), bytes = (int)strlen(filter);
	int end = (int)sizeof("filter: ") - 1;

	if (bytes > room && room > 0) /* show the end, where text is typed */
		filter += bytes - room;
	screen_put(&t->screen, row, 0, columns, SCREEN_BOLD, "filter: ");
	end += screen_put(&t->screen, row, end, columns, SCREEN_PLAIN, filter);
	screen_set_cursor(row, end < columns ? end : columns - 1);
}

void keys_draw(const struct top *t, int row)
{
	static const char *const orders[] = { "hostname", "address", "interface", "age", "expires", "since", "received", "note" };
	struct keys_line line = { t, row, 0 };
	enum order order = t->arrangement.order == ORDER_NONE ? ORDER_HOSTNAME : t->arrangement.order;
	char text[96];

	screen_set_cursor(-1, -1);
	if (t->is_typing) {
		keys_draw_prompt(t, row);
		return;
	}
	if (t->page != TOP_LIST) {
		keys_put(&line, "Esc", "back");
		keys_put(&line, "q", t->is_of_loader ? "stop" : "quit");
		return;
	}
	keys_put(&line, "q", t->is_of_loader ? "stop" : "quit");
	snprintf(text, sizeof(text), "%s%s", *t->arrangement.filter ? "filter: " : "filter", t->arrangement.filter);
	keys_put(&line, "/", text);
	keys_put(&line, "?", "keys");
	snprintf(text, sizeof(text), "sort: %s%s", orders[order], t->arrangement.reverse ? ", reversed" : "");
	keys_put(&line, "<>", text);
	keys_put(&line, "Enter", "details");
	keys_put(&line, "a", t->arrangement.kind == ROW_PER_HOST ? "entries" : "hosts");
	keys_put(&line, "r", "reverse");
}
