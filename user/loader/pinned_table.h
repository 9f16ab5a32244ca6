/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table that an attach uses: the pinned one if it suits, else a new one. What an attach does with it
 * is not its subject. Needs the lock of the pin directory.
 */
#ifndef ROLLCALL_PINNED_TABLE_H
#define ROLLCALL_PINNED_TABLE_H

#include "request.h"
#include "table.h"

/*
 * Open the table that is pinned and agrees with REQUEST, or make it. With request->replace, one that does not
 * agree is discarded. Returns 0 or -errno, reported.
 */
int pinned_table_provide(struct table *t, const struct attach_request *request);

/* Does it have an attachment? Also true if that cannot be read. */
bool pinned_table_is_used(const struct table *t);

#endif
