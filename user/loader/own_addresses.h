/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The IPv4 addresses of this host, from which Linux takes nothing that comes off a wire. */
#ifndef ROLLCALL_OWN_ADDRESSES_H
#define ROLLCALL_OWN_ADDRESSES_H

#include "table.h"

/*
 * Bring map `own_addresses` up to date, and take entries out of the table whose address has become
 * ours. Returns 0 or -errno, said.
 */
int own_addresses_update(const struct table *t);

#endif
