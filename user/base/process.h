/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The loader of an attachment. The record identifies it by its pid, its start time and its PID namespace. The start
 * time distinguishes it from a later process with the same pid. A process that cannot be seen from here may still be
 * alive: it may be in another PID namespace, or /proc may hide it (hidepid=).
 */
#ifndef ROLLCALL_PROCESS_H
#define ROLLCALL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/attachment.h>

enum process_life {
	PROCESS_DEAD,	 /* or there is no loader */
	PROCESS_STOPPED, /* suspended by SIGSTOP or SIGTSTP: until SIGCONT it neither sweeps nor wakes watchers */
	PROCESS_ALIVE,
	PROCESS_UNSEEN, /* whether it is alive cannot be seen from here */
};

/*
 * Is the loader of RECORD alive? SWEPT means that the table was scanned recently enough for a live sweeper
 * (rollcall_admission_is_on()). It decides the case of a process that exists and whose start time is hidden.
 */
enum process_life process_life(const struct rollcall_attachment *record, bool swept);

/* The pid of the loader if it is PROCESS_ALIVE, else 0. */
int process_loader(const struct rollcall_attachment *record, bool swept);

/* Is the loader in this PID namespace, so that its pid is valid here? */
bool process_is_of_here(const struct rollcall_attachment *record);

#define PROCESS_NAME_BYTES 32 /* of kernel threads too */

/* Read the name of process PID from /proc/PID/comm. It may contain any byte. Returns 0 or -errno. */
int process_name(int pid, char name[PROCESS_NAME_BYTES]);

/* Record this process as the loader of RECORD. */
void process_set_loader(struct rollcall_attachment *record);

#endif
