/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reading a table for a command: library functions that report their failures. */
#ifndef ROLLCALL_READER_H
#define ROLLCALL_READER_H

#include <rollcall/rollcall.h>

/* rollcall_open() with messages. Returns 0 or -errno, reported; after a failure there is nothing to close. */
int reader_open(struct rollcall_table *t, const char *dir);

/* rollcall_slots() with messages. Returns 0 or -errno, reported. */
int reader_slots(const struct rollcall_table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS]);

/*
 * Find the number of the attached interface NAME. NAME is its current name, an alternative name, or the recorded name
 * of an interface that does not exist. Returns 0 or -errno, reported.
 */
int reader_interface(const struct rollcall_table *t, const char *name, uint32_t *ifindex);

#endif
