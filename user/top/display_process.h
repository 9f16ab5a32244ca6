/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The display of `attach` is a child process, so that standard output never decides the life of the loader.
 *
 * The child has no capability (only CAP_BPF where the kernel rejects reads without it), and of the loader's descriptors
 * only one end of a pipe. It shows the table: on a terminal, in the foreground, as the interactive view (top.h), elsewhere
 * as lines (view/display.h). It writes to standard error the messages that the loader puts into the pipe. If standard error is
 * a terminal, the view shows them, and they are written when the view ends. The child exits at the end of the pipe, and not
 * because of a signal that asks for a stop.
 *
 * The terminal sends Ctrl-C to both processes, and only the loader obeys. `q` in the view sends SIGTERM to the loader. Ctrl-Z is
 * a key of the view: it gives the terminal back first, and then suspends both processes.
 *
 * The loader never waits for the pipe: a message that does not fit is dropped and counted, and the count goes first when there
 * is room again. The loader goes on without the child. Then messages go to standard error as far as there is room.
 */
#ifndef ROLLCALL_DISPLAY_PROCESS_H
#define ROLLCALL_DISPLAY_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct display_process {
	pid_t pid;
	int pidfd; /* readable when it has ended; -1: it has, and that was reported */
	bool begun;
};

#define DISPLAY_PROCESS_NONE { .pidfd = -1 }

/*
 * Fork it, before there is anything that it must not share. From now on the messages of this process go there. It follows the
 * table in DIR, which need not be there yet. DIR must outlive it. Returns 0 or -errno, reported.
 */
int display_process_start(struct display_process *p, const char *dir, bool json);

/*
 * There is a table: show it. For each turn, because the pipe may have been full: returns the descriptor that becomes writable
 * when it has room again, or -1 if nothing waits for that.
 */
int display_process_begin(struct display_process *p);

/* For when PIDFD is readable: report how it ended. */
void display_process_ended(struct display_process *p);

/* Let it show the end, and give it DISPLAY_PROCESS_END_MS for that. Messages go to standard error again. */
void display_process_stop(struct display_process *p);

#define DISPLAY_PROCESS_END_MS 500

#endif
