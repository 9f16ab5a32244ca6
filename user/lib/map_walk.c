// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* BPF_MAP_LOOKUP_BATCH with buffers that grow. */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "bpf.h"
#include "map_walk.h"

#define WALK_BATCH 1024 /* entries per call: fewer fail in large maps, more are not faster */

/* The buffers for one batch: an array of keys and an array of values. */
struct batch {
	size_t key_bytes, value_bytes;
	uint32_t room;
	char *keys, *values;
};

static int batch_grow(struct batch *b, uint32_t room)
{
	char *keys = reallocarray(b->keys, room, b->key_bytes), *values;

	if (!keys)
		return -ENOMEM;
	b->keys = keys;
	values = reallocarray(b->values, room, b->value_bytes);
	if (!values)
		return -ENOMEM;
	b->values = values;
	b->room = room;
	return 0;
}

static int batch_visit(const struct batch *b, uint32_t count, map_visit visit, void *context)
{
	int stop = 0;

	for (uint32_t i = 0; i < count && !stop; i++)
		stop = visit(b->keys + i * b->key_bytes, b->values + i * b->value_bytes, context);
	return stop;
}

static int batch_walk(int map_fd, struct batch *b, map_visit visit, void *context)
{
	uint32_t position = 0, count;
	bool begun = false;
	int err;

	for (;;) {
		count = b->room;
		err = bpf_lookup_batch(map_fd, begun ? &position : NULL, &position, b->keys, b->values, &count);
		if (err == -ENOSPC) { /* a bucket of the map has more entries than the buffers */
			err = batch_grow(b, b->room * 2);
			if (err)
				return err;
			continue;
		}
		if (!err || err == -ENOENT) { /* -ENOENT: the last batch, whose count is valid */
			int stop = batch_visit(b, count, visit, context);

			if (stop || err)
				return stop;
			begun = true;
			continue;
		}
		if (err != -EINTR)
			return err;
	}
}

int rollcall_map_walk(int map_fd, size_t key_bytes, size_t value_bytes, map_visit visit, void *context)
{
	struct batch b = { .key_bytes = key_bytes, .value_bytes = value_bytes };
	int err = batch_grow(&b, WALK_BATCH);

	if (!err)
		err = batch_walk(map_fd, &b, visit, context);
	free(b.keys);
	free(b.values);
	return err;
}
