/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Network namespaces: a table belongs to one, because interface numbers are not valid in another one. */
#ifndef ROLLCALL_NETNS_H
#define ROLLCALL_NETNS_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/settings.h>

/* The identity of this network namespace: unique until the next boot. Returns 0 or -errno. */
int netns_cookie(uint64_t *cookie);

/* Does the table with these settings belong to this network namespace? */
bool netns_is_of(const struct rollcall_settings *settings);

#endif
