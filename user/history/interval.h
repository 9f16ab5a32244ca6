/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Intervals of presence, as they are read from the history. */
#ifndef ROLLCALL_INTERVAL_H
#define ROLLCALL_INTERVAL_H

#include <stddef.h>

#include <rollcall/rollcall.h>

/* An interval of one entry. */
struct interval {
	struct rollcall_entry entry; /* hostname, family, address; first_seen_ns is the time of the interval, in ms */
	char interface[ROLLCALL_IFNAME_TEXT];
	int64_t begin_ms, end_ms; /* since 1970; of one that is here: the time until which it is known */
	bool is_here;		  /* it has not ended, and the recorder runs */
	char reason[16];	  /* why it ended: "expired", "detached", "removed", "goodbye", "unknown"; "" if it is here */
};

/* A host and its intervals, sorted by their beginnings. */
struct past {
	const char *hostname;
	int64_t last_seen_ms; /* the last announcement that is known */
	bool is_here;
	struct interval *list;
	size_t count;
};

/*
 * Join intervals of PAST that overlap, in place: one per stay of the host. A stay has the primary address, and the reason
 * of the interval that ended last.
 */
void past_join(struct past *past);

/* An interval that is here, or the one that ended last: of several the one with the primary address. */
const struct interval *past_newest(const struct past *past);

/* The address, with the interface as the scope of a link-local one. Returns TEXT. */
char *interval_address_text(const struct interval *interval, char text[ROLLCALL_ADDRESS_TEXT]);

#endif
