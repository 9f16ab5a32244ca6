// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Writes events as lines, as far as standard output has room. */
#include <errno.h>
#include <unistd.h>

#include "base/message.h"
#include "display.h"
#include "write.h"

static void display_event(const struct table_info *info, const struct event *event, void *context)
{
	struct display *d = context;

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
	d->is_open = true;
	return watcher_open(&d->watcher, dir, selection, start);
}

void display_wait_for(const struct display *d, struct pollfd fds[DISPLAY_SOURCES])
{
	bool full = outlet_is_full(&d->out);

	fds[DISPLAY_OUT] = outlet_wait_for(&d->out);
	fds[DISPLAY_TABLE] = (struct pollfd){ .fd = d->is_open && !full ? d->watcher.fd : -1, .events = POLLIN };
}

int display_turn(struct display *d)
{
	int err = 0;

	d->err = outlet_flush(&d->out);
	if (d->err || !d->is_open)
		return 0;
	err = watcher_turn(&d->watcher, display_event, d);
	d->err = outlet_flush(&d->out);
	return err;
}

void display_finish(struct display *d)
{
	if (d->is_open) {
		watcher_finish(&d->watcher, display_event, d);
		d->is_open = false;
	}
}

void display_close(struct display *d)
{
	if (d->is_open)
		watcher_close(&d->watcher);
	outlet_close(&d->out);
	*d = (struct display)DISPLAY_NONE;
}
