/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The entries of one interface as a whole, when the interface is another one now, or nobody's. */
#ifndef ROLLCALL_PEERS_H
#define ROLLCALL_PEERS_H

#include "table.h"

/*
 * What was received on interface FROM is from now on received on TO: each entry goes on under the other
 * key with all that it knows, and is missing at no moment. No filter may record for FROM any more,
 * nor for TO yet. Returns 0 or -errno, not reported: then some are still where they were.
 */
int peers_carry_over(const struct table *t, uint32_t from, uint32_t to);

/* Nobody listens on IFINDEX any more. Returns 0 or -errno, not reported. */
int peers_forget(const struct table *t, uint32_t ifindex);

#endif
