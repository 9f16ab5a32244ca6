/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Trails: the times between the last announcements of an entry. The table keeps only the time of the last announcement,
 * so the view samples the entries that are visible. A trail begins when the entry was first visible.
 */
#ifndef ROLLCALL_TRAILS_H
#define ROLLCALL_TRAILS_H

#include <rollcall/rollcall.h>

#define TRAIL_GAPS 32

struct trail {
	struct rollcall_peer_key key;
	uint64_t first_seen_ns, last_seen_ns, announcements, sampled_ns;
	uint64_t gaps_ns[TRAIL_GAPS]; /* the latest is the last one */
	int count;
};

/*
 * The list is on the heap and owned. A new entry replaces the one of its set that was not sampled for the longest time.
 */
struct trails {
	struct trail *list; /* NULL: none yet, or no memory */
};

void trails_sample(struct trails *t, const struct rollcall_entry *entry, uint64_t now_ns);

/* The trail of an entry, or NULL if it was not sampled. */
const struct trail *trails_find(const struct trails *t, const struct rollcall_peer_key *key);

void trails_free(struct trails *t);

#endif
