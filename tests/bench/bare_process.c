// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Each process does one bare operation, with only the system calls that are necessary for it. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bare_process.h"
#include "bare_walk.h"

static int walk(int map_fd)
{
	uint64_t count;

	return bare_batch_walk(map_fd, &count);
}

static int look_up(int map_fd, const char *name)
{
	struct rollcall_peer_key key = { .family = ROLLCALL_FAMILY_IPV4, .ifindex = 1 };
	struct rollcall_peer peer;

	strncpy(key.hostname, name, ROLLCALL_HOSTNAME_MAX);
	return bpf_map_lookup_elem(map_fd, &key, &peer) ? -errno : 0;
}

bool bare_process_is(int argc, char **argv)
{
	return argc >= 4 && !strcmp(argv[1], "--bare");
}

int bare_process_main(int argc, char **argv)
{
	int map_fd = bpf_obj_get(argv[3]);

	if (map_fd < 0)
		return 1;
	return !strcmp(argv[2], "walk") ? walk(map_fd) != 0 : argc < 5 || look_up(map_fd, argv[4]) != 0;
}
