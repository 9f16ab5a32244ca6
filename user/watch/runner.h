/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The runner runs a program of the user once for each event, one at a time and in order. The event is in the
 * environment of the program. It is not passed to a shell or as arguments.
 *
 * A slow program loses events, and memory stays bounded: RUNNER_QUEUE events wait, and further ones are dropped and
 * counted. A program that runs for too long is terminated with its process group.
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

/* Each is like "ROLLCALL_NAME=node-b", or "" if the event has no such value. */
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
	bool full; /* the overflow was reported */

	pid_t pid; /* of the program that runs, the leader of its process group; 0: none runs */
	int pidfd; /* readable when the program has exited; or -1 */
	int timer; /* readable when the program has run for too long */
	bool asked, killed; /* SIGTERM, SIGKILL was sent */
	bool cannot_start; /* the failure was reported */

	uint64_t run, failed, ended, dropped;
};

#define RUNNER_NONE { .pidfd = -1, .timer = -1 }

/* PROGRAM is a path, or a name that is looked up in PATH. Returns 0 or -errno, reported. Close it in either case. */
int runner_open(struct runner *r, const char *program, uint64_t limit_ns);

void runner_add(struct runner *r, const struct table_info *info, const struct event *event);

/*
 * Reap a program that has exited, terminate one that runs for too long, and start the next one. Call it when PIDFD or
 * TIMER is readable, and after runner_add().
 */
void runner_turn(struct runner *r);

/* Terminate the program that runs, and drop waiting events. Report the counts if anything failed, or with -v. */
void runner_close(struct runner *r);

#endif
