/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the child process of display_process.h does. */
#ifndef ROLLCALL_CHILD_H
#define ROLLCALL_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#define CHILD_BEGIN '\001' /* in the pipe, in front of a line: there is a table */

/*
 * Give up all privileges, write what became of that (0 or -errno) to RESULT_FD, and show the table in DIR until the end of
 * PIPE_FD. All other descriptors are closed but 0 to 2.
 */
void child_run(const char *dir, bool json, pid_t loader_pid, int pipe_fd, int result_fd) __attribute__((noreturn));

#endif
