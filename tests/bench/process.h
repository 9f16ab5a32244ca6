/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whole processes: how long one takes, what it needs, and one that runs beside us for a while. */
#ifndef ROLLCALL_BENCH_PROCESS_H
#define ROLLCALL_BENCH_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct process_cost {
	double ns;	  /* from the start to its end */
	double cpu_ns;	  /* of its own, user and system */
	long rss_bytes; /* at most */
};

/* Start ARGV, standard output to OUT (-1: nowhere). Returns its pid or -errno, said. */
pid_t process_start(char *const argv[], int out);
/* Returns 0 when it ended well, or -errno, said. */
int process_wait(pid_t pid, struct process_cost *cost);
/* Start and wait; its output goes nowhere. */
int process_run(char *const argv[], struct process_cost *cost);
/* End it by SIGTERM, and wait for that. */
void process_stop(pid_t pid);

/* Of a process that runs: a number of /proc/PID/status such as "VmRSS:", and CPU time. Or -1. */
double process_status(pid_t pid, const char *field);
double process_cpu_ns(pid_t pid);

/* A command as a thing to measure: the value is in ms, or whatever FIELD says. */
struct command {
	char *const *argv;
	struct process_cost cost; /* the last one's */
};

int command_measure(void *command, double *ms);

/* Wait until DONE(CONTEXT), which is asked again and again, for ten seconds. Returns 0 or -ETIMEDOUT, said. */
int await(bool (*done)(void *context), void *context, const char *what);
void pause_ns(double ns);

#endif
