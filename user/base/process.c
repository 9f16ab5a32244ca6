// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Reading /proc/PID/stat. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process.h"

/*
 * Start time in clock ticks since boot, field 22 of /proc/PID/stat (proc(5)); 0 when there is no such process, or it
 * is a zombie.
 */
static uint64_t process_started(int pid)
{
	char path[32], stat[1024], *field;
	size_t bytes;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	bytes = fread(stat, 1, sizeof(stat) - 1, file);
	fclose(file);
	stat[bytes] = '\0';
	field = strrchr(stat, ')'); /* field 2, the name, may hold anything */
	if (!field || !strncmp(field, ") Z", 3) || !strncmp(field, ") X", 3))
		return 0;
	for (int number = 2; field && number < 22; number++)
		field = strchr(field + 1, ' ');
	return field ? strtoull(field, NULL, 10) : 0;
}

int process_loader(const struct rollcall_attachment *record)
{
	int pid = (int)record->loader_pid;

	return pid && process_started(pid) == record->loader_start ? pid : 0;
}

void process_set_loader(struct rollcall_attachment *record)
{
	record->loader_pid = (uint32_t)getpid();
	record->loader_start = process_started(getpid());
}
