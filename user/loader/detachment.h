/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A detach by another process than the loader: it removes filter and record, whether a loader lives or not, and
 * the table with the last attachment.
 */
#ifndef ROLLCALL_DETACHMENT_H
#define ROLLCALL_DETACHMENT_H

/*
 * Detach the interface NAME (NULL: all) of the table in DIR. A loader that lives learns of it by
 * a touch of a pin (attention.h), and is waited for if it has no other interface. Returns 0 or -errno, reported.
 */
int detachment_make(const char *dir, const char *name);

#endif
