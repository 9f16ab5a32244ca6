/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The bare walk over a table from user space: BPF_MAP_LOOKUP_BATCH, and the entries are not used. */
#ifndef ROLLCALL_BENCH_BARE_WALK_H
#define ROLLCALL_BENCH_BARE_WALK_H

#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <rollcall/table.h>
#include <rollcall/wire.h>

#define BARE_BATCH 4096 /* more than the entries of a bucket */

/* Returns 0 or -errno. */
static inline int bare_batch_walk(int map_fd, uint64_t *entries)
{
	struct rollcall_peer_key *keys = malloc(BARE_BATCH * sizeof(*keys));
	struct rollcall_peer *peers = malloc(BARE_BATCH * sizeof(*peers));
	uint32_t position, count;
	bool begun = false;
	int err = keys && peers ? 0 : -ENOMEM;

	*entries = 0;
	while (!err) {
		count = BARE_BATCH;
		err = bpf_map_lookup_batch(map_fd, begun ? &position : NULL, &position, keys, peers, &count, NULL) ? -errno : 0;
		*entries += !err || err == -ENOENT ? count : 0;
		begun = true;
	}
	free(keys);
	free(peers);
	return err == -ENOENT ? 0 : err;
}

#endif
