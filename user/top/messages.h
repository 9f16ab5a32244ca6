/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages while a view has the terminal. The view shows the last message. The last MESSAGES_KEPT messages are kept,
 * and printed when the view ends.
 */
#ifndef ROLLCALL_MESSAGES_H
#define ROLLCALL_MESSAGES_H

#include <stddef.h>
#include <stdio.h>

#define MESSAGES_KEPT 100

struct messages {
	char *lines[MESSAGES_KEPT]; /* a ring, on the heap, owned; each with its newline */
	unsigned long count;	    /* of all messages so far */
};

/* Add LINE, BYTES long with its newline. Without memory it is only counted. */
void messages_add(struct messages *m, const char *line, size_t bytes);

/* The last message, with its newline, or NULL. */
const char *messages_last(const struct messages *m);

/* Print the kept messages, and how many earlier ones were dropped. Then remove all. */
void messages_print(struct messages *m, FILE *out);

#endif
