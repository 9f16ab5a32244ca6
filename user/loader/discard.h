/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* --replace: away with a table and with all that records into it, but never from under a living loader. */
#ifndef ROLLCALL_DISCARD_H
#define ROLLCALL_DISCARD_H

#include "table.h"

/*
 * The table in DIR. DISAGREEMENT: what is wrong with it: TABLE_OTHER_LAYOUT, -EXDEV when it belongs
 * to another network namespace, -EEXIST when its settings are others. What cannot be removed is
 * said. Needs the lock. Returns 0 or -errno, reported; then the table is still there.
 */
int discard_table(const char *dir, const struct table *t, int disagreement);

#endif
