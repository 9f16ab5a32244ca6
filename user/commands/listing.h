/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A list of hosts or entries of a table: what is taken, in which order, and how it is written. */
#ifndef ROLLCALL_LISTING_H
#define ROLLCALL_LISTING_H

#include "view/order.h"
#include "view/write.h"
#include "watch/selection.h"

struct listing {
	const struct rollcall_table *table; /* NULL: there is none, and the list is empty */
	struct selection selection;
	const struct peers_writer *writer; /* NULL: text */
	const struct fields *fields;	   /* of an entry, for the writer */
	struct text_style style;
	enum hosts_rows rows; /* of text */
	enum order order;
	bool reverse, only_count;
	bool self; /* this host too */
	FILE *out;
};

/* Returns 0 or -errno, reported. What could not be written, ferror(3) of the stream has. */
int listing_write(const struct listing *l);

#endif
