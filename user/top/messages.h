/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages while a view has the terminal. The last one is shown in the view. All of them are kept, and printed when the
 * terminal is given back; of more than MESSAGES_KEPT the last ones.
 */
#ifndef ROLLCALL_MESSAGES_H
#define ROLLCALL_MESSAGES_H

#include <stddef.h>
#include <stdio.h>

#define MESSAGES_KEPT 100

struct messages {
	char *lines[MESSAGES_KEPT]; /* a ring, on the heap, owned; each with its newline */
	unsigned long count;	    /* of all so far */
};

/* BYTES of LINE, with its newline. Without memory it is counted only. */
void messages_add(struct messages *m, const char *line, size_t bytes);

/* The last one, with its newline, or NULL. */
const char *messages_last(const struct messages *m);

/* Print those that are kept, and how many are not; and forget them. */
void messages_print(struct messages *m, FILE *out);

#endif
