/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An outlet buffers text for a descriptor that may be full, fail, or lose its reader. It never waits. Text that does
 * not fit stays in memory until outlet_flush() is called again. Its user must not write more until then.
 */
#ifndef ROLLCALL_OUTLET_H
#define ROLLCALL_OUTLET_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct outlet {
	int fd;	    /* not owned */
	bool has_reader; /* it is a pipe or a socket, which can lose its reader */
	FILE *file; /* print to it; the next outlet_flush() writes */
	char *text; /* BEGIN to END is not written yet */
	size_t begin, end, room;
	bool broken;		/* a write failed in the middle of a line: the next text begins a new line */
	uint64_t full_since_ns; /* 0: it is not full */
};

#define OUTLET_NONE { .fd = -1 }

/* Returns 0 or -errno, not reported. */
int outlet_open(struct outlet *o, int fd);

/* Returns 0, -EAGAIN if some text is not written yet, or another -errno: then the text was dropped. */
int outlet_flush(struct outlet *o);

static inline bool outlet_is_full(const struct outlet *o)
{
	return o->begin < o->end;
}

/* What to poll: room for the text, or, if there is no text, the loss of the reader. */
static inline struct pollfd outlet_wait_for(const struct outlet *o)
{
	bool full = outlet_is_full(o);

	return (struct pollfd){ .fd = full || o->has_reader ? o->fd : -1, .events = full ? POLLOUT : 0 };
}

void outlet_close(struct outlet *o);

#endif
