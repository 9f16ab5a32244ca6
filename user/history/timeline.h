/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The time line of a host: a time in slots of equal length, and how much of each the host was here. */
#ifndef ROLLCALL_TIMELINE_H
#define ROLLCALL_TIMELINE_H

#include "interval.h"
#include "lookup.h"

#define TIMELINE_SLOTS_MAX 1000

/* The cells of a time line. They are digits, so that the JSON has them as a text. */
#define CELL_ABSENT  '0'
#define CELL_PARTLY  '1'
#define CELL_PRESENT '2'
#define CELL_UNKNOWN '3' /* it is not known to be here, and the recorder did not write */

struct timeline {
	int64_t since_ms, until_ms; /* UNTIL is later than SINCE */
	size_t slots;		    /* 1 to TIMELINE_SLOTS_MAX */
	const struct gap *gaps;
	size_t gap_count;
};

/* Fill CELLS, which has room for the slots and a NUL. PAST may be joined or not. */
void timeline_fill(const struct timeline *t, const struct past *past, char *cells);

#endif
