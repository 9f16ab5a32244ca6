// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall watch: report joins, moves, conflicts and leaves as they happen, and run a program for each. */
#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "base/nowait.h"
#include "base/signals.h"
#include "command.h"
#include "view/display.h"
#include "watch/runner.h"

struct watching {
	const struct options *options;
	struct display display;
	struct runner runner;
	bool reader_gone; /* the reader of standard output, a pipe or a socket, has closed it */
};

static void run_program(const struct table_info *info, const struct event *event, void *context)
{
	runner_add(context, info, event);
}

/* Returns 0 after a signal, or when the reader has closed standard output; else -errno, reported. */
static int follow(struct watching *w, int signal_fd)
{
	enum { SIGNALS = DISPLAY_SOURCES, PROGRAM, LATE, SOURCES };
	struct pollfd fds[SOURCES] = {
		[SIGNALS] = { .fd = signal_fd, .events = POLLIN },
		[PROGRAM] = { .events = POLLIN },
		[LATE] = { .fd = w->runner.timer, .events = POLLIN },
	};

	for (;;) {
		int err = display_turn(&w->display);

		if (err)
			return err;
		if (w->options->exec)
			runner_turn(&w->runner);
		w->reader_gone = nowait_reader_is_gone(w->display.out.fd);
		if (w->reader_gone)
			return 0;
		if (w->display.err && w->display.err != -EAGAIN)
			return fail(w->display.err, NULL, "cannot write to standard output");
		display_wait_for(&w->display, fds);
		fds[PROGRAM].fd = w->runner.pidfd;
		if (poll(fds, SOURCES, -1) < 0 && errno != EINTR)
			return fail(-errno, NULL, "cannot wait for events");
		if (fds[SIGNALS].revents)
			return 0;
	}
}

int command_watch(const struct options *o)
{
	struct watching w = { .options = o, .display = DISPLAY_NONE, .runner = RUNNER_NONE };
	struct selection selection = {
		.patterns = o->words.args, .pattern_count = o->words.arg_count, .family = options_family(o), .ifname = o->ifname,
	};
	owned_fd signal_fd = -1;
	int err;

	if (option_given(o, OPT_EXEC_TIMEOUT) && !o->exec)
		return usage_error("watch", "--exec-timeout requires --exec");
	signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, SIGHUP, 0 });
	if (signal_fd < 0)
		return signal_fd;
	err = display_open(&w.display, o->pin_dir, &selection, option_given(o, OPT_JSON) ? DISPLAY_JSON : DISPLAY_LINES,
			   WATCHER_REPORTS_TABLE);
	if (!err && o->exec) {
		err = runner_open(&w.runner, o->exec, o->exec_timeout_ns);
		w.display.also = run_program;
		w.display.context = &w.runner;
	}
	if (!err)
		err = follow(&w, signal_fd);
	runner_close(&w.runner);
	display_close(&w.display);
	if (!w.reader_gone)
		return err;
	/* after runner_close(), which terminates the program that runs */
	signals_end_by_pipe();
	return fail(-EPIPE, NULL, "cannot write to standard output");
}
