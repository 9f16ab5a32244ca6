/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The events that a watcher reports, and the table data that is required to write an entry as text. */
#ifndef ROLLCALL_WATCH_EVENT_H
#define ROLLCALL_WATCH_EVENT_H

#include <rollcall/rollcall.h>

#include "base/clock.h"

/* Data of the table that entries belong to. It owns nothing. */
struct table_info {
	const struct rollcall_settings *settings;
	const struct rollcall_attachment *slots; /* ROLLCALL_SLOTS of them */
	struct moment now;
};

struct event {
	const char *event;  /* "join", "move", "conflict", "leave", "resync" */
	const char *reason;
	uint64_t boot_ns;   /* when */
	const struct rollcall_entry *entry; /* NULL for a resync: the joins of a new table follow */
	const struct rollcall_entry *previous; /* of a move or conflict: the previous address; else NULL */
};

#endif
