// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Decides when to read the table, when to make rows, and when to draw the screen. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "draw.h"
#include "keys.h"
#include "terminfo.h"
#include "top.h"

#define TICK_NS NS_PER_S
/* The least time between two copies of the rows: MIN_REST_NS, or REST times the time that a copy took. */
#define MIN_REST_NS (100 * NS_PER_MS)
#define REST	    3
/* Reading the table only to sort it again costs at most 1/200 of a CPU. */
#define REREAD_REST 200

bool top_has_terminal(void)
{
	return isatty(STDOUT_FILENO) && isatty(STDIN_FILENO);
}

const char *top_refusal(void)
{
	if (!isatty(STDOUT_FILENO))
		return "standard output is not a terminal";
	if (!isatty(STDIN_FILENO))
		return "standard input is not a terminal";
	return terminfo_refusal();
}

int top_open(struct top *t, const struct top_config *config)
{
	int err;

	*t = (struct top)TOP_NONE;
	t->arrangement = config->arrangement;
	t->messages = config->messages;
	t->is_of_loader = config->start == WATCHER_OF_LOADER;
	err = watcher_open(&t->watcher, config->dir, config->selection, config->start);
	if (err)
		return err;
	t->timer = clock_timer();
	if (t->timer < 0)
		return fail(t->timer, NULL, "cannot make a timer");
	return screen_open(&t->screen, t->is_of_loader);
}

struct table_info top_info(const struct top *t)
{
	return (struct table_info){ &t->watcher.table.settings, t->watcher.names, clock_now() };
}

static void top_event(__attribute__((unused)) const struct table_info *info, const struct event *event, void *context)
{
	struct top *t = context;

	if (!strcmp(event->event, "leave"))
		departures_add(&t->departures, event);
	t->has_changed = true;
}

void top_arrange(struct top *t)
{
	struct table_info info = top_info(t);

	rows_arrange(&t->rows, &t->arrangement, &info); /* a failure is reported, and there are no rows */
	list_follow(&t->list, &t->rows);
	t->is_unread = t->is_stale = true;
}

static void top_take(struct top *t, uint64_t now_ns)
{
	struct table_info info = top_info(t);
	uint64_t end_ns;

	departures_settle(&t->departures, &t->watcher.roster, now_ns);
	t->forget_ns = departures_due_ns(&t->departures);
	rows_take(&t->rows, &t->watcher.roster, &t->departures, t->arrangement.kind, &info.now);
	top_arrange(t);
	rows_count(&t->rows, &t->departures, &info);
	t->has_changed = false;
	t->looks = t->watcher.looks;
	end_ns = rollcall_now_ns();
	t->take_ns = end_ns + (REST * (end_ns - now_ns) > MIN_REST_NS ? REST * (end_ns - now_ns) : MIN_REST_NS);
}

/*
 * Look up an entry of the rows. It is not found if it was removed, or if its interface was recreated, which changes its
 * key.
 */
static void top_look_up_entry(struct top *t, struct rollcall_entry *entry, uint64_t now_ns)
{
	struct rollcall_entry found = { .key = entry->key };
	bool is_there;

	if (t->departures.count && departures_find(&t->departures, &entry->key))
		return;
	is_there = !rollcall_lookup(&t->watcher.table, &found);
	if (is_there)
		entry->peer = found.peer;
	if (!is_there)
		t->has_changed = true;
	if (!is_there || !rollcall_is_live(&t->watcher.table.settings, &found.peer, now_ns))
		watcher_hint(&t->watcher); /* the watcher decides whether the entry has left */
	trails_sample(&t->trails, entry, now_ns);
}

static void top_look_up_row(struct top *t, struct host *row, uint64_t now_ns)
{
	size_t first = (size_t)(row->entries - t->rows.all.entries.list);

	for (size_t i = 0; i < row->count; i++)
		top_look_up_entry(t, &t->rows.all.entries.list[first + i], now_ns);
	row_sum_up(row);
}

void top_look_up(struct top *t)
{
	uint64_t now_ns = rollcall_now_ns();
	struct host *rows, one;
	size_t count;

	if (!t->watcher.open || !t->is_unread)
		return;
	t->is_unread = false;
	if (t->page == TOP_DETAILS) {
		one = rows_find_host(&t->rows, t->host);
		rows = &one;
		count = one.count ? 1 : 0;
	} else {
		rows = list_visible(&t->list, &t->rows, &count);
	}
	for (size_t i = 0; i < count; i++)
		top_look_up_row(t, &rows[i], now_ns);
}

