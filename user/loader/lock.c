// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Locks by flock(2) on directories of a BPF file system. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/message.h"
#include "base/parse.h"
#include "base/privilege.h"
#include "base/process.h"
#include "lock.h"
#include "pins.h"

#define LOCK  "lock"
#define SWEEP LOCK "/sweep"

#define POLL_MS	    20
#define REPORT_NS   NS_PER_S
#define WAIT_MAX_NS (10 * NS_PER_S)

/* The process that has a flock on what ST describes; /proc/locks, proc(5). 0: it is not known. */
static int holder_of(const struct stat *st)
{
	FILE *locks = fopen("/proc/locks", "re");
	char line[256], inode[64], *fields[6];
	int found = 0;

	/* "1: FLOCK  ADVISORY  WRITE 12345 00:1a:6789 0 EOF" */
	snprintf(inode, sizeof(inode), "%02x:%02x:%lu", major(st->st_dev), minor(st->st_dev), (unsigned long)st->st_ino);
	while (locks && !found && fgets(line, sizeof(line), locks))
		if (parse_columns(line, fields, 6) == 6 && !strcmp(fields[1], "FLOCK") && !strcmp(fields[5], inode))
			found = (int)strtol(fields[4], NULL, 10);
	if (locks)
		fclose(locks);
	return found > 0 ? found : 0;
}

/* "process 12 (name)", as far as it is known. Returns TEXT. */
static const char *holder_text(int pid, char text[LOCK_HOLDER_BYTES])
{
	char name[PROCESS_NAME_BYTES];

	if (!pid)
		snprintf(text, LOCK_HOLDER_BYTES, "another process");
	else if (process_name(pid, name))
		snprintf(text, LOCK_HOLDER_BYTES, "process %d", pid);
	else
		snprintf(text, LOCK_HOLDER_BYTES, "process %d (%s)", pid, name);
	return text;
}

static int holder_of_path(const char *dir, const char *name)
{
	char path[PATH_MAX];
	struct stat st;

	return stat(pins_path(dir, name, path), &st) ? 0 : holder_of(&st);
}

const char *lock_holder_text(const char *dir, char text[LOCK_HOLDER_BYTES])
{
	return holder_text(holder_of_path(dir, LOCK), text);
}

int lock_sweeper(const char *dir)
{
	return holder_of_path(dir, SWEEP);
}

/* Can no other user than root and the user of this process have opened it? Returns 0 or -EPERM, reported. */
static int check_owner(const char *path, const struct stat *lock)
{
	if (lock->st_mode & (S_IRWXG | S_IRWXO))
		return fail(-EPERM, "remove it while no loader runs", "'%s' is open to other users", path);
	if (lock->st_uid == geteuid() || !lock->st_uid)
		return 0;
	return fail(-EPERM, "remove it while no loader runs", "'%s' belongs to user %u", path, lock->st_uid);
}

/* A descriptor of DIR/NAME, or -errno: -ENOENT is not reported. */
static int lock_open(const char *dir, const char *name, char path[PATH_MAX], struct stat *st)
{
	int err = pins_check_owner(dir);
	owned_fd fd = -1;

	if (err)
		return err;
	fd = open(pins_path(dir, name, path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0 || fstat(fd, st))
		return fail(-errno, privilege_pin_remedy(-errno), "cannot lock pin directory '%s'", dir);
	err = check_owner(path, st);
	return err ? err : take_fd(&fd);
}

/* Is a signal pending that was blocked to be handled in turn, and is not ignored? */
static bool end_is_asked_for(void)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action;
	sigset_t pending;

	if (sigpending(&pending))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (sigismember(&pending, ends[i]) && !sigaction(ends[i], NULL, &action) &&
		    action.sa_handler != SIG_IGN)
			return true;
	return false;
}

