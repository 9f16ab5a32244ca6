/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The addresses of this host, whose datagrams the filter never records, over either family. */
#ifndef ROLLCALL_OWN_ADDRESSES_H
#define ROLLCALL_OWN_ADDRESSES_H

#include "table.h"

struct own_addresses {
	size_t left_out; /* for which the map had no room at the last update; reported when it becomes more than 0 */
};

/*
 * Bring map `own_addresses` up to date, and remove entries from the table whose address has become
 * this host's own. Too many addresses are no failure: the rest is left out with a warning.
 * Returns 0 or -errno, reported.
 */
int own_addresses_update(struct own_addresses *own, const struct table *t);

#endif
