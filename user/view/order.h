/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The columns that hosts can be sorted by. Hosts that are alike in the column go by hostname. */
#ifndef ROLLCALL_ORDER_H
#define ROLLCALL_ORDER_H

#include "hosts.h"

enum order {
	ORDER_HOSTNAME, ORDER_ADDRESS, ORDER_INTERFACE, ORDER_AGE, ORDER_EXPIRES, ORDER_SINCE, ORDER_RECEIVED, ORDER_NOTE, ORDER_NONE,
};

/* "hostname", "address", ...; the first ones are called as the columns, in their order. */
const char *order_name(enum order order);

/* The order of this name, or -EINVAL, not logged. */
int order_named(const char *name);

/*
 * Sort rows as hosts_group() has left them. ORDER_NONE leaves them so. AGE, EXPIRES, SINCE and RECEIVED have the least, the
 * least, the longest and the most first; REVERSE has the opposite order, of rows that are alike too.
 */
void order_apply(enum order order, bool reverse, const struct table_info *info, struct hosts *h);

#endif