/* Lock FD, DIR/lock, which DESCRIBED describes. Returns 0 or -errno, reported. */
static int lock_wait(int fd, const char *dir, const struct stat *described)
{
	uint64_t since_ns = rollcall_now_ns();
	char holder[LOCK_HOLDER_BYTES];
	bool reported = false;

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		uint64_t waited_ns = rollcall_now_ns() - since_ns;
		int err = errno == EWOULDBLOCK || errno == EINTR ? 0 : -errno;

		if (err)
			return fail(err, NULL, "cannot lock pin directory '%s'", dir);
		if (end_is_asked_for())
			return fail(-EINTR, NULL, "%s: not locked", dir);
		if (waited_ns >= WAIT_MAX_NS)
			return fail(-ETIMEDOUT, "terminate that process, or wait for its end and try again",
				    "%s/" LOCK ": held by %s", dir, holder_text(holder_of(described), holder));
		if (waited_ns >= REPORT_NS && !reported)
			warn("%s/" LOCK ": waiting for the lock, held by %s", dir, holder_text(holder_of(described), holder));
		reported = reported || waited_ns >= REPORT_NS;
		poll(NULL, 0, POLL_MS);
	}
	return 0;
}

/* The lock on what DIR/NAME is now: the holder before may have removed that directory. */
static int lock_named(const char *dir, const char *name, bool wait)
{
	struct stat held = {}, named;
	char path[PATH_MAX];

	for (;;) {
		owned_fd fd = lock_open(dir, name, path, &held);
		int err = 0;

		if (fd < 0)
			return fd;
		if (wait)
			err = lock_wait(fd, dir, &held);
		else if (flock(fd, LOCK_EX | LOCK_NB))
			err = -errno;
		if (err)
			return err;
		if (!stat(path, &named) && held.st_ino == named.st_ino && held.st_dev == named.st_dev)
			return take_fd(&fd);
	}
}

/* Create DIR/NAME for its owner alone. Returns 0 or -errno, reported unless it is -ENOENT. */
static int lock_make(const char *dir, const char *name)
{
	char path[PATH_MAX];

	if (!mkdir(pins_path(dir, name, path), 0700) || errno == EEXIST)
		return 0;
	return errno == ENOENT ? -ENOENT : fail(-errno, privilege_pin_remedy(-errno), "cannot make '%s'", path);
}

int lock_take(const char *dir)
{
	int fd;

	do { /* until no other process removes what was made */
		int err = pins_make_directory(dir);

		if (err)
			return err;
		err = lock_make(dir, LOCK);
		if (err && err != -ENOENT)
			return err;
		fd = lock_named(dir, LOCK, true);
	} while (fd == -ENOENT);
	if (fd >= 0 && (lock_make(dir, SWEEP) || pins_make_links(dir))) {
		close(fd);
		return -EACCES;
	}
	return fd;
}

int lock_take_existing(const char *dir)
{
	return lock_named(dir, LOCK, true);
}

int lock_take_leftovers(const char *dir)
{
	struct statfs fs;
	int fd = lock_take_existing(dir);

	if (fd != -ENOENT)
		return fd;
	/* in another file system nothing is made */
	if (statfs(dir, &fs) || (unsigned int)fs.f_type != BPF_FS_MAGIC || lock_make(dir, LOCK))
		return -ENOENT;
	return lock_take_existing(dir);
}

int lock_try(const char *dir)
{
	return lock_named(dir, LOCK, false);
}

int lock_try_sweep(const char *dir)
{
	return lock_named(dir, SWEEP, false);
}

int lock_has_old_sweeper(const char *dir, int *pid)
{
	char path[PATH_MAX];
	owned_fd fd = open(pins_path(dir, LINKS_DIRECTORY, path), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || !flock(fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
		return 0;
	*pid = holder_of(&st);
	return 1;
}

void lock_remove(const char *dir)
{
	char path[PATH_MAX];

	rmdir(pins_path(dir, SWEEP, path));
	rmdir(pins_path(dir, LOCK, path));
}
