// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall announce: call this host's name, without any table or privilege. */
#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "announcer.h"
#include "command.h"
#include "message.h"
#include "netwatch.h"

static volatile sig_atomic_t stopped;

static void on_stop(int signal)
{
	(void)signal;
	stopped = 1;
}

/* Beats until stopped, or --count of them. Fails if not one call of the last beat went out. */
static int announce(struct announcer *a, uint32_t count)
{
	struct sigaction action = { .sa_handler = on_stop };
	struct pollfd due[] = {
		{ .fd = a->timer, .events = POLLIN },
		{ .fd = netwatch_open(), .events = POLLIN },
	};
	sigset_t stops, waiting;
	int sent;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigprocmask(SIG_BLOCK, &stops, &waiting); /* they come in ppoll() alone, never just before it */
	for (uint32_t beats = 1;; beats++) {
		sent = announcer_beat(a);
		if (count && beats >= count)
			return sent ? 0 : -EIO;
		due[0].revents = 0;
		while (!stopped && !due[0].revents) {
			if (ppoll(due, 2, NULL, &waiting) < 0) {
				if (errno != EINTR)
					return fail(-errno, NULL, "cannot wait for the next beat");
			} else if (due[1].revents) {
				netwatch_drain(due[1].fd);
				announcer_retry(a);
			}
		}
		if (stopped)
			return 0;
	}
}

int command_announce(const struct options *o)
{
	struct announcer a;
	int err = announcer_init(&a, &o->settings, o);

	for (int i = 0; !err && i < o->arg_count; i++) {
		struct netdev dev;

		err = netdev_find(o->args[i], &dev);
		if (!err)
			err = announcer_add(&a, &dev, o);
	}
	if (!err)
		err = announce(&a, o->count);
	announcer_close(&a);
	return err;
}
