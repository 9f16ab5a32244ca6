/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sweeping: removing of the table what has not been received for longer than the expiry.
 *
 * The user-space half of the protocol in bpf/table.bpf.h. Nobody is lost to it: an entry is
 * removed in one atomic step with its value, and put back if it turns out to be fresh.
 */
#ifndef ROLLCALL_SWEEPER_H
#define ROLLCALL_SWEEPER_H

#include "table.h"

/* Told of each entry that left; ENTRY is valid only during the call. */
typedef void (*sweep_leave)(const struct rollcall_entry *entry, void *context);

struct sweep_report {
	uint64_t seen;	     /* entries looked at */
	uint64_t left;	     /* expired and removed */
	uint64_t put_back;   /* received in the very moment they were removed */
	bool room_again;     /* new hosts were rejected, and are admitted from now on */
	uint64_t oldest_ns;  /* last_seen_ns of the oldest live entry; UINT64_MAX if there is none */
};

/* One pass over the whole table. ON_LEAVE may be NULL. Returns 0 or -errno, not reported. */
int sweep(const struct table *t, sweep_leave on_leave, void *context, struct sweep_report *report);

/* The steps of it, apart so that a test can act between them. */

/* Take KEY out with its value. Returns 0, or -ENOENT when another process did. */
int sweep_take_out(const struct table *t, struct rollcall_entry *entry);
/* Is what came out fresh? */
bool sweep_must_put_back(const struct table *t, const struct rollcall_peer *peer, uint64_t now_ns);
/* Put a fresh entry back, as received now, unless a newer one is in already. Returns true when it was put back. */
bool sweep_put_back(const struct table *t, const struct rollcall_entry *entry);

/* When the next entry can expire, and at the latest after one expiry from NOW_NS. Boot time. */
uint64_t sweep_deadline_ns(const struct table *t, const struct sweep_report *report, uint64_t now_ns);

#endif
