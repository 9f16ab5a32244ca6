// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The scan's object; the only file that sees its skeleton. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "cleanup.h"
#include "message.h"
#include "scan.skel.h"
#include "scanner.h"

/* Keys that one scan hands over: an eighth of the peers may leave at once before a second one is due. */
#define ROOM_SHARE 8
#define ROOM_MIN   1024
#define ROOM_MAX   65536

static uint32_t room_for(uint32_t max_peers)
{
	uint32_t room = max_peers / ROOM_SHARE;

	return room < ROOM_MIN ? ROOM_MIN : room > ROOM_MAX ? ROOM_MAX : room;
}

static int share_keys(struct scanner *s, int stale_fd)
{
	void *memory = mmap(NULL, s->room * sizeof(*s->keys), PROT_READ, MAP_SHARED, stale_fd, 0);

	if (memory == MAP_FAILED)
		return -errno;
	s->keys = memory;
	return 0;
}

static int open_scanner(struct scanner *s, const struct table *t)
{
	struct scan_bpf *object = scan_bpf__open();
	int err;

	if (!object)
		return -errno;
	s->room = room_for(t->settings.max_peers);
	bpf_map__set_max_entries(object->maps.stale, s->room);
	err = bpf_map__reuse_fd(object->maps.peers, t->peers_fd);
	if (!err)
		err = scan_bpf__load(object);
	if (!err)
		err = share_keys(s, bpf_map__fd(object->maps.stale));
	if (!err) {
		s->prog_fd = fcntl(bpf_program__fd(object->progs.rollcall_scan), F_DUPFD_CLOEXEC, 3);
		err = s->prog_fd < 0 ? -errno : 0;
	}
	scan_bpf__destroy(object);
	return err;
}

void scanner_open(struct scanner *s, const struct table *t)
{
	int err;

	*s = (struct scanner)SCANNER_NONE;
	message_take_libbpf();
	err = open_scanner(s, t);
	if (!err)
		return;
	verbose("the table cannot be scanned in the kernel (%s): entries are read out", strerror(-err));
	scanner_close(s);
}

void scanner_close(struct scanner *s)
{
	if (s->keys)
		munmap((void *)s->keys, s->room * sizeof(*s->keys));
	cleanup_fd(&s->prog_fd);
	*s = (struct scanner)SCANNER_NONE;
}

int scanner_scan(const struct scanner *s, const struct table *t, uint64_t now_ns, struct rollcall_scan *found)
{
	LIBBPF_OPTS(bpf_test_run_opts, run, .ctx_in = found, .ctx_size_in = sizeof(*found));

	*found = (struct rollcall_scan){ .now_ns = now_ns, .expiry_ns = t->settings.expiry_ns };
	return bpf_prog_test_run_opts(s->prog_fd, &run);
}
