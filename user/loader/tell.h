/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the filter heard that its people should know of: a line on standard error, once. */
#ifndef ROLLCALL_TELL_H
#define ROLLCALL_TELL_H

#include <rollcall/rollcall.h>

/*
 * Somebody else calls this host's own name: cloned machines are common. Not told if the address
 * is one of this host or was told last.
 */
void tell_clash(const struct rollcall_entry *heard, const char *ifname);

/* A newcomer was refused: the table is full, or its address holds its share of names. */
void tell_full(const struct rollcall_entry *refused, const struct rollcall_settings *settings, const char *ifname);
void tell_throttled(const struct rollcall_entry *refused, const struct rollcall_settings *settings, const char *ifname);

#endif
