/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The body of an answer, written as a stream into memory of bounded size. Slow clients keep the bodies that they read, so
 * the sum of all bodies is bounded too.
 */
#ifndef ROLLCALL_BODY_H
#define ROLLCALL_BODY_H

#include <stdio.h>

#define BODY_BYTES_MAX	(32UL << 20)
#define BODIES_BYTES_MAX (64UL << 20)

/* It must not be moved between body_open() and body_close(). */
struct body {
	FILE *out;
	char *text; /* on the heap, owned */
	size_t bytes, room;
	int err; /* -E2BIG: it would be larger than BODY_BYTES_MAX; -EBUSY: all bodies together; or -ENOMEM */
};

/* Returns 0 or -ENOMEM, not reported. */
int body_open(struct body *b);

/* Flush and close the stream. Returns B->err. The text stays. */
int body_close(struct body *b);

/* Free the text, and count it no longer. It may be called again, and on a body that is all zero. */
void body_free(struct body *b);

/* Free TEXT of BYTES that was taken from a body. */
void body_free_text(char *text, size_t room);

#endif
