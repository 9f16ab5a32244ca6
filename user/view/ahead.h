/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Is the filter attached, and which program runs ahead of it, which may keep every frame from it? */
#ifndef ROLLCALL_AHEAD_H
#define ROLLCALL_AHEAD_H

#include <stdbool.h>

#include <rollcall/attachment.h>

#define AHEAD_BYTES 96

/*
 * Write the first one to TEXT, as "tcx program 'NAME' (id 7)". Returns false if there is none, or if it cannot be
 * seen: tcx takes CAP_NET_ADMIN. Programs of rollcall never end a chain and are not meant.
 */
bool ahead_find(const struct rollcall_attachment *a, char text[AHEAD_BYTES]);

/* Is it known that the filter itself is not attached? */
bool ahead_misses_filter(const struct rollcall_attachment *a);

#endif
