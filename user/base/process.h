/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Processes by pid and start time, so that a pid that is used again is not taken for the same process. */
#ifndef ROLLCALL_PROCESS_H
#define ROLLCALL_PROCESS_H

#include <stdint.h>

#include <rollcall/attachment.h>

/* The pid of the loader that has this interface, or 0 when it is dead or there is none. */
int process_loader(const struct rollcall_attachment *record);
/* Enter this process as the loader of RECORD. */
void process_set_loader(struct rollcall_attachment *record);

#endif
