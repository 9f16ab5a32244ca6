/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Checks whether the filter is attached, and which program runs ahead of it. That program may hide every frame from it.
 */
#ifndef ROLLCALL_AHEAD_H
#define ROLLCALL_AHEAD_H

#include <stdbool.h>

#include <rollcall/attachment.h>

#define AHEAD_BYTES 96

/*
 * Write the first program ahead of the filter to TEXT, as "tcx program 'NAME' (id 7)". Returns 1, 0 if none was found,
 * or -EPERM if none was found and tcx programs cannot be listed, which requires CAP_NET_ADMIN. Programs of rollcall are
 * skipped, because they never end a chain.
 */
int ahead_find(const struct rollcall_attachment *a, char text[AHEAD_BYTES]);

/* Is it known that the filter itself is not attached? */
bool ahead_misses_filter(const struct rollcall_attachment *a);

#endif
