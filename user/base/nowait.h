/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Writing to an inherited descriptor (a pipe, a terminal, a file) without waiting for its reader. */
#ifndef ROLLCALL_NOWAIT_H
#define ROLLCALL_NOWAIT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Write some of TEXT. Returns the number of bytes, or -errno: -EAGAIN if there is no room now. It can block only on a
 * terminal that has room for less than NOWAIT_CHUNK bytes. O_NONBLOCK is not set on the descriptor, because other
 * processes share its flags.
 */
ssize_t nowait_write(int fd, const char *text, size_t bytes);

#define NOWAIT_CHUNK 1024

/* Is it a pipe? A socket is not. */
bool nowait_is_pipe(int fd);

/* Is it a pipe or a socket? And has the other end been closed? */
bool nowait_has_reader(int fd);
bool nowait_reader_is_gone(int fd);

#endif
