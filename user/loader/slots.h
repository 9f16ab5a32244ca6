/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who is attached where: the records of map `interfaces` (attachment.h), a slot each.
 * Writers hold the lock of the pin directory.
 */
#ifndef ROLLCALL_SLOTS_H
#define ROLLCALL_SLOTS_H

#include <stdbool.h>

#include "lib/slots.h"
#include "table.h"

/* All records; slots that are free have ifindex 0. Returns 0 or -errno, reported. */
int slots_read(const struct table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS]);
/* Does the loader of RECORD live? One that cannot be seen lives as long as the table is swept. */
bool slot_has_loader(const struct table *t, const struct rollcall_attachment *record);

/* How to get rid of the loader of RECORD, which lives: a remedy for fail(). */
const char *slot_loader_remedy(const struct rollcall_attachment *record);
int slot_write(const struct table *t, uint32_t slot, const struct rollcall_attachment *record);

#endif
