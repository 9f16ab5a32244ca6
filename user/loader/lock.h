/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The locks of a pin directory:
 *
 *	DIR/lock		held by an attach, detach or stop as long as it changes anything
 *	DIR/lock/sweep		held by the one loader that sweeps, for as long as it lives
 *
 * flock(2) requires no more than read permission, and a BPF file system has no regular files. Therefore
 * these are directories of mode 0700: only the owner can open them. A directory of another owner or mode is not locked.
 */
#ifndef ROLLCALL_LOCK_H
#define ROLLCALL_LOCK_H

/*
 * Create DIR if need be, and take its lock. Waits for at most 10 s while another process has it, reports
 * after one second which, and stops waiting when a signal that ends this process is pending. Returns a
 * descriptor that holds the lock until it is closed, or -errno, reported.
 */
int lock_take(const char *dir);
/* The same for a DIR that must exist with its lock: -ENOENT, not reported, when it does not. Creates nothing. */
int lock_take_existing(const char *dir);
/*
 * The same, but a DIR without a lock gets one: a start that was killed may have left it so. The caller removes both if
 * there is no table.
 */
int lock_take_leftovers(const char *dir);
/* The same, but -EWOULDBLOCK, not reported, while another process has it. */
int lock_try(const char *dir);

/*
 * Become the process that sweeps. Returns a descriptor that holds the part until it is closed,
 * -EWOULDBLOCK while another process has it, or another -errno, not reported.
 */
int lock_try_sweep(const char *dir);

#define LOCK_HOLDER_BYTES 64

/* The process that has the lock of DIR, of whatever program, for a message: "process 12 (name)". Returns TEXT. */
const char *lock_holder_text(const char *dir, char text[LOCK_HOLDER_BYTES]);
/* The process that has the part of the sweeper of DIR; 0 if it is not known. */
int lock_sweeper(const char *dir);

/*
 * The process that sweeps a table of layout 4 or less, whose loaders lock DIR/links. Returns 0 when there is none,
 * 1 when there is one; *PID is 0 if it is not known.
 */
int lock_has_old_sweeper(const char *dir, int *pid);

/* Remove both directories. Needs the lock. */
void lock_remove(const char *dir);

#endif
