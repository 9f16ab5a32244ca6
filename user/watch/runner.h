/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The runner: a program of the user's, run once for each event, one at a time and in order. What
 * happened is in its environment; no shell and no argument list ever sees it.
 *
 * A slow program costs events, never memory: RUNNER_QUEUE of them wait, and what comes then is dropped
 * and counted. One that hangs is ended with its process group.
 */
#ifndef ROLLCALL_RUNNER_H
#define ROLLCALL_RUNNER_H

#include <limits.h>
#include <sys/types.h>

#include "event.h"

#define RUNNER_QUEUE 1024

#define RUNNER_VARIABLES(X) X(EVENT) X(NAME) X(ADDRESS) X(DEV) X(REASON) X(FAMILY) X(TIME) X(PREVIOUS)

enum runner_variable {
#define X(name) RUNNER_##name,
	RUNNER_VARIABLES(X)
#undef X
	RUNNER_VARIABLE_COUNT
};

/* "ROLLCALL_NAME=node-b"; "" where there is nothing to say. */
struct runner_call {
	char variables[RUNNER_VARIABLE_COUNT][96];
};

_Static_assert(sizeof("ROLLCALL_PREVIOUS=") + ROLLCALL_ADDRESS_TEXT <= 96, "the longest fits");
_Static_assert(sizeof("ROLLCALL_NAME=") + ROLLCALL_NAME_TEXT <= 96, "the longest fits");

struct runner {
	char program[PATH_MAX];
	uint64_t limit_ns;
	struct runner_call *queue; /* a ring */
	unsigned int first, waiting;
	bool full; /* and that was reported */

	pid_t pid; /* what runs now, of a process group of its own; 0: nothing does */
	int pidfd; /* readable when it has ended; -1 */
	int timer; /* readable when it has run for too long */
	bool asked, killed; /* to end, because of that */
	bool cannot_start; /* and that was reported */

	uint64_t run, failed, ended, dropped;
};

#define RUNNER_NONE { .pidfd = -1, .timer = -1 }

/* PROGRAM: a path, or a name to be found in PATH. Returns 0 or -errno, reported. Close it in either case. */
int runner_open(struct runner *r, const char *program, uint64_t limit_ns);

void runner_add(struct runner *r, const struct table_info *info, const struct event *event);

/* For when PIDFD or TIMER is readable, and after runner_add(): reap, end, start the next. */
void runner_turn(struct runner *r);

/* End what runs, as if it had run for too long; drop what waits; say the counts, with -v or if not all went well. */
void runner_close(struct runner *r);

#endif
