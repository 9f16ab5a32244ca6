/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a watcher reports, and what is needed in addition to an entry to write it as text. */
#ifndef ROLLCALL_WATCH_EVENT_H
#define ROLLCALL_WATCH_EVENT_H

#include <rollcall/rollcall.h>

#include "base/clock.h"

/* Of the table that entries come from. It owns nothing. */
struct table_info {
	const struct rollcall_settings *settings;
	const struct rollcall_attachment *slots; /* ROLLCALL_SLOTS of them */
	struct moment now;
};

struct event {
	const char *event;  /* "join", "move", "conflict", "leave", "resync" */
	const char *reason;
	uint64_t boot_ns;   /* when */
	const struct rollcall_entry *entry; /* NULL of a resync: another table follows, with joins of its own */
	const struct rollcall_entry *previous; /* of a move or conflict: it has the address before; else NULL */
};

#endif
