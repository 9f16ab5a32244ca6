/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The orders that peers can be listed in. Where they are alike, they go by name. */
#ifndef ROLLCALL_ORDER_H
#define ROLLCALL_ORDER_H

#include "snapshot.h"

enum order { ORDER_NAME, ORDER_ADDRESS, ORDER_DEV, ORDER_AGE, ORDER_UP, ORDER_HEARD, ORDER_NONE };

/* The order of this name, or -EINVAL, not logged. */
int order_named(const char *name);

/*
 * Digits in names go by their value, as strverscmp(3) has it; entries of one name by family, then
 * interface. ORDER_NONE leaves the entries as the walk found them. SLOTS has the interfaces' names: only
 * ORDER_DEV needs it, otherwise it may be NULL.
 */
void order_apply(enum order order, struct snapshot *s, const struct rollcall_attachment slots[ROLLCALL_SLOTS]);

#endif
