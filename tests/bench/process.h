/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Processes: the time and the memory of one that exits, and of one that runs in the background. */
#ifndef ROLLCALL_BENCH_PROCESS_H
#define ROLLCALL_BENCH_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct process_cost {
	double ns;	  /* from its start to its exit */
	double cpu_ns;	  /* user and system */
	long rss_bytes; /* the maximum */
};

/* Start ARGV with standard output to OUT (-1: /dev/null). Returns its pid or -errno, reported. */
pid_t process_start(char *const argv[], int out);
/* Wait until it exits. Returns 0 if its exit status is 0, or -errno, reported. */
int process_wait(pid_t pid, struct process_cost *cost);
/* Start it with output to /dev/null, and wait until it exits. */
int process_run(char *const argv[], struct process_cost *cost);
/* Send SIGTERM to it, and wait until it exits. */
void process_stop(pid_t pid);

/* A number of /proc/PID/status, such as "VmRSS:", and the CPU time of a running process; -1 on failure. */
double process_status(pid_t pid, const char *field);
double process_cpu_ns(pid_t pid);

/* A command to measure. */
struct command {
	char *const *argv;
	struct process_cost cost; /* of the last run */
};

int command_measure(void *command, double *ms);

/* Poll until DONE(CONTEXT) is true, for at most ten seconds. Returns 0 or -ETIMEDOUT, reported. */
int await(bool (*done)(void *context), void *context, const char *what);
void pause_ns(double ns);

#endif
