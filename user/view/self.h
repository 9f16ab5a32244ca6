/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * This host as entries of the table: the filter never records it. Its hostname is what the filter takes for its own on that
 * interface, its addresses are those that it announces from, and it counts as received now, for the first time at boot.
 */
#ifndef ROLLCALL_SELF_H
#define ROLLCALL_SELF_H

#include "base/entries.h"
#include "watch/selection.h"

/*
 * Add an entry for each attached interface and family that SELECTION (NULL: all) takes. In another network namespace than
 * that of T there is nothing to add. Returns 0 or -errno, reported.
 */
int self_add(const struct rollcall_table *t, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
	     const struct selection *selection, uint64_t now_ns, struct entries *entries);

bool entry_is_self(const struct rollcall_entry *entry);

#endif
