// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Dispositions at the start, and signals by descriptor. */
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "message.h"
#include "signals.h"

#define STANDARD_SIGNALS 31 /* shells and service managers do not use the real-time signals */

static struct {
	sigset_t ignored, blocked;
} at_start;

void signals_begin(void)
{
	sigemptyset(&at_start.ignored);
	sigprocmask(SIG_SETMASK, NULL, &at_start.blocked);
	for (int i = 1; i <= STANDARD_SIGNALS; i++) {
		struct sigaction now;

		if (!sigaction(i, NULL, &now) && now.sa_handler == SIG_IGN)
			sigaddset(&at_start.ignored, i);
	}
	signal(SIGCHLD, SIG_DFL);
}

/* The kernel queues a blocked signal even if it is ignored, and a signalfd would return it. So it is not blocked. */
static bool stays_ignored(int signal)
{
	bool stops = signal == SIGINT || signal == SIGTERM || signal == SIGHUP || signal == SIGQUIT || signal == SIGTSTP;

	return stops && sigismember(&at_start.ignored, signal) == 1;
}

int signals_open(const int *signals)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (; *signals; signals++)
		if (!stays_ignored(*signals))
			sigaddset(&set, *signals);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? fail(-errno, NULL, "cannot wait for signals") : fd;
}

void signals_ignore(const int *signals)
{
	sigset_t set;

	sigemptyset(&set);
	for (; *signals; signals++) {
		signal(*signals, SIG_IGN);
		sigaddset(&set, *signals);
	}
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int signals_next(int signal_fd)
{
	struct signalfd_siginfo info;

	return read(signal_fd, &info, sizeof(info)) == sizeof(info) ? (int)info.ssi_signo : 0;
}

void signals_restore(void)
{
	for (int i = 1; i <= STANDARD_SIGNALS; i++)
		signal(i, sigismember(&at_start.ignored, i) == 1 ? SIG_IGN : SIG_DFL);
	sigprocmask(SIG_SETMASK, &at_start.blocked, NULL);
}

void signals_suspend(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	signal(SIGTSTP, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGTSTP);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

void signals_end_by_pipe(void)
{
	signals_restore();
	raise(SIGPIPE);
}
