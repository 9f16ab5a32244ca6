// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* time_namespaces(7): clock_gettime() adds the offset of the namespace, bpf_ktime_get_boot_ns() does not. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <rollcall/rollcall.h>

#include "clock.h"

#define NS_PER_S 1000000000LL

/*
 * /proc/self/timens_offsets has the offsets of the namespace of the children. After unshare(2) this process is in
 * another namespace than its children. Its own offset is then in no file, and counts as 0, which is the usual one.
 */
static bool clock_is_of_children(void)
{
	struct stat own, children;

	return !stat("/proc/self/ns/time", &own) && !stat("/proc/self/ns/time_for_children", &children) &&
	       own.st_ino == children.st_ino;
}

/* The line is "boottime 100000 0": seconds, which may be negative, and nanoseconds. */
static int64_t clock_parse(const char *text)
{
	const char *line = strstr(text, "boottime");
	char *end;
	long long seconds;

	if (!line)
		return 0;
	seconds = strtoll(line + strlen("boottime"), &end, 10);
	return seconds * NS_PER_S + strtoll(end, NULL, 10);
}

int64_t rollcall_boot_offset_ns(void)
{
	int fd = open("/proc/self/timens_offsets", O_RDONLY | O_CLOEXEC);
	int64_t offset_ns;
	char text[256];
	ssize_t bytes;

	if (fd < 0)
		return 0;
	bytes = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (bytes <= 0)
		return 0;
	text[bytes] = '\0';
	offset_ns = clock_parse(text);
	return offset_ns && clock_is_of_children() ? offset_ns : 0;
}

uint64_t rollcall_boot_ns(int64_t offset_ns)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec - (uint64_t)offset_ns;
}

uint64_t rollcall_now_ns(void)
{
	return rollcall_boot_ns(rollcall_boot_offset_ns());
}
