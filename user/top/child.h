/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The child process of display_process.h. */
#ifndef ROLLCALL_CHILD_H
#define ROLLCALL_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#define CHILD_BEGIN '\001' /* sent by the pipe, at the beginning of a line: the table exists */

/*
 * Drop all privileges, write the result (0 or -errno) to RESULT_FD, and show the table in DIR until the end of PIPE_FD.
 * All descriptors are closed except the pipe and 0 to 2.
 */
void child_run(const char *dir, bool json, pid_t loader_pid, int pipe_fd, int result_fd) __attribute__((noreturn));

#endif
