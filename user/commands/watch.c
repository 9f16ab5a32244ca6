// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall watch: joins, moves and leaves as they happen, one line each, and a program run for each. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>

#include "base/cleanup.h"
#include "command.h"
#include "base/message.h"
#include "base/output.h"
#include "view/write.h"
#include "watch/runner.h"
#include "base/signals.h"
#include "watch/watcher.h"

struct watching {
	const struct options *options;
	struct watcher watcher;
	struct runner runner;
};

static void tell(const struct table_info *info, const struct event *event, void *context)
{
	struct watching *w = context;

	if (option_given(w->options, OPT_JSON))
		write_event_json(stdout, info, event);
	else
		write_event_text(stdout, info, event);
	if (w->options->exec)
		runner_add(&w->runner, info, event);
}

static int follow(struct watching *w, int signal_fd)
{
	enum { SIGNALS, READER, TABLE, PROGRAM, LATE, SOURCES };
	struct pollfd fds[SOURCES] = {
		[SIGNALS] = { .fd = signal_fd, .events = POLLIN },
		[READER] = { .fd = STDOUT_FILENO }, /* POLLERR comes unasked */
		[TABLE] = { .fd = w->watcher.fd, .events = POLLIN },
		[PROGRAM] = { .events = POLLIN },
		[LATE] = { .fd = w->runner.timer, .events = POLLIN },
	};

	for (;;) {
		int err = watcher_turn(&w->watcher, tell, w);

		if (err)
			return err;
		if (w->options->exec)
			runner_turn(&w->runner);
		fds[PROGRAM].fd = w->runner.pidfd;
		if (ferror(stdout))
			return 0; /* main() tells why, unless the reader is gone */
		if (poll(fds, SOURCES, -1) < 0 && errno != EINTR)
			return fail(-errno, NULL, "cannot wait for events");
		if (fds[SIGNALS].revents || fds[READER].revents)
			return 0;
	}
}

int command_watch(const struct options *o)
{
	struct watching w = { .options = o, .runner = RUNNER_NONE };
	struct selection selection = {
		.glob = o->arg_count ? o->args[0] : NULL,
		.family = options_family(o),
	};
	owned_fd signal_fd = -1;
	int err;

	if (option_given(o, OPT_EXEC_TIMEOUT) && !o->exec)
		return usage_error("watch", "--exec-timeout is of no use without --exec");
	signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, SIGHUP, 0 });
	if (signal_fd < 0)
		return signal_fd;
	setvbuf(stdout, NULL, _IOLBF, 0);
	err = watcher_open(&w.watcher, o->pin_dir, &selection, WATCHER_NEEDS_TABLE);
	if (!err && o->exec)
		err = runner_open(&w.runner, o->exec, o->exec_timeout_ns);
	if (!err)
		err = follow(&w, signal_fd);
	if (signals_reader_is_gone())
		output_drop_stdout(); /* what it did not want is no failure */
	runner_close(&w.runner);
	watcher_close(&w.watcher);
	return err;
}
