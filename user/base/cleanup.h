/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Descriptors and heap memory that are released at the end of a scope. take_fd() passes a descriptor to the caller
 * instead.
 */
#ifndef ROLLCALL_CLEANUP_H
#define ROLLCALL_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#define owned_fd   __attribute__((cleanup(cleanup_fd))) int
#define owned_heap __attribute__((cleanup(cleanup_free)))

#endif
