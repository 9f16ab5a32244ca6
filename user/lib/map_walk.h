/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Walk a hash map in batches. This is the only way to read it that visits an entry which is present during
 * the whole walk exactly once, even if other entries are written meanwhile.
 */
#ifndef ROLLCALL_MAP_WALK_H
#define ROLLCALL_MAP_WALK_H

#include <stddef.h>

/* KEY and VALUE are valid only during the call. */
typedef int (*map_visit)(const void *key, const void *value, void *context);

/* Visit entries until VISIT returns a value other than 0. Returns 0, that value, or -errno. It logs nothing. */
int rollcall_map_walk(int map_fd, size_t key_bytes, size_t value_bytes, map_visit visit, void *context);

#endif
