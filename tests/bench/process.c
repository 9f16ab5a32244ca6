// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Processes, by posix_spawn and wait4. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/message.h"
#include "process.h"
#include "programs.h"

pid_t process_start(char *const argv[], int out)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int err;

	posix_spawn_file_actions_init(&actions);
	if (out < 0)
		posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	err = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return err ? fail(-err, NULL, "cannot run '%s'", argv[0]) : pid;
}

int process_wait(pid_t pid, struct process_cost *cost)
{
	struct rusage usage;
	int status;

	if (wait4(pid, &status, 0, &usage) < 0)
		return fail(-errno, NULL, "cannot wait for a process");
	cost->cpu_ns = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
	cost->rss_bytes = usage.ru_maxrss * 1024;
	return WIFEXITED(status) && !WEXITSTATUS(status) ? 0 : fail(0, NULL, "a process ended with status %#x", status);
}

int process_run(char *const argv[], struct process_cost *cost)
{
	double begun = monotonic_ns();
	pid_t pid = process_start(argv, -1);
	int err = pid < 0 ? pid : process_wait(pid, cost);

	cost->ns = monotonic_ns() - begun;
	return err ? fail(err, NULL, "'%s' failed", argv[0]) : 0;
}

void process_stop(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

double process_status(pid_t pid, const char *field)
{
	char path[64], line[256];
	double value = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, field, strlen(field)))
			value = strtod(line + strlen(field), NULL);
	if (f)
		fclose(f);
	return value;
}

double process_cpu_ns(pid_t pid)
{
	char path[64], line[256];
	double ns = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", pid);
	f = fopen(path, "r");
	if (!f)
		return -1;
	if (fgets(line, sizeof(line), f)) /* the first word is the CPU time */
		ns = strtod(line, NULL);
	fclose(f);
	return ns;
}

int command_measure(void *context, double *ms)
{
	struct command *command = context;
	int err = process_run(command->argv, &command->cost);

	*ms = command->cost.ns / 1e6;
	return err;
}

void pause_ns(double ns)
{
	struct timespec t = { (time_t)(ns / 1e9), (long)(ns - (double)(time_t)(ns / 1e9) * 1e9) };

	nanosleep(&t, NULL);
}

int await(bool (*done)(void *context), void *context, const char *what)
{
	double end = monotonic_ns() + 10e9;

	while (!done(context)) {
		if (monotonic_ns() > end)
			return fail(-ETIMEDOUT, NULL, "gave up waiting for %s", what);
		pause_ns(100e3);
	}
	return 0;
}
