// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Mounting, pinning again, unmounting. pins.c removes the pins. */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "pins.h"
#include "readers.h"

#define SOURCE "rollcall" /* of the mount, by which it is known to be ours */

static bool is_bpffs(void)
{
	struct statfs fs;

	return !statfs(ROLLCALL_READERS_DIR, &fs) && (unsigned int)fs.f_type == BPF_FS_MAGIC;
}

static int mount_if_need_be(void)
{
	if (is_bpffs())
		return 0;
	if (mkdir(ROLLCALL_READERS_DIR, 0755) && errno != EEXIST)
		return -errno;
	if (mount(SOURCE, ROLLCALL_READERS_DIR, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755")) {
		int err = -errno;

		rmdir(ROLLCALL_READERS_DIR);
		return err;
	}
	return 0;
}

/* Is what is mounted there now what rollcall or its mount unit mounted? proc(5), mountinfo: fields 5 and, behind " - ", 2. */
bool readers_are_mounted(void)
{
	char line[1024], where[256], source[256], *behind;
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	bool ours = false;

	while (mounts && fgets(line, sizeof(line), mounts)) {
		behind = strstr(line, " - ");
		if (behind && sscanf(line, "%*s %*s %*s %*s %255s", where) == 1 && !strcmp(where, ROLLCALL_READERS_DIR))
			ours = sscanf(behind, " - bpf %255s", source) == 1 && !strcmp(source, SOURCE);
	}
	if (mounts)
		fclose(mounts);
	return ours;
}

void readers_unmount(void)
{
	if (pins_have_table(ROLLCALL_READERS_DIR) || !readers_are_mounted())
		return;
	if (!umount2(ROLLCALL_READERS_DIR, UMOUNT_NOFOLLOW))
		rmdir(ROLLCALL_READERS_DIR);
	else
		verbose("%s: not unmounted: %s", ROLLCALL_READERS_DIR, strerror(errno));
}

static bool is_pinned(int map_fd, const char *pin)
{
	struct bpf_map_info wanted = {}, there = {};
	uint32_t wanted_bytes = sizeof(wanted), there_bytes = sizeof(there);
	LIBBPF_OPTS(bpf_obj_get_opts, opts, .file_flags = BPF_F_RDONLY);
	owned_fd fd = bpf_obj_get_opts(pin, &opts);

	return fd >= 0 && !bpf_obj_get_info_by_fd(map_fd, &wanted, &wanted_bytes) &&
	       !bpf_obj_get_info_by_fd(fd, &there, &there_bytes) && wanted.id == there.id;
}

static int pin_again(int map_fd, const char *name)
{
	char pin[PATH_MAX];

	pins_path(ROLLCALL_READERS_DIR, name, pin);
	if (!is_pinned(map_fd, pin)) {
		unlink(pin); /* of a table before */
		if (bpf_obj_pin(map_fd, pin))
			return -errno;
	}
	return chmod(pin, 0444) ? -errno : 0; /* also of one whose loader was killed before it did */
}

static int pin_all(const struct table *t)
{
	int err = 0;

#define X(name, ...)                                                                               \
	if (!err)                                                                                  \
		err = pin_again(t->name##_fd, #name);
	READERS_MAPS(X)
#undef X
	return err;
}

bool readers_publish(const char *dir, const struct table *t)
{
	int err;

	if (strcmp(dir, ROLLCALL_PIN_DIR))
		return false;
	err = mount_if_need_be();
	if (!err)
		err = pin_all(t);
	if (err)
		verbose("unprivileged users cannot read the table in '%s': %s", ROLLCALL_READERS_DIR, strerror(-err));
	return !err;
}
