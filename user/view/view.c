// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Terminal or lines: decided once, by what standard output is. */
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "order.h"
#include "terminal.h"
#include "view.h"
#include "watch/reader.h"

static void show_present(struct view *v, const char *reason)
{
	struct snapshot s;

	if (snapshot_take(v->table, NULL, &s))
		return;
	order_apply(ORDER_NAME, &s, NULL);
	for (size_t i = 0; i < s.entries.count; i++) {
		struct event event = {
			.event = "join", .reason = reason,
			.boot_ns = s.entries.list[i].peer.first_seen_ns, .entry = &s.entries.list[i],
		};

		view_event(v, &event);
	}
	snapshot_free(&s);
}

int view_open(struct view *v, const struct rollcall_table *t, bool json)
{
	*v = (struct view){ .table = t, .timer = -1, .json = json };
	if (json || !terminal_is_there()) {
		setvbuf(stdout, NULL, _IOLBF, 0);
		show_present(v, "present");
		return 0;
	}
	v->timer = clock_timer();
	if (v->timer < 0)
		return fail(v->timer, NULL, "cannot make a timer");
	view_redraw(v);
	return 0;
}

void view_event(struct view *v, const struct event *event)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct table_info info = { .settings = &v->table->settings, .slots = slots, .now = clock_now() };

	if (v->timer >= 0 || reader_slots(v->table, slots))
		return; /* the next picture shows it */
	if (v->json)
		write_event_json(stdout, &info, event);
	else
		write_event_text(stdout, &info, event);
}

void view_resync(struct view *v)
{
	if (v->timer < 0) /* else the next picture shows it */
		show_present(v, "resync");
}

void view_redraw(struct view *v)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct table_info info = { .settings = &v->table->settings, .slots = slots };
	struct winsize size = terminal_size();
	struct snapshot s;

	clock_timer_ack(v->timer);
	clock_timer_set(v->timer, rollcall_now_ns() + NS_PER_S);
	if (reader_slots(v->table, slots) || snapshot_take(v->table, NULL, &s))
		return;
	order_apply(ORDER_NAME, &s, NULL);
	info.now = s.taken;
	if (v->lines && (size.ws_col != v->size.ws_col || size.ws_row != v->size.ws_row))
		fputs("\033[H\033[J", stdout); /* the terminal has wrapped the last picture, or scrolled it, in its own way */
	else if (v->lines && v->messages == message_count())
		printf("\033[%dA\r", v->lines); /* else what was said stays, and a new picture begins below */
	v->messages = message_count();
	v->size = size;
	v->lines = write_peers_live(stdout, &info, &s, size.ws_row, size.ws_col);
	fputs("\033[J", stdout);
	fflush(stdout);
	snapshot_free(&s);
}

void view_close(struct view *v)
{
	if (v->timer >= 0) {
		fputs("\r\033[K", stdout); /* the ^C that the terminal may have echoed */
		fflush(stdout);
	}
	cleanup_fd(&v->timer);
	v->timer = -1;
}
