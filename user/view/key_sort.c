// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* From the last byte of the key to the first, each pass stable; bytes that all keys share cost no pass. */
#include <string.h>

#include "key_sort.h"

#define FEW 24 /* so many are sorted sooner than counted */

static void insert_each(struct key_place *list, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct key_place moved = list[i];
		size_t hole = i;

		for (; hole && list[hole - 1].key > moved.key; hole--)
			list[hole] = list[hole - 1];
		list[hole] = moved;
	}
}

static void pass(const struct key_place *from, struct key_place *to, size_t count, int shift)
{
	size_t next[256] = {}, begin = 0;

	for (size_t i = 0; i < count; i++)
		next[(uint8_t)(from[i].key >> shift)]++;
	for (int byte = 0; byte < 256; byte++) {
		size_t here = next[byte];

		next[byte] = begin;
		begin += here;
	}
	for (size_t i = 0; i < count; i++)
		to[next[(uint8_t)(from[i].key >> shift)]++] = from[i];
}

void key_sort(struct key_place *list, struct key_place *spare, size_t count)
{
	struct key_place *from = list, *to = spare, *other;
	uint64_t differ = 0;

	if (count <= FEW) {
		insert_each(list, count);
		return;
	}
	for (size_t i = 1; i < count; i++)
		differ |= list[i].key ^ list[0].key;
	for (int shift = 0; shift < 64; shift += 8) {
		if (!(uint8_t)(differ >> shift))
			continue;
		pass(from, to, count, shift);
		other = from;
		from = to;
		to = other;
	}
	if (from != list)
		memcpy(list, from, count * sizeof(*list));
}
