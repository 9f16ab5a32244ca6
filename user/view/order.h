/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The columns that hosts can be sorted by. Hosts with equal values are sorted by hostname. */
#ifndef ROLLCALL_ORDER_H
#define ROLLCALL_ORDER_H

#include "hosts.h"

enum order {
	ORDER_HOSTNAME, ORDER_ADDRESS, ORDER_INTERFACE, ORDER_AGE, ORDER_EXPIRES, ORDER_SINCE, ORDER_RECEIVED, ORDER_NOTE, ORDER_NONE,
};

/* "hostname", "address", ...: the names of the columns, in their order, and "none". */
const char *order_name(enum order order);

/* The order with this name, or -EINVAL, not logged. */
int order_named(const char *name);

/*
 * Sort rows that hosts_group() has made. ORDER_NONE does not change their order. AGE and EXPIRES sort the least first,
 * SINCE the longest, and RECEIVED the most. REVERSE also reverses the order of rows with equal values.
 */
void order_apply(enum order order, bool reverse, const struct table_info *info, struct hosts *h);

#endif
