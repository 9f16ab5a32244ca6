// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Terminal or lines: decided once, by what standard output is. */
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cleanup.h"
#include "message.h"
#include "view.h"

static void show_present(struct view *v, const char *reason)
{
	struct snapshot s;

	if (snapshot_take(v->table, NULL, &s))
		return;
	snapshot_sort(&s);
	for (size_t i = 0; i < s.list.count; i++) {
		struct event event = {
			.event = "join", .reason = reason,
			.boot_ns = s.list.entries[i].peer.first_seen_ns, .entry = &s.list.entries[i],
		};

		view_event(v, &event);
	}
	snapshot_free(&s);
}

int view_open(struct view *v, const struct table *t, bool json)
{
	*v = (struct view){ .table = t, .timer = -1, .json = json };
	if (json || !isatty(STDOUT_FILENO)) {
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
	struct scene scene = { .settings = &v->table->settings, .slots = slots, .now = clock_now() };

	if (v->timer >= 0 || slots_read(v->table, slots))
		return; /* the next picture shows it */
	if (v->json)
		write_event_json(stdout, &scene, event);
	else
		write_event_text(stdout, &scene, event);
}

void view_resync(struct view *v)
{
	if (v->timer < 0) /* else the next picture shows it */
		show_present(v, "resync");
}

void view_redraw(struct view *v)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct scene scene = { .settings = &v->table->settings, .slots = slots };
	struct winsize size = {};
	struct snapshot s;

	clock_timer_ack(v->timer);
	clock_timer_set(v->timer, rollcall_now_ns() + NS_PER_S);
	if (slots_read(v->table, slots) || snapshot_take(v->table, NULL, &s))
		return;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	snapshot_sort(&s);
	scene.now = s.taken;
	if (v->lines && v->messages == message_count())
		printf("\033[%dA\r", v->lines); /* else what was said stays, and a new picture begins below */
	v->messages = message_count();
	v->lines = write_peers_live(stdout, &scene, &s, size.ws_row, size.ws_col);
	fputs("\033[J", stdout);
	fflush(stdout);
	snapshot_free(&s);
}

void view_close(struct view *v)
{
	cleanup_fd(&v->timer);
	v->timer = -1;
}
