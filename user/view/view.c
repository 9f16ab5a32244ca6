// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Where a picture begins: over the last one, or below what came in between. */
#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "hosts.h"
#include "view.h"
#include "watch/reader.h"

int view_open(struct view *v)
{
	*v = (struct view){ .timer = clock_timer() };
	return v->timer < 0 ? fail(v->timer, NULL, "cannot make a timer") : 0;
}

void view_set(struct view *v, uint64_t boot_ns)
{
	clock_timer_ack(v->timer);
	clock_timer_set(v->timer, boot_ns ? boot_ns : 1);
	v->due_ns = boot_ns;
}

void view_draw(struct view *v, const struct rollcall_table *t, FILE *out, unsigned int messages)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct table_info info = { .settings = &t->settings, .slots = slots };
	struct winsize size = terminal_size();
	struct snapshot s;
	struct hosts h;

	if (reader_slots(t, slots) || snapshot_take(t, NULL, &s))
		return;
	if (hosts_group(&h, &s, ROW_PER_HOST)) {
		snapshot_free(&s);
		return;
	}
	info.now = s.taken;
	if (v->lines && (size.ws_col != v->size.ws_col || size.ws_row != v->size.ws_row))
		fputs("\033[H\033[J", out); /* the terminal has wrapped the last picture, or scrolled it, in its own way */
	else if (v->lines && v->messages == messages)
		fprintf(out, "\033[%dA\r", v->lines); /* else the messages stay, and a new picture begins below */
	v->messages = messages;
	v->size = size;
	v->lines = write_peers_live(out, &info, &h, size.ws_row, size.ws_col);
	fputs("\033[J", out);
	hosts_free(&h);
	snapshot_free(&s);
}

void view_close(struct view *v, FILE *out)
{
	if (v->lines && out)
		fputs("\r\033[K", out); /* the ^C that the terminal may have echoed */
	cleanup_fd(&v->timer);
	*v = (struct view)VIEW_NONE;
}
