/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * This host as entries of the table, because the filter never records it. The hostname is the one that the filter
 * ignores on the interface as its own. The addresses are the source addresses of its announcements. It counts as
 * received now, and for the first time at boot.
 */
#ifndef ROLLCALL_SELF_H
#define ROLLCALL_SELF_H

#include "base/entries.h"
#include "watch/selection.h"

/*
 * Add an entry for each attached interface and family that SELECTION (NULL: all) takes. Nothing is added if this
 * process is not in the network namespace of T. Returns 0 or -errno, reported.
 */
int self_add(const struct rollcall_table *t, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
	     const struct selection *selection, uint64_t now_ns, struct entries *entries);

bool entry_is_self(const struct rollcall_entry *entry);

/* Is NAME one of this host's own, which are never recorded, while a filter is attached? Compared without case. */
bool self_is_named(const struct rollcall_attachment slots[ROLLCALL_SLOTS], const char *name);

#endif
