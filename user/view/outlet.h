/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * An outlet: text on its way to a descriptor that may be full, fail, or lose its reader. It never waits. What
 * does not fit stays in memory until outlet_flush() is called again; its user writes no more until then.
 */
#ifndef ROLLCALL_OUTLET_H
#define ROLLCALL_OUTLET_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct outlet {
	int fd;	    /* not owned */
	bool has_reader; /* that can go away */
	FILE *file; /* what is printed here goes out with the next outlet_flush() */
	char *text; /* from BEGIN to END it waits */
	size_t begin, end, room;
	bool broken;		/* a failure came in the middle of a line: what comes next begins a new one */
	uint64_t full_since_ns; /* 0: nothing waits */
};

#define OUTLET_NONE { .fd = -1 }

/* Returns 0 or -errno, not reported. */
int outlet_open(struct outlet *o, int fd);

/* Returns 0, -EAGAIN if some of it still waits, or another -errno: then what waited is dropped. */
int outlet_flush(struct outlet *o);

static inline bool outlet_is_full(const struct outlet *o)
{
	return o->begin < o->end;
}

/* To wait for room, or, with nothing to write, for the loss of the reader. */
static inline struct pollfd outlet_wait_for(const struct outlet *o)
{
	bool full = outlet_is_full(o);

	return (struct pollfd){ .fd = full || o->has_reader ? o->fd : -1, .events = full ? POLLOUT : 0 };
}

void outlet_close(struct outlet *o);

#endif
