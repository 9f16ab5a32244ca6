/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the models share: the states that were seen before. */
#ifndef ROLLCALL_TESTS_MODEL_H
#define ROLLCALL_TESTS_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MODEL_BITS 23
#define MODEL_ROOM (1UL << MODEL_BITS)

static unsigned long model_states;

/* Only hashes of states, as in model checkers: a collision of 64 bits among some millions is very unlikely. */
static uint64_t model_seen[MODEL_ROOM];

/* STATE has no padding with other bytes than zero. */
static inline bool model_is_new(const void *state, size_t bytes)
{
	uint64_t hash = 14695981039346656037ULL;

	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ ((const uint8_t *)state)[i]) * 1099511628211ULL;
	hash ^= hash >> 32;
	for (uint64_t at = hash >> (64 - MODEL_BITS);; at = (at + 1) % MODEL_ROOM) {
		if (model_seen[at] == hash)
			return false;
		if (!model_seen[at]) {
			model_seen[at] = hash;
			break;
		}
	}
	if (++model_states > MODEL_ROOM / 4 * 3) {
		fprintf(stderr, "too many states\n");
		exit(2);
	}
	return true;
}

#endif
