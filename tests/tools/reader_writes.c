// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A reader of the map pinned at PATH tries to write it, in every possible way. Prints the errors of the kernel. */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *answer(int result)
{
	return result < 0 ? strerrorname_np(errno) : "done";
}

int main(int argc, char **argv)
{
	LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = BPF_F_RDONLY);
	static char key[4096], value[65536];
	int fd;

	if (argc != 2)
		return 2;
	fd = bpf_obj_get(argv[1]);
	printf("write: %s", answer(fd));
	fd = bpf_obj_get_opts(argv[1], &opts);
	if (fd < 0)
		return 1;
	printf(", delete: %s", answer(bpf_map_delete_elem(fd, key)));
	printf(", update: %s\n", answer(bpf_map_update_elem(fd, key, value, BPF_ANY)));
	close(fd);
	return 0;
}
