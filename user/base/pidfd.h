/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Other processes by descriptor, so that a pid used again is never hit by mistake. */
#ifndef ROLLCALL_PIDFD_H
#define ROLLCALL_PIDFD_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline int pidfd_of(int pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* Has the process ended, at the latest after TIMEOUT_MS? */
static inline bool pidfd_wait(int pidfd, int timeout_ms)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, timeout_ms) > 0;
}

#endif
