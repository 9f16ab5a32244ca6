// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The scan's object; the only file that sees its skeleton. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "libbpf_log.h"
#include "scan.skel.h"
#include "scanner.h"

/* Keys that one scan hands over: an eighth of the peers may leave at once before a second one is due. */
#define ROOM_SHARE 8
#define ROOM_MIN   1024
#define ROOM_MAX   131072

static uint32_t room_for(uint32_t max_peers)
{
	uint32_t room = max_peers / ROOM_SHARE;

	return room < ROOM_MIN ? ROOM_MIN : room > ROOM_MAX ? ROOM_MAX : room;
}

/* BYTES of each of the map's values, into *MEMORY. */
static int share(const struct scanner *s, int map_fd, int access, size_t bytes, void **memory)
{
	void *shared = mmap(NULL, s->room * bytes, access, MAP_SHARED, map_fd, 0);

	if (shared == MAP_FAILED)
		return -errno;
	*memory = shared;
	return 0;
}

static int keep_program(const struct bpf_program *program, int *fd)
{
	*fd = fcntl(bpf_program__fd(program), F_DUPFD_CLOEXEC, 3);
	return *fd < 0 ? -errno : 0;
}

static int open_scanner(struct scanner *s, const struct table *t)
{
	struct scan_bpf *object = scan_bpf__open();
	int err;

	if (!object)
		return -errno;
	s->room = room_for(t->settings.max_peers);
	bpf_map__set_max_entries(object->maps.stale, s->room);
	bpf_map__set_max_entries(object->maps.gone, s->room);
	object->rodata->mixed = t->settings.sealing == ROLLCALL_MIXED;
	err = bpf_map__reuse_fd(object->maps.peers, t->peers_fd);
	if (!err)
		err = bpf_map__reuse_fd(object->maps.sources, t->sources_fd);
	if (!err)
		err = scan_bpf__load(object);
	if (!err)
		err = share(s, bpf_map__fd(object->maps.stale), PROT_READ, sizeof(*s->keys), (void **)&s->keys);
	if (!err)
		err = share(s, bpf_map__fd(object->maps.gone), PROT_READ | PROT_WRITE, sizeof(*s->gone), (void **)&s->gone);
	if (!err)
		err = keep_program(object->progs.rollcall_scan, &s->scan_fd);
	if (!err)
		err = keep_program(object->progs.rollcall_remove, &s->remove_fd);
	if (!err)
		err = keep_program(object->progs.rollcall_release, &s->release_fd);
	scan_bpf__destroy(object);
	return err;
}

void scanner_open(struct scanner *s, const struct table *t)
{
	int err;

	*s = (struct scanner)SCANNER_NONE;
	libbpf_log_take();
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
	if (s->gone)
		munmap(s->gone, s->room * sizeof(*s->gone));
	cleanup_fd(&s->scan_fd);
	cleanup_fd(&s->remove_fd);
	cleanup_fd(&s->release_fd);
	*s = (struct scanner)SCANNER_NONE;
}

/* What a SEC("syscall") program tells comes back in its context. */
static int run(int prog_fd, void *context, uint32_t bytes)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .ctx_in = context, .ctx_size_in = bytes);

	return bpf_prog_test_run_opts(prog_fd, &opts);
}

int scanner_scan(const struct scanner *s, const struct table *t, uint64_t now_ns, struct rollcall_scan *found)
{
	const uint64_t later_than_any = now_ns + INT64_MAX / 2;
	int err;

	*found = (struct rollcall_scan){
		.stale_before_ns = now_ns - t->settings.expiry_ns, .oldest_ns = later_than_any,
	};
	err = run(s->scan_fd, found, sizeof(*found));
	if (found->oldest_ns == later_than_any)
		found->oldest_ns = UINT64_MAX;
	return err;
}

int scanner_remove(const struct scanner *s, const struct table *t, struct rollcall_entry *entry, uint64_t now_ns)
{
	struct rollcall_removal removal = {
		.key = entry->key,
		.stale_before_ns = now_ns - t->settings.expiry_ns,
		.abandoned_before_ns = now_ns - 2 * t->settings.expiry_ns,
	};
	int err = run(s->remove_fd, &removal, sizeof(removal));

	entry->peer = removal.peer;
	return err ? err : removal.removed ? 0 : -ENOENT;
}

int scanner_release(const struct scanner *s, const struct table *t, uint32_t count)
{
	struct rollcall_release release = { count, t->settings.names_per_source };

	return count ? run(s->release_fd, &release, sizeof(release)) : 0;
}
