/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Walking a hash map by batches: the one way of reading it by which an entry that is there all
 * along is visited once, whatever is written meanwhile.
 */
#ifndef ROLLCALL_MAP_WALK_H
#define ROLLCALL_MAP_WALK_H

#include <stddef.h>

/* KEY and VALUE are valid only during the call. */
typedef int (*map_visit)(const void *key, const void *value, void *context);

/* Visit every entry until VISIT returns other than 0. Returns 0, what VISIT returned, or -errno, not reported. */
int rollcall_map_walk(int map_fd, size_t key_bytes, size_t value_bytes, map_visit visit, void *context);

#endif
