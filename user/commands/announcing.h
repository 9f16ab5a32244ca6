/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The options of announcing, for `rollcall attach`, `rollcall announce` and rollcall-announce. */
#ifndef ROLLCALL_ANNOUNCING_H
#define ROLLCALL_ANNOUNCING_H

#include "announce/service.h"
#include "base/clock.h"
#include "option.h"

#define MIN_INTERVAL_NS (100 * NS_PER_MS)
#define EXCLUDE_MAX	32 /* patterns */

/* PROGRAM is the command in the examples, padded to the width of "rollcall-announce". */
#define ANNOUNCING_USAGE(PROGRAM)                                               \
	{                                                                       \
		"announce", "[IFACE...]", FOR_ANNOUNCE, 0, ROLLCALL_SLOTS,      \
		"Announce this host: on IFACE, or on every suitable interface", \
		"  " PROGRAM "                    on every suitable interface\n" \
		"  " PROGRAM " eth0 --hostname a  as 'a', only on eth0\n"      \
	}

/* The request points to `exclude`, so this structure must outlive copies of the request. */
struct announcing {
	struct announce_request request;
	char *exclude[EXCLUDE_MAX];
};

#define ANNOUNCING_DEFAULTS                                          \
	{                                                            \
		.request.config = {                                  \
			.interval_ns = ROLLCALL_INTERVAL_NS,         \
			.ipv4 = true,                                \
			.ipv6 = true,                                \
			.port = ROLLCALL_PORT,                       \
			.group4 = ROLLCALL_GROUP4,                   \
			.group6 = ROLLCALL_GROUP6,                   \
			.prefix = ROLLCALL_PREFIX,                   \
			.prefix_bytes = sizeof(ROLLCALL_PREFIX) - 1, \
		},                                                   \
	}

/*
 * Take the value of an option of announcing. Other options are ignored. VALUE must outlive A. Returns as option_take
 * does.
 */
const char *announcing_take(struct announcing *a, enum option_id id, const char *value);

/*
 * Complete REQUEST with the families, the interfaces and --quiet of WORDS. The arguments of WORDS must outlive REQUEST.
 * NAME is as for option_parse(). Returns 0 or USAGE_ERROR, reported.
 */
int announcing_complete(struct announce_request *request, const struct words *words, const char *name);

/* Reject -4 with --group6, and -6 with --group. Returns 0 or USAGE_ERROR, reported. */
int announcing_check_families(const struct words *words, const char *name);

/* Reject --also-plain without --key. Returns 0 or USAGE_ERROR, reported. */
int announcing_check_key(const struct words *words, const char *name);

/*
 * Report values that are valid and have an unexpected effect with receivers whose expiry is EXPIRY_NS: an interval of more
 * than a third of it, if this host ANNOUNCES and one of the two is given; else an interval of more than half of it; and a
 * hostname with a dot.
 */
void announcing_warn(const struct announcer_config *config, const struct words *words, uint64_t expiry_ns, bool announces);

#endif
