/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads the history: the hosts, and their intervals during a time. */
#ifndef ROLLCALL_LOOKUP_H
#define ROLLCALL_LOOKUP_H

#include "database.h"
#include "interval.h"
#include "watch/selection.h"

struct lookup {
	struct database *database;
	struct selection selection; /* IFINDEX is not used: the history has names of interfaces */
	int64_t since_ms, until_ms; /* intervals that were present at some time between them */
	int last;		    /* instead, if not 0: so many last intervals of each entry, at whatever time */
	/* Asked once per host, in the order of the visits, or NULL: are its intervals read? CONTEXT is that of the visit. */
	bool (*takes_host)(const char *hostname, void *context);
};

/* PAST is valid only during the call, and may be changed. Returns 0 to go on, or another value, which ends the reading. */
typedef int (*lookup_visit)(struct past *past, void *context);

/*
 * Visit the selected hosts that have an interval, sorted by hostname. Returns 0, the value of VISIT, or -errno, reported.
 * All is read in one transaction, so a recorder that writes meanwhile changes nothing.
 */
int lookup_each(const struct lookup *lookup, lookup_visit visit, void *context);

/* A time during which no recorder wrote. It is not known which hosts came and left. */
struct gap {
	int64_t begin_ms, end_ms;
};

/* Read the gaps between two times into a list on the heap, which the caller frees. Returns 0 or -errno, reported. */
int lookup_gaps(struct database *d, int64_t since_ms, int64_t until_ms, struct gap **gaps, size_t *count);

/* Until when the open intervals are known, in ms since 1970. RUNS says whether the recorder still writes it. */
int64_t lookup_known_until(struct database *d, bool *runs);

#endif
