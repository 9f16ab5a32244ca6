// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Mounting, pinning again, and the process that unmounts. What is unpinned is pins.c's business. */
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "pins.h"
#include "base/privilege.h"
#include "readers.h"

#define SOURCE "rollcall" /* of the mount, by which it is known to be ours */

/* A descriptor of the mounted file system, or -errno. */
static int open_mount(void)
{
	owned_fd fd = open(ROLLCALL_READERS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs))
		return -errno;
	return fs.f_type == BPF_FS_MAGIC ? take_fd(&fd) : -ENOTDIR;
}

/* While the descriptor is held nobody can unmount it, so what it is of is what will be pinned to. */
static int mount_if_need_be(void)
{
	int fd = open_mount();

	if (fd >= 0)
		return fd;
	if (mkdir(ROLLCALL_READERS_DIR, 0755) && errno != EEXIST)
		return -errno;
	if (mount(SOURCE, ROLLCALL_READERS_DIR, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755")) {
		int err = -errno;

		rmdir(ROLLCALL_READERS_DIR);
		return err;
	}
	return open_mount();
}

/* Is what is mounted there now what a loader mounted? proc(5), mountinfo: fields 5 and, behind " - ", 2. */
static bool mount_is_ours(void)
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
	if (pins_have_table(ROLLCALL_READERS_DIR) || !mount_is_ours())
		return;
	if (!umount2(ROLLCALL_READERS_DIR, UMOUNT_NOFOLLOW)) /* EBUSY: another loader has it */
		rmdir(ROLLCALL_READERS_DIR);
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

/* It waits for the loader's end and has nothing else: no descriptor, no signal but SIGKILL. */
static void __attribute__((noreturn)) keep(int end_fd)
{
	sigset_t all;
	char nothing;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	prctl(PR_SET_NAME, "rollcall-keeper");
	if (dup2(end_fd, 0) < 0 || syscall(SYS_close_range, 1U, ~0U, 0U) || privilege_keep_unmounting())
		_exit(1);
	while (read(0, &nothing, 1) < 0 && errno == EINTR)
		;
	readers_unmount();
	_exit(0);
}

static int start_keeper(struct readers *r)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	r->keeper = fork();
	if (!r->keeper) {
		close(ends[1]);
		keep(ends[0]);
	}
	close(ends[0]);
	if (r->keeper < 0) {
		close(ends[1]);
		return -errno;
	}
	r->end_fd = ends[1];
	return 0;
}

void readers_publish(struct readers *r, const char *dir, const struct table *t)
{
	int err;

	*r = (struct readers)READERS_NONE;
	if (strcmp(dir, ROLLCALL_PIN_DIR))
		return;
	r->mount_fd = mount_if_need_be();
	err = r->mount_fd < 0 ? r->mount_fd : pin_all(t);
	if (!err && mount_is_ours())
		err = start_keeper(r);
	if (err)
		verbose("ordinary users cannot read the table in '%s': %s", ROLLCALL_READERS_DIR, strerror(-err));
}

void readers_close(struct readers *r)
{
	cleanup_fd(&r->mount_fd);
	cleanup_fd(&r->end_fd);
	if (r->keeper > 0)
		waitpid(r->keeper, NULL, 0); /* so that an end is complete */
	*r = (struct readers)READERS_NONE;
}
