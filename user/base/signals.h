/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Signals of the program, in one place. The rule: a signal that was ignored when the program started (nohup(1),
 * a shell without job control) stays ignored. SIGCHLD alone is set to its default, because the kernel does not
 * keep the exit status of a child while it is ignored.
 */
#ifndef ROLLCALL_SIGNALS_H
#define ROLLCALL_SIGNALS_H

/* For main(), first: remember dispositions and mask as they are. */
void signals_begin(void);

/*
 * A signalfd of SIGNALS, up to a 0, which are blocked from now on. SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGTSTP are left
 * out if they were ignored at the start. A write to a pipe without a reader is an error from now on.
 * Returns the descriptor, or -errno, reported.
 */
int signals_open(const int *signals);

/* Ignore SIGNALS, up to a 0, and no longer block them. */
void signals_ignore(const int *signals);

/* The next signal of a signalfd, or 0. */
int signals_next(int signal_fd);

/* Suspend this process as SIGTSTP does by default, which is blocked. Returns when it is continued. */
void signals_suspend(void);

/* For a child process, before it executes another program: dispositions and mask as they were at the start. */
void signals_restore(void);

/*
 * Terminate this process as a write to a pipe without a reader does that by default. Returns if SIGPIPE was ignored at
 * the start. Dispositions and mask are as they were then.
 */
void signals_end_by_pipe(void);

#endif
