/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Streams that keep the reason of their first failed write, which stdio loses. Standard output is one of
 * them, so every command reports the reason in the same words.
 */
#ifndef ROLLCALL_OUTPUT_H
#define ROLLCALL_OUTPUT_H

#include <stdio.h>

struct output {
	FILE *file;
	int fd;	 /* not owned */
	int err; /* -errno of the first write that failed; 0: none */
};

/* Write to FD from now on; O stays in place until output_close(). Returns 0 or -errno, not logged. */
int output_open(struct output *o, int fd);

/* Flush. Returns 0, or the -errno of the first failure since output_open(), not logged. */
int output_flush(struct output *o);

/* Also when output_open() failed. Does not close the descriptor. */
void output_close(struct output *o);

/*
 * Fill a standard descriptor that is closed with one that cannot be used: no file or socket that is opened
 * later becomes standard output by accident. Returns 0 or -errno, not logged.
 */
int output_fill_descriptors(void);

/* Flush standard output and report what failed, once. Returns ERR if it is not 0, else 0 or -errno, logged. */
int output_finish(struct output *o, int err);

#endif
