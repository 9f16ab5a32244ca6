/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * All that is known of a table at one moment but who is in it: gathered once, for whoever writes
 * it down. Nothing here writes.
 */
#ifndef ROLLCALL_STATUS_H
#define ROLLCALL_STATUS_H

#include "health.h"
#include "write.h"

/* Live ones of an interface. */
struct peer_counts {
	size_t ipv4, ipv6;
};

/* Never copied: the info points to the slots. */
struct status {
	struct table_info info;
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	struct rollcall_counts counts[ROLLCALL_SLOTS];
	struct health health[ROLLCALL_SLOTS];
	struct rollcall_state state;
	size_t live;				     /* peers */
	struct peer_counts peers[ROLLCALL_SLOTS]; /* of them, by slot */
	struct peer_counts elsewhere;		     /* heard on what is attached no more */
};

/* Does a loader sweep the table, also one that cannot be seen from here? */
bool status_is_swept(const struct status *status);
/* Does the loader of SLOT live? One that cannot be seen lives as long as the table is swept. */
bool status_has_loader(const struct status *status, int slot);

/* Returns 0 or -errno, said. */
int status_take(const struct rollcall_table *t, struct status *status);

#endif
