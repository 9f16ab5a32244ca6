/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The state of an interface: can it receive announcements, and does it? If it cannot, the reason has the remedy. If the
 * state cannot be read in this namespace or by this user, it is unknown.
 */
#ifndef ROLLCALL_HEALTH_H
#define ROLLCALL_HEALTH_H

#include <stdbool.h>
#include <stdint.h>

#include <rollcall/rollcall.h>

#include "ahead.h"
#include "base/message.h"
#include "base/process.h"

enum health_state {
	HEALTH_UNKNOWN,	  /* the state cannot be read from here */
	HEALTH_RECEIVING, /* the last announcement is at most one expiry old */
	HEALTH_QUIET,	  /* nothing is wrong, and no announcements are received */
	HEALTH_BLOCKED,	  /* announcements cannot be received */
};

enum membership { MEMBERSHIP_UNKNOWN, MEMBERSHIP_NO, MEMBERSHIP_YES };

struct health {
	enum health_state state;
	char reason[MESSAGE_BYTES]; /* a text with the remedy; "" when receiving */
	enum process_life life; /* of the loader */
	bool elsewhere;		/* the table is of another network namespace */
	bool misses_filter;	/* it is recorded as attached, and is not at the interface */
	bool here;		/* the interface exists and was read; else the next five are not valid */
	bool carrier;		/* it has carrier and is up */
	enum membership ipv4, ipv6; /* of the group, by any process */
	uint64_t received;	    /* frames of any kind since it was attached, by the counter of the interface */
	char ahead[AHEAD_BYTES];    /* the program that runs ahead of the filter, or "" */
	uint64_t last_ns;	    /* the last announcement, boot time; 0: none known */
	struct rejections {	    /* of a table with keys: see health_rejections() */
		enum rollcall_outcome outcome;
		uint64_t count; /* 0: none */
	} rejections;
};

/* Is it known that the interface does not exist? */
bool health_is_missing(const struct health *health);

/* The outcome that rejected most messages with a seal, or, if none did, that of those without one. */
struct rejections health_rejections(const struct rollcall_counts *counts);

/* "receiving", "quiet", "blocked" or "unknown" */
const char *health_state_name(enum health_state state);

/*
 * Fill HEALTH for the SLOTS that are in use. The caller has set its last_ns, rejections and life, and the rest to zero. SLOTS have
 * the current names of the interfaces.
 */
void health_ask(const struct rollcall_settings *settings, const struct rollcall_attachment slots[ROLLCALL_SLOTS],
		uint64_t now_ns, struct health health[ROLLCALL_SLOTS]);

#endif
