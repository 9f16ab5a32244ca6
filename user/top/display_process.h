/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The display of `attach` is a child process, so that a blocked or failed standard output does not stop the loader.
 *
 * The child has no capability (only CAP_BPF if the kernel rejects reads without it). Of the loader's descriptors it has
 * only one end of a pipe. It shows the table as the interactive view (top.h) if it is on a terminal, in the foreground;
 * otherwise as lines (view/display.h). It writes the messages that it receives by the pipe to standard error. If
 * standard error is a terminal, the view shows the messages, and they are written when the view ends. The child exits
 * at the end of the pipe. It ignores signals that ask for a stop.
 *
 * The terminal sends Ctrl-C to both processes, and only the loader stops for it. `q` in the view sends SIGTERM to the
 * loader. Ctrl-Z is a key of the view: the view restores the terminal first, and then suspends both processes.
 *
 * The loader never waits for the pipe. A message that does not fit is dropped and counted, and the count is reported
 * before the next message that fits. The loader goes on if the child exits. It then writes messages to standard error,
 * as far as there is room.
 */
#ifndef ROLLCALL_DISPLAY_PROCESS_H
#define ROLLCALL_DISPLAY_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct display_process {
	pid_t pid;
	int pidfd; /* readable when the child has exited; -1: it has, and this was reported */
	bool begun;
};

#define DISPLAY_PROCESS_NONE { .pidfd = -1 }

/*
 * Fork the child. Call it before the loader opens anything that the child must not share. The messages of this process
 * go to the child from now on. It follows the table in DIR, which need not exist yet. DIR must outlive P. Returns 0 or
 * -errno, reported.
 */
int display_process_start(struct display_process *p, const char *dir, bool json);

/*
 * Signal to the child that the table exists. The pipe may be full, so call it in each turn. Returns a descriptor to poll for
 * room, or -1 if nothing is left to write.
 */
int display_process_begin(struct display_process *p);

/* Report how the child exited. Call it when PIDFD is readable. */
void display_process_ended(struct display_process *p);

/*
 * Close the pipe, and wait at most DISPLAY_PROCESS_END_MS for the child to write the last events. Messages go to
 * standard error again.
 */
void display_process_stop(struct display_process *p);

#define DISPLAY_PROCESS_END_MS 500

#endif
