// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Signals and a lost reader. What they mean is the commands' business. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "message.h"
#include "stopping.h"

int stopping_signals(const int *more)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN); /* a reader that goes away is a stop, not a crash */
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	while (*more)
		sigaddset(&set, *more++);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC);
	return fd < 0 ? fail(-errno, NULL, "cannot wait for signals") : fd;
}

bool stopping_reader_is_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return poll(&out, 1, 0) > 0 && out.revents & (POLLERR | POLLHUP);
}
