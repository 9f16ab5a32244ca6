/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The process that a record names as its loader: by pid, start time, so that a pid that is used again is not taken
 * for the same process, and PID namespace. A process that cannot be seen from here is not dead: it may be in another PID
 * namespace, or /proc may hide it (hidepid=).
 */
#ifndef ROLLCALL_PROCESS_H
#define ROLLCALL_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/attachment.h>

enum process_life {
	PROCESS_DEAD,	 /* or there is no loader */
	PROCESS_STOPPED, /* suspended by SIGSTOP or SIGTSTP: until SIGCONT it sweeps nothing and gives no hints */
	PROCESS_ALIVE,
	PROCESS_UNSEEN, /* it cannot be seen from here whether it lives */
};

/*
 * Does the loader of RECORD live? SWEPT: the table was scanned within the time that a living sweeper takes at most
 * (rollcall_admission_is_on()). It decides where the process exists and its start time is hidden.
 */
enum process_life process_life(const struct rollcall_attachment *record, bool swept);

/* Its pid if it lives and can be seen, else 0. */
int process_loader(const struct rollcall_attachment *record, bool swept);

/* May a pidfd of the recorded pid be opened here? Not in another PID namespace than the loader's. */
bool process_is_of_here(const struct rollcall_attachment *record);

#define PROCESS_NAME_BYTES 32 /* of kernel threads too */

/* NAME of process PID, of whatever bytes: /proc/PID/comm. Returns 0 or -errno. */
int process_name(int pid, char name[PROCESS_NAME_BYTES]);

/* Enter this process as the loader of RECORD. */
void process_set_loader(struct rollcall_attachment *record);

#endif
