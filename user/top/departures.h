/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The entries that left in the last minutes, with the reasons that the watcher reported. */
#ifndef ROLLCALL_DEPARTURES_H
#define ROLLCALL_DEPARTURES_H

#include "watch/roster.h"

#define DEPARTURES_KEPT_NS (300 * NS_PER_S)
#define DEPARTURES_MAX	   131072

struct departure {
	struct rollcall_entry entry;
	const char *reason; /* of its last leave event; a string constant */
	uint64_t left_ns;
};

struct departures {
	struct departure *list; /* after departures_settle(): one per key, sorted by key */
	size_t count, room;
	size_t settled; /* the first SETTLED of them are sorted */
};

/* Add the entry of a leave event. Without memory it is dropped. */
void departures_add(struct departures *d, const struct event *event);

/*
 * Remove departures of entries that are in ROSTER again, and those older than DEPARTURES_KEPT_NS. If more than
 * DEPARTURES_MAX are left, remove the oldest.
 */
void departures_settle(struct departures *d, const struct roster *roster, uint64_t now_ns);

/* The departure of the entry with this key, or NULL. */
const struct departure *departures_find(const struct departures *d, const struct rollcall_peer_key *key);

/* When the next departure is removed because of its age; UINT64_MAX: there is none. */
uint64_t departures_due_ns(const struct departures *d);

void departures_free(struct departures *d);

#endif
