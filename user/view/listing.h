/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A list of hosts or entries of a table: the selection, the order and the format. */
#ifndef ROLLCALL_LISTING_H
#define ROLLCALL_LISTING_H

#include "order.h"
#include "write.h"
#include "watch/selection.h"

struct listing {
	const struct rollcall_table *table; /* NULL: no table, and an empty list */
	struct selection selection;
	const struct peers_writer *writer; /* NULL: text */
	const struct fields *fields;	   /* of an entry, for the writer */
	struct text_style style;
	enum hosts_rows rows; /* of text */
	enum order order;
	bool reverse, only_count;
	bool self; /* include this host */
	FILE *out;
};

/* Returns 0 or -errno, reported. Failed writes are not reported here: ferror(3) of the stream is true after them. */
int listing_write(const struct listing *l);

/* Write the hosts of T as targets for Prometheus, each with PORT. Returns as listing_write() does. */
int listing_write_targets(FILE *out, const struct rollcall_table *t, unsigned int port);

#endif
