/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Could an interface hear anybody at all? Tells one that is deaf from one where nobody calls. What
 * this namespace and user cannot see is unknown, never guessed.
 */
#ifndef ROLLCALL_HEALTH_H
#define ROLLCALL_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/rollcall.h>

#include "ahead.h"

enum hearing {
	HEARING_UNKNOWN, /* the interface is not in sight */
	HEARING,	 /* an announcement within the expiry */
	HEARING_ALONE,	 /* nothing is wrong, but nobody calls */
	HEARING_DEAF,
};

enum membership { MEMBERSHIP_UNKNOWN, MEMBERSHIP_NO, MEMBERSHIP_YES };

struct health {
	enum hearing hearing;
	const char *reason; /* in words; NULL when it hears */
	bool unseen;	    /* the kernel could not be asked */
	bool here;	    /* there is such an interface; else the next four are not valid */
	bool carrier;
	enum membership ipv4, ipv6; /* of the group, whichever process holds it */
	uint64_t received;  /* frames since it was attached, of any kind, by its own counter */
	char ahead[AHEAD_BYTES + 64]; /* what runs ahead of the filter, as a reason */
	uint64_t last_ns;   /* the last announcement, boot time; 0: none is known */
};

/* Is there no such interface, in this network namespace, which is that of the table? */
bool health_is_gone(const struct health *health);

/* "hearing", "alone", "deaf" or "unknown" */
const char *hearing_name(enum hearing hearing);

/* Fill HEALTH of those SLOTS that are taken; its last_ns is there already, and the rest is zero. */
void health_ask(const struct rollcall_settings *settings, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
		uint64_t now_ns, struct health health[ROLLCALL_SLOTS]);

#endif
