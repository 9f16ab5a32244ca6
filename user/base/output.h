/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Streams that keep the errno of their first failed write, which stdio does not. Standard output is such a stream, so
 * every command reports the same message for the same error.
 */
#ifndef ROLLCALL_OUTPUT_H
#define ROLLCALL_OUTPUT_H

#include <stdio.h>

struct output {
	FILE *file;
	int fd;	 /* not owned */
	int err; /* -errno of the first write that failed; 0: none */
};

/* Make a stream that writes to FD. O must not be moved until output_close(). Returns 0 or -errno, not logged. */
int output_open(struct output *o, int fd);

/* Flush. Returns 0, or the -errno of the first failure since output_open(), not logged. */
int output_flush(struct output *o);

/* May be called when output_open() failed. It does not close the descriptor. */
void output_close(struct output *o);

/*
 * Open closed standard descriptors in a way that makes each use fail with EBADF. Otherwise a file or socket that is
 * opened later could become standard output by accident. Returns 0 or -errno, not logged.
 */
int output_fill_descriptors(void);

/*
 * Flush O, which is standard output. If ERR is 0, report a failed write. Returns ERR if it is not 0, else 0 or -errno.
 */
int output_finish(struct output *o, int err);

#endif
