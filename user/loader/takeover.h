/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What an earlier loader left for the interface that an attach is about: the slot with its record,
 * and the entries under a former interface number.
 *
 * It changes no filter and writes no record. Needs the lock of the pin directory.
 */
#ifndef ROLLCALL_TAKEOVER_H
#define ROLLCALL_TAKEOVER_H

#include "net/netdev.h"
#include "slots.h"

/*
 * Find the slot for DEV: the one that has its number, or one that has its name and a number that no interface
 * has now, or a free one. LEFT is what the slot records; its ifindex is 0 in a free slot. Returns 0 or -errno,
 * reported: a living loader has the interface, or no slot is free.
 */
int takeover_find(const struct table *t, const struct netdev *dev, uint32_t *slot, struct rollcall_attachment *left);

/*
 * Carry the entries of interface FROM, whose name was IFNAME, over to interface TO. No filter may record for
 * either. A failure is reported, and those entries stay until they expire.
 */
void takeover_entries(const char *dir, const struct table *t, const char *ifname, uint32_t from, uint32_t to);

#endif
