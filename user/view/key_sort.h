/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Sorting by numbers, with no comparison between things that lie far apart in memory. */
#ifndef ROLLCALL_KEY_SORT_H
#define ROLLCALL_KEY_SORT_H

#include <stddef.h>
#include <stdint.h>

struct key_place {
	uint64_t key;
	uint32_t place; /* of what the key is of */
};

/* What has equal keys stays in its order. SPARE has room for COUNT too. */
void key_sort(struct key_place *list, struct key_place *spare, size_t count);

#endif
