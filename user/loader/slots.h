/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who is attached where: the records of map `interfaces` (attachment.h), a slot each.
 * Writers hold the lock of the pin directory.
 */
#ifndef ROLLCALL_SLOTS_H
#define ROLLCALL_SLOTS_H

#include <stdbool.h>

#include "table.h"

/* All records; slots that are free have ifindex 0. Returns 0 or -errno, said. */
int slots_read(const struct table *t, struct rollcall_attachment slots[ROLLCALL_SLOTS]);
int slot_write(const struct table *t, uint32_t slot, const struct rollcall_attachment *record);

/* The slot of an interface, or of any that is free when IFINDEX is 0; or -ENOENT. */
int slot_find(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t ifindex);
/* The same by name, as it was when attached. */
int slot_find_name(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const char *ifname);

/* The pid of the loader that has this interface, or 0 when it is dead or there is none. */
int slot_loader(const struct rollcall_attachment *record);
/* Enter this process as the loader of RECORD. */
void slot_set_loader(struct rollcall_attachment *record);

const char *mode_name(uint32_t mode);

#endif
