/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The link-layer addresses of the groups as static entries in an interface's multicast list, so
 * that its NIC goes on letting announcements through when the loader, and the membership with it,
 * is dead. They say nothing to a switch. Like the record of them, they need the lock.
 */
#ifndef ROLLCALL_MCLIST_H
#define ROLLCALL_MCLIST_H

#include "slots.h"

/*
 * See to it that there are entries for these families, and that of the others none is left that we
 * made. What was there before is not ours. RECORD is written to SLOT first. A failure is reported with -v: the membership
 * stands.
 */
void mclist_hold(const struct table *t, uint32_t slot, struct rollcall_attachment *record, bool ipv4, bool ipv6);

/* Remove those that RECORD says we made. */
void mclist_release(const struct rollcall_settings *s, const struct rollcall_attachment *record);

#endif
