/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What announcing takes from the command line, in `rollcall attach`, `rollcall announce` and rollcall-announce. */
#ifndef ROLLCALL_ANNOUNCING_H
#define ROLLCALL_ANNOUNCING_H

#include "announce/announcer.h"
#include "base/clock.h"
#include "option.h"

#define MIN_INTERVAL_NS (100 * NS_PER_MS)

#define ANNOUNCING_USAGE                                                                                   \
	{                                                                                                  \
		"announce", "[IFACE...]", FOR_ANNOUNCE, 0, ROLLCALL_SLOTS,                                 \
		"Announce this host: on IFACE, or on every suitable interface",                            \
		"  rollcall announce                    on every suitable interface\n"                     \
		"  rollcall announce eth0 --hostname a  as 'a', only on eth0\n"                            \
	}

#define ANNOUNCING_DEFAULTS                                  \
	{                                                    \
		.interval_ns = ROLLCALL_INTERVAL_NS,         \
		.ipv4 = true,                                \
		.ipv6 = true,                                \
		.port = ROLLCALL_PORT,                       \
		.group4 = ROLLCALL_GROUP4,                   \
		.group6 = ROLLCALL_GROUP6,                   \
		.prefix = ROLLCALL_PREFIX,                   \
		.prefix_bytes = sizeof(ROLLCALL_PREFIX) - 1, \
	}

/*
 * Take the value of an option of announcing; of other options nothing is taken. VALUE must outlive CONFIG.
 * Returns as option_take does.
 */
const char *announcing_take(struct announcer_config *config, enum option_id id, const char *value);

/* Over which families, by -4 and -6. */
void announcing_set_families(struct announcer_config *config, const struct words *words);

#endif
