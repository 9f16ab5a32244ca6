// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall top: the interactive view, until it is stopped by a key or a signal. */
#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/cleanup.h"
#include "base/hint.h"
#include "base/message.h"
#include "base/signals.h"
#include "command.h"
#include "top/top.h"
#include "watch/reader.h"

static struct messages messages;

static void top_message(const char *line, size_t bytes)
{
	messages_add(&messages, line, bytes);
}

/* Returns false if the signal asks for a stop. */
static bool top_on_signal(struct top *t, int signal)
{
	if (signal == SIGWINCH) {
		top_resize(t);
	} else if (signal == SIGCONT) {
		top_continue(t);
	} else if (signal == SIGTSTP) {
		top_suspend(t);
		signals_suspend();
		top_continue(t);
	} else {
		return false;
	}
	return true;
}

/* Returns 0 after a key or a signal that stops it, or -errno, reported. */
static int top_follow(struct top *t, int signal_fd)
{
	enum { SIGNALS = TOP_SOURCES, SOURCES };
	struct pollfd fds[SOURCES] = { [SIGNALS] = { .fd = signal_fd, .events = POLLIN } };

	for (;;) {
		int err = top_turn(t);

		if (err == -EIO)
			return fail(err, NULL, "cannot read from the terminal");
		if (err)
			return err;
		if (t->request == TOP_QUIT)
			return 0;
		top_wait_for(t, fds);
		if (poll(fds, SOURCES, -1) < 0 && errno != EINTR)
			return fail(-errno, NULL, "cannot wait for events");
		if (fds[SIGNALS].revents && !top_on_signal(t, signals_next(signal_fd)))
			return 0;
	}
}

/* The interface is looked up in the table that is open now. */
static int top_selection(const struct options *o, struct selection *selection)
{
	struct rollcall_table table;
	int err = reader_open(&table, o->pin_dir);

	if (err)
		return err;
	err = options_selection(o, &table, selection);
	selection->ifname = o->ifname; /* for the watcher, if the table is replaced */
	rollcall_close(&table);
	return err;
}

int command_top(const struct options *o)
{
	struct selection selection;
	const struct top_config config = {
		.dir = o->pin_dir, .selection = &selection, .messages = &messages, .start = WATCHER_REPORTS_TABLE,
		.arrangement = {
			.kind = option_given(o, OPT_ALL) ? ROW_PER_ENTRY : ROW_PER_HOST, .order = o->sort,
			.reverse = option_given(o, OPT_REVERSE),
		},
	};
	const char *refusal = top_refusal(), *remedy = hint_text("use 'rollcall peers%s' or 'rollcall watch%s'", hint_pin_dir(), hint_pin_dir());
	owned_fd signal_fd = -1;
	struct top t = TOP_NONE;
	int err;

	if (refusal && !top_has_terminal())
		return usage_error("top", "%s: %s", refusal, remedy);
	if (refusal)
		return fail(0, remedy, "%s", refusal);
	err = top_selection(o, &selection);
	if (err)
		return err;
	signal_fd = signals_open((const int[]){ SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH, 0 });
	if (signal_fd < 0)
		return signal_fd;
	message_divert(top_message);
	err = top_open(&t, &config);
	if (!err)
		err = top_follow(&t, signal_fd);
	top_close(&t);
	message_divert(message_write);
	messages_print(&messages, stderr);
	return err;
}
