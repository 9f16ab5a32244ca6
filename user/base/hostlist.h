/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A file with one hostname per line. Empty lines and lines that begin with # are ignored. */
#ifndef ROLLCALL_HOSTLIST_H
#define ROLLCALL_HOSTLIST_H

#include <stddef.h>

/* The names in lower case, sorted as strcmp(3) does, each once. On the heap, owned. */
struct hostlist {
	char **names;
	size_t count;
};

/* Returns 0 or -errno, reported. Free it in either case. */
int hostlist_read(struct hostlist *list, const char *path);

void hostlist_free(struct hostlist *list);

#endif
