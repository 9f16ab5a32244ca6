// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* --follow: write a file again when an entry has changed. */
#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/signals.h"
#include "command.h"
#include "watch/watcher.h"

#define PAUSE_NS NS_PER_S /* least time between two writes of the file */

struct following {
	struct watcher watcher;
	bool changed;
	bool was_open;
};

static void on_event(__attribute__((unused)) const struct table_info *info, __attribute__((unused)) const struct event *event,
		     void *context)
{
	struct following *f = context;

	f->changed = true;
}

/* Returns 0 after a signal, or -errno, reported. */
static int run(struct following *f, const struct options *o, follow_write write, void *context)
{
	enum { SIGNALS, TABLE, PAUSE, SOURCES };
	owned_fd timer = clock_timer();
	owned_fd signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, SIGHUP, 0 });
	struct pollfd fds[SOURCES] = {
		[SIGNALS] = { .fd = signal_fd, .events = POLLIN },
		[TABLE] = { .fd = f->watcher.fd, .events = POLLIN },
		[PAUSE] = { .fd = timer, .events = POLLIN },
	};
	bool pausing = false;

	if (signal_fd < 0)
		return signal_fd;
	if (timer < 0)
		return fail(timer, NULL, "cannot make a timer");
	f->changed = true;
	for (;;) {
		int err = watcher_turn(&f->watcher, on_event, f);

		f->changed |= f->watcher.open != f->was_open;
		f->was_open = f->watcher.open;
		if (!err && f->changed && !pausing) {
			err = write(o, f->watcher.open ? &f->watcher.table : NULL, context);
			f->changed = false;
			pausing = true;
			clock_timer_set_in(timer, PAUSE_NS);
		}
		if (err)
			return err;
		if (poll(fds, SOURCES, -1) < 0 && errno != EINTR)
			return fail(-errno, NULL, "cannot wait for events");
		if (fds[SIGNALS].revents)
			return 0;
		if (fds[PAUSE].revents) {
			clock_timer_ack(timer);
			pausing = false;
		}
	}
}

int command_follow(const struct options *o, follow_write write, void *context)
{
	struct selection selection = {
		.patterns = o->words.args, .pattern_count = o->words.arg_count, .family = options_family(o), .ifname = o->ifname,
	};
	struct following f = {};
	int err = watcher_open(&f.watcher, o->pin_dir, &selection, WATCHER_REPORTS_TABLE);

	if (!err)
		err = run(&f, o, write, context);
	watcher_close(&f.watcher);
	return err;
}
