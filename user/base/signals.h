/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Signals. A signal that was ignored when the program started (nohup(1), a shell without job control) stays ignored.
 * The exception is SIGCHLD, which gets its default disposition: while it is ignored, the kernel does not keep the exit
 * status of a child.
 */
#ifndef ROLLCALL_SIGNALS_H
#define ROLLCALL_SIGNALS_H

/* Save the dispositions and the mask. main() calls it first. */
void signals_begin(void);

/*
 * Open a signalfd for SIGNALS, a list that ends with 0, and block them. SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGTSTP
 * are left out if they were ignored at the start. SIGPIPE is ignored, so a write to a pipe without a reader fails with
 * EPIPE. Returns the descriptor, or -errno, reported.
 */
int signals_open(const int *signals);

/* Ignore and unblock SIGNALS, a list that ends with 0. */
void signals_ignore(const int *signals);

/* The next signal of a signalfd, or 0. */
int signals_next(int signal_fd);

/* Suspend this process by the default action of SIGTSTP, which is blocked. Returns when the process is continued. */
void signals_suspend(void);

/* Restore the saved dispositions and mask, in a child process before it executes another program. */
void signals_restore(void);

/*
 * Terminate this process by SIGPIPE, as a write to a pipe without a reader does by default. The saved dispositions and
 * mask are restored first, so it returns if SIGPIPE was ignored at the start.
 */
void signals_end_by_pipe(void);

#endif
