/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading a table for a command: the library's functions, with a message when one fails. */
#ifndef ROLLCALL_READER_H
#define ROLLCALL_READER_H

#include <rollcall/rollcall.h>

/* As rollcall_open(). Returns 0 or -errno, reported; after a failure there is nothing to close. */
int reader_open(struct rollcall_table *t, const char *dir);

/* As rollcall_slots(). Returns 0 or -errno, reported. */
int reader_slots(const struct rollcall_table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS]);

/*
 * The number of the attached interface NAME: its current name, an alternative name, or the recorded name where it is gone.
 * Returns 0 or -errno, reported.
 */
int reader_interface(const struct rollcall_table *t, const char *name, uint32_t *ifindex);

#endif
