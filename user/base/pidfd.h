/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* References to other processes by descriptor. A pid could be used again by another process. */
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

/* Wait at most TIMEOUT_MS for the process to exit. Returns whether it has. */
static inline bool pidfd_wait(int pidfd, int timeout_ms)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };

	return poll(&p, 1, timeout_ms) > 0;
}

#endif
