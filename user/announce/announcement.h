/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a sender sends: plain and sealed announcements, and goodbyes. */
#ifndef ROLLCALL_ANNOUNCEMENT_H
#define ROLLCALL_ANNOUNCEMENT_H

#include "base/keyfile.h"
#include "sender.h"

/* What to announce, where and how often. */
struct announcer_config {
	const char *hostname; /* NULL: the nodename up to its first dot, as it is at each announcement */
	uint64_t interval_ns;
	bool ipv4, ipv6;
	uint16_t port;	    /* UDP, host order */
	uint8_t group4[4];  /* network order */
	uint8_t group6[16]; /* network order */
	uint8_t prefix_bytes;
	char prefix[ROLLCALL_PREFIX_MAX]; /* not a string */
	const struct keyfile *keys; /* the first one seals; it may change; NULL: announcements are plain */
	bool also_plain;	    /* with a key: send the plain announcement too */
};

/*
 * Announce NAME. SEQUENCE is that of the last message of this process, which is updated. Returns as sender_send() does.
 */
int announcement_send(struct sender *s, const struct announcer_config *config, const char *name, uint64_t *sequence);

/* Send a goodbye for the name that was announced last. It must have been announced. Returns as sender_send() does. */
int announcement_send_goodbye(struct sender *s, const struct announcer_config *config, uint64_t *sequence);

#endif
