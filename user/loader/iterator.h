/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table iterator: a pin that prints the live table when it is read, with no tool at all.
 *
 * Optional: it needs the kernel's BTF, and a table is complete without it. While it is pinned it
 * holds the table's maps, so it is removed with them.
 */
#ifndef ROLLCALL_ITERATOR_H
#define ROLLCALL_ITERATOR_H

#include "table.h"

/*
 * Pin it in each of DIRS, up to a NULL, readable by all, unless one is there. What keeps it from being is
 * reported with -v.
 */
void iterator_provide(const char *const *dirs, const struct table *t);

#endif
