/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Can an interface receive announcements, and does it? Where it cannot, the reason comes with what to do. What this
 * namespace and user cannot see is unknown, never guessed.
 */
#ifndef ROLLCALL_HEALTH_H
#define ROLLCALL_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/rollcall.h>

#include "ahead.h"
#include "base/process.h"

enum health_state {
	HEALTH_UNKNOWN,	  /* the interface cannot be seen from here */
	HEALTH_RECEIVING, /* the last announcement is at most an expiry old */
	HEALTH_QUIET,	  /* nothing is wrong, and no announcements are received */
	HEALTH_BLOCKED,	  /* announcements cannot be received */
};

enum membership { MEMBERSHIP_UNKNOWN, MEMBERSHIP_NO, MEMBERSHIP_YES };

struct health {
	enum health_state state;
	char reason[256];	/* in words, with what to do; "" when receiving */
	enum process_life life; /* of the loader */
	bool here;		/* the interface exists, and the kernel was asked about it; else the next five are not valid */
	bool carrier;		/* and it is up */
	enum membership ipv4, ipv6; /* of the group, whichever process holds it */
	uint64_t received;	    /* frames since it was attached, of any kind, by its own counter */
	char ahead[AHEAD_BYTES];    /* the program that runs ahead of the filter, or "" */
	uint64_t last_ns;	    /* the last announcement, boot time; 0: none is known */
};

/* Is it known that the interface does not exist? */
bool health_is_missing(const struct health *health);

/* "receiving", "quiet", "blocked" or "unknown" */
const char *health_state_name(enum health_state state);

/*
 * Fill HEALTH of those SLOTS that are taken; its last_ns and life are there already, and the rest is zero. Interfaces have
 * their current names in SLOTS.
 */
void health_ask(const struct rollcall_settings *settings, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
		uint64_t now_ns, struct health health[ROLLCALL_SLOTS]);

#endif
