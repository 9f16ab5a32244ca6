/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Writing to a descriptor of another process's choice (a pipe, a terminal, a file) without waiting for its reader. */
#ifndef ROLLCALL_NOWAIT_H
#define ROLLCALL_NOWAIT_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Write some of TEXT. Returns the number of bytes, or -errno: -EAGAIN if there is no room now. Only a terminal
 * with room for less than NOWAIT_CHUNK bytes can make it wait. The flags of the descriptor stay as they are,
 * because other processes share them.
 */
ssize_t nowait_write(int fd, const char *text, size_t bytes);

#define NOWAIT_CHUNK 1024

/* Is it a pipe, not a socket? */
bool nowait_is_pipe(int fd);

/* Is it a pipe or a socket, and has its reader gone? */
bool nowait_has_reader(int fd);
bool nowait_reader_is_gone(int fd);

#endif
