/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rows of the list: the entries of the watcher's roster and those that left in the last minutes, as one row per host
 * or per entry, filtered and sorted. Making them costs time for each entry of the table; nothing else in this room does.
 */
#ifndef ROLLCALL_ROWS_H
#define ROLLCALL_ROWS_H

#include "departures.h"
#include "view/order.h"

#define FILTER_BYTES 64

/* Which rows, in which order. The filter is a part of a hostname or address, or a glob for the whole; "": all. */
struct arrangement {
	enum hosts_rows kind;
	enum order order;
	bool reverse;
	char filter[FILTER_BYTES];
};

/* What the summary counts: hosts, whatever the filter. */
struct tally {
	size_t hosts, conflicts;
	size_t joined, left; /* in the last minute */
	uint64_t due_ns;     /* when one of them is different, if nothing else happens */
};

struct rows {
	struct snapshot all; /* sorted by hostname */
	struct hosts shown;
	struct tally tally;
};

/*
 * Take the entries for rows of KIND. D is settled for ROSTER. ROWS->shown is empty until rows_arrange(). Returns 0 or
 * -ENOMEM, reported.
 */
int rows_take(struct rows *r, const struct roster *roster, const struct departures *d, enum hosts_rows kind,
	      const struct moment *now);

/* Make ROWS->shown of the entries that were taken, for the same kind. Returns 0 or -ENOMEM, reported. */
int rows_arrange(struct rows *r, const struct arrangement *a, const struct table_info *info);

/* Count again. */
void rows_count(struct rows *r, const struct departures *d, const struct table_info *info);

/* The entries of the host NAME, with those that left, as if they were a row. Its count is 0 if there are none. */
struct host rows_find_host(const struct rows *r, const char *name);

/* What a row says of all its entries, after these were changed in place. */
void row_sum_up(struct host *row);

void rows_free(struct rows *r);

#endif