/* Do announcements change the order of the rows? */
static bool top_order_is_volatile(const struct top *t)
{
	enum order order = t->arrangement.order;

	return order == ORDER_AGE || order == ORDER_EXPIRES || order == ORDER_RECEIVED;
}

static void top_tick(struct top *t, uint64_t now_ns)
{
	struct table_info info = top_info(t);

	t->tick_ns = now_ns + TICK_NS;
	t->is_unread = true;
	ifstates_update(&t->ifstates, &t->watcher, now_ns);
	if (now_ns >= t->forget_ns)
		t->has_changed = true;
	if (now_ns >= t->rows.tally.due_ns) {
		rows_count(&t->rows, &t->departures, &info);
		if (t->arrangement.order == ORDER_NOTE)
			top_arrange(t);
	}
	if (top_order_is_volatile(t) && now_ns >= t->reread_ns)
		watcher_hint(&t->watcher);
	t->is_stale = true;
}

/* Returns 0 or -errno, reported. */
static int top_watch(struct top *t)
{
	uint64_t begin_ns = rollcall_now_ns(), end_ns, cost_ns;
	int err = watcher_turn(&t->watcher, top_event, t);

	if (err)
		return err;
	end_ns = rollcall_now_ns();
	if (t->watcher.looks != t->looks && top_order_is_volatile(t))
		t->has_changed = true;
	if (t->has_changed && end_ns >= t->take_ns) {
		top_take(t, end_ns);
		end_ns = rollcall_now_ns();
		cost_ns = REREAD_REST * (end_ns - begin_ns);
		t->reread_ns = end_ns + (cost_ns > TICK_NS ? cost_ns : 0);
	}
	return 0;
}

static void top_resume(struct top *t)
{
	screen_resume(&t->screen);
	list_reset_widths(&t->list);
	t->tick_ns = 0;
}

static void top_read_keys(struct top *t)
{
	int key;

	while (t->request == TOP_GO_ON && (key = screen_key()) != SCREEN_KEY_NONE)
		keys_take(t, key);
}

static bool top_terminal_is_gone(void)
{
	struct pollfd in = { .fd = STDIN_FILENO };

	return poll(&in, 1, 0) > 0 && in.revents & (POLLHUP | POLLERR | POLLNVAL);
}

int top_turn(struct top *t)
{
	uint64_t now_ns = rollcall_now_ns();
	int err;

	if (top_terminal_is_gone())
		return -EIO;
	clock_timer_ack(t->timer);
	if (!screen_is_ours())
		t->screen.is_away = true;
	else if (t->screen.is_away)
		top_resume(t);
	t->request = TOP_GO_ON;
	if (!t->screen.is_away)
		top_read_keys(t);
	err = top_watch(t);
	if (err)
		return err;
	if (now_ns >= t->tick_ns)
		top_tick(t, now_ns);
	if (t->messages->count != t->messages_drawn)
		t->is_stale = true;
	if (t->is_stale && !t->screen.is_away && t->request == TOP_GO_ON && screen_has_room()) {
		draw_all(t);
		t->messages_drawn = t->messages->count;
		t->is_stale = false;
	}
	if (t->screen.is_away && screen_is_ours())
		t->tick_ns = 1; /* Ctrl-L or SIGCONT: take the terminal again in the next turn, at once */
	clock_timer_set(t->timer, t->has_changed && t->take_ns < t->tick_ns ? t->take_ns : t->tick_ns);
	return 0;
}

void top_wait_for(const struct top *t, struct pollfd fds[TOP_SOURCES])
{
	bool away = t->screen.is_away;

	fds[TOP_KEYS] = (struct pollfd){ .fd = away ? -1 : STDIN_FILENO, .events = POLLIN };
	fds[TOP_TABLE] = (struct pollfd){ .fd = t->watcher.fd, .events = POLLIN };
	fds[TOP_TIME] = (struct pollfd){ .fd = t->timer, .events = POLLIN };
	fds[TOP_ROOM] = (struct pollfd){ .fd = t->is_stale && !away ? STDOUT_FILENO : -1, .events = POLLOUT };
}

void top_resize(struct top *t)
{
	screen_resize(&t->screen);
	list_reset_widths(&t->list);
	t->is_stale = true;
}

void top_suspend(struct top *t)
{
	screen_suspend(&t->screen);
}

void top_continue(struct top *t)
{
	t->screen.is_away = true;
}

void top_close(struct top *t)
{
	screen_close(&t->screen);
	if (t->watcher.dir)
		watcher_close(&t->watcher);
	cleanup_fd(&t->timer);
	departures_free(&t->departures);
	rows_free(&t->rows);
	trails_free(&t->trails);
	*t = (struct top)TOP_NONE;
}
