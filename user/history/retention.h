/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Removes the oldest intervals: those that ended before a time, and more if the database is larger than a limit. */
#ifndef ROLLCALL_RETENTION_H
#define ROLLCALL_RETENTION_H

#include "database.h"

struct retention {
	uint64_t age_ns;   /* intervals that ended longer ago are removed; 0: none */
	uint64_t max_bytes; /* of the database without its log; 0: no limit */
};

/* Returns 0 or -errno, reported. Open intervals are never removed. */
int retention_apply(struct database *d, const struct retention *retention);

#endif
