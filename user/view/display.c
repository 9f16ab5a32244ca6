// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lines or the live view, and when there is room for more of it. */
#include <errno.h>
#include <unistd.h>

#include "base/message.h"
#include "display.h"

static bool is_live(const struct display *d)
{
	return d->view.timer >= 0;
}

static void display_event(const struct table_info *info, const struct event *event, void *context)
{
	struct display *d = context;

	if (is_live(d))
		return; /* the next picture has it */
	if (d->json)
		write_event_json(d->out.file, info, event);
	else
		write_event_text(d->out.file, info, event);
	if (d->also)
		d->also(info, event, d->context);
}

int display_open(struct display *d, const char *dir, const struct selection *selection, enum display_kind kind,
		 enum watcher_start start)
{
	int err = outlet_open(&d->out, STDOUT_FILENO);

	if (err)
		return fail(err, NULL, "cannot open standard output");
	d->json = kind == DISPLAY_JSON;
	err = kind == DISPLAY_LIVE ? view_open(&d->view) : 0;
	if (err)
		return err;
	d->is_open = true;
	return watcher_open(&d->watcher, dir, selection, start);
}

void display_wait_for(const struct display *d, struct pollfd fds[DISPLAY_SOURCES])
{
	bool full = outlet_is_full(&d->out);

	fds[DISPLAY_OUT] = outlet_wait_for(&d->out);
	/* a picture is drawn once a second, whatever happens meanwhile */
	fds[DISPLAY_TABLE] = (struct pollfd){ .fd = d->is_open && !full && !is_live(d) ? d->watcher.fd : -1, .events = POLLIN };
	fds[DISPLAY_PICTURE] = (struct pollfd){ .fd = full ? -1 : d->view.timer, .events = POLLIN };
}

static int display_look(struct display *d)
{
	uint64_t now_ns = rollcall_now_ns();
	int err;

	if (is_live(d) && now_ns < d->view.due_ns)
		return 0;
	err = watcher_turn(&d->watcher, display_event, d);
	if (err || !is_live(d))
		return err;
	if (d->watcher.open)
		view_draw(&d->view, &d->watcher.table, d->out.file, d->messages);
	view_set(&d->view, now_ns + NS_PER_S);
	return 0;
}

int display_turn(struct display *d)
{
	int err = 0;

	d->err = outlet_flush(&d->out);
	if (d->err || !d->is_open)
		return 0;
	err = display_look(d);
	d->err = outlet_flush(&d->out);
	return err;
}

void display_resize(struct display *d)
{
	view_set(&d->view, 0);
}

void display_finish(struct display *d)
{
	if (d->is_open && !is_live(d)) {
		watcher_finish(&d->watcher, display_event, d);
		d->is_open = false;
	}
	view_close(&d->view, d->out.file);
}

void display_close(struct display *d)
{
	if (d->is_open)
		watcher_close(&d->watcher);
	view_close(&d->view, NULL);
	outlet_close(&d->out);
	*d = (struct display)DISPLAY_NONE;
}
