/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rows of the list: the entries of the watcher's roster and those that left in the last minutes, as one row per
 * host or per entry, filtered and sorted. Only making the rows takes time proportional to the number of entries.
 */
#ifndef ROLLCALL_ROWS_H
#define ROLLCALL_ROWS_H

#include "departures.h"
#include "view/order.h"

#define FILTER_BYTES 64

/*
 * Which rows, in which order. The filter is a part of a hostname or address, or a glob that matches all of it; "": all.
 */
struct arrangement {
	enum hosts_rows kind;
	enum order order;
	bool reverse;
	char filter[FILTER_BYTES];
};

/* The numbers of the summary. They count all hosts, without the filter. */
struct tally {
	size_t hosts, conflicts;
	size_t joined, left; /* in the last minute */
	uint64_t due_ns;     /* when a number changes by the passing of time */
};

struct rows {
	struct snapshot all; /* sorted by hostname */
	struct hosts shown;
	struct tally tally;
};

/*
 * Copy the entries for rows of KIND. departures_settle() was called for D and ROSTER. R->shown is empty until
 * rows_arrange(). Returns 0 or -ENOMEM, reported.
 */
int rows_take(struct rows *r, const struct roster *roster, const struct departures *d, enum hosts_rows kind,
	      const struct moment *now);

/* Make R->shown of the copied entries. A->kind is the KIND of rows_take(). Returns 0 or -ENOMEM, reported. */
int rows_arrange(struct rows *r, const struct arrangement *a, const struct table_info *info);

/* Update R->tally. */
void rows_count(struct rows *r, const struct departures *d, const struct table_info *info);

/* The entries of the host NAME, with those that left, as a row. Its count is 0 if there are none. */
struct host rows_find_host(const struct rows *r, const char *name);

/* Compute the times and the sum of a row again, after its entries were changed in place. */
void row_sum_up(struct host *row);

void rows_free(struct rows *r);

#endif
