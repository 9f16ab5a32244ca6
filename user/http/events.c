// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The entries that a table has when it is opened are no events: clients read them by another request. */
#include <string.h>

#include "base/message.h"
#include "events.h"

#define RETRY_NS (5 * NS_PER_S)

static void events_take(const struct table_info *info, const struct event *event, void *context)
{
	struct events *e = context;

	if (strcmp(event->reason, "present") != 0)
		ring_add(&e->ring, info, event);
}

static int open_watcher(struct events *e)
{
	int err = watcher_open(&e->watcher, e->dir, &e->selection, WATCHER_AWAITS_TABLE);

	e->is_open = !err;
	if (err)
		watcher_close(&e->watcher);
	return err;
}

int events_open(struct events *e, const char *dir)
{
	*e = (struct events){ .dir = dir };
	ring_open(&e->ring);
	return open_watcher(e);
}

int events_fd(const struct events *e)
{
	return e->is_open ? e->watcher.fd : -1;
}

void events_turn(struct events *e)
{
	int err;

	if (!e->is_open && rollcall_now_ns() < e->retry_ns)
		return;
	message_expect_failure(e->failed);
	err = e->is_open ? 0 : open_watcher(e);
	if (!err)
		err = watcher_turn(&e->watcher, events_take, e);
	message_expect_failure(false);
	if (err) {
		if (e->is_open)
			watcher_close(&e->watcher);
		e->is_open = false;
		e->failed = true;
		e->retry_ns = rollcall_now_ns() + RETRY_NS;
		return;
	}
	e->failed = e->failed && !e->watcher.begun;
	/* then a table that is created later is reported by a resync, as if there had been one before */
	if (!e->watcher.begun)
		e->watcher.lost = true;
}

void events_close(struct events *e)
{
	if (e->is_open)
		watcher_close(&e->watcher);
	ring_close(&e->ring);
}
