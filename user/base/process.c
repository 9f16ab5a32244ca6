// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The state of a process is read from /proc, if /proc is mounted, belongs to this PID namespace, and shows the process.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process.h"

enum visibility { HIDDEN, ENDED, STOPPED, SEEN };

/* Start time in clock ticks since boot, field 22 of /proc/NAME/stat (proc(5)). NAME is a pid or "self". */
static enum visibility process_started(const char *name, uint64_t *start)
{
	char path[32], stat[1024], *field;
	bool is_stopped;
	size_t bytes;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/stat", name);
	file = fopen(path, "re");
	if (!file)
		return HIDDEN;
	bytes = fread(stat, 1, sizeof(stat) - 1, file);
	fclose(file);
	stat[bytes] = '\0';
	field = strrchr(stat, ')'); /* field 2, the name, may contain any character */
	if (!field || !strncmp(field, ") Z", 3) || !strncmp(field, ") X", 3))
		return ENDED;
	is_stopped = !strncmp(field, ") T", 3); /* by job control; 't' is a process under a debugger */
	for (int number = 2; field && number < 22; number++)
		field = strchr(field + 1, ' ');
	*start = field ? strtoull(field, NULL, 10) : 0;
	return is_stopped ? STOPPED : SEEN;
}

/* The inode number of this process' PID namespace; 0 if /proc does not show it. */
static uint32_t process_namespace(void)
{
	struct stat ns;

	return stat("/proc/self/ns/pid", &ns) ? 0 : (uint32_t)ns.st_ino;
}

/* Does /proc belong to this PID namespace? If it does, a pid in /proc is the same process as for kill(2). */
static bool proc_is_of_here(void)
{
	char target[16];
	ssize_t bytes = readlink("/proc/self", target, sizeof(target) - 1);

	if (bytes <= 0)
		return false;
	target[bytes] = '\0';
	return strtol(target, NULL, 10) == getpid();
}

bool process_is_of_here(const struct rollcall_attachment *record)
{
	uint32_t here = process_namespace();

	/* unknown if the loader or this process has no /proc: assume the same namespace, which is the usual case */
	return !record->loader_pidns || !here || record->loader_pidns == here;
}

enum process_life process_life(const struct rollcall_attachment *record, bool swept)
{
	enum visibility visibility = HIDDEN;
	char name[16];
	uint64_t start = 0;

	if (!record->loader_pid)
		return PROCESS_DEAD;
	if (!process_is_of_here(record))
		return PROCESS_UNSEEN;
	if (kill((int)record->loader_pid, 0) && errno == ESRCH)
		return record->loader_pidns ? PROCESS_DEAD : PROCESS_UNSEEN;
	if (proc_is_of_here()) {
		snprintf(name, sizeof(name), "%u", record->loader_pid);
		visibility = process_started(name, &start);
	}
	if (visibility == ENDED || (start && record->loader_start && start != record->loader_start))
		return PROCESS_DEAD;
	if (visibility != HIDDEN && record->loader_start)
		return visibility == STOPPED ? PROCESS_STOPPED : PROCESS_ALIVE;
	return swept ? PROCESS_ALIVE : PROCESS_UNSEEN;
}

int process_loader(const struct rollcall_attachment *record, bool swept)
{
	return process_life(record, swept) == PROCESS_ALIVE ? (int)record->loader_pid : 0;
}

void process_set_loader(struct rollcall_attachment *record)
{
	uint64_t start = 0;

	process_started("self", &start);
	record->loader_pid = (uint32_t)getpid();
	record->loader_pidns = process_namespace();
	record->loader_start = start;
}

int process_name(int pid, char name[PROCESS_NAME_BYTES])
{
	char path[32];
	ssize_t bytes;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	bytes = read(fd, name, PROCESS_NAME_BYTES - 1);
	close(fd);
	if (bytes <= 0)
		return -ESRCH;
	name[bytes - 1] = '\0'; /* in place of the newline */
	return 0;
}
