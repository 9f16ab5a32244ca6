/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Announcing this host: at once, then every interval, on each interface over each family that has
 * an address there. The first announcement on an interface is reported, with the addresses that it has come from. A send
 * that fails is reported once and tried again; its recovery is reported too.
 *
 * This room sends announcements. It uses net/ and base/ only, and needs libc only: rollcall-announce is
 * made from it.
 */
#ifndef ROLLCALL_ANNOUNCER_H
#define ROLLCALL_ANNOUNCER_H

#include <rollcall/attachment.h>
#include <rollcall/wire.h>

#include "net/netwatch.h"
#include "sender.h"

/* What is announced, where and how often. */
struct announcer_config {
	const char *hostname; /* NULL: the nodename up to its first dot, as it is at each announcement */
	uint64_t interval_ns;
	bool ipv4, ipv6;
	uint16_t port;	    /* UDP, host order */
	uint8_t group4[4];  /* network order */
	uint8_t group6[16]; /* network order */
	uint8_t prefix_bytes;
	char prefix[ROLLCALL_PREFIX_MAX]; /* not a string */
};

struct announcer {
	int timer; /* readable when the next announcement is due; -1: nothing to announce */
	struct announcer_config config;
	bool name_reported; /* that the nodename cannot be announced */
	bool last; /* the caller's: what fails is not tried again */
	struct sender senders[2 * ROLLCALL_SLOTS]; /* those of one interface follow each other */
	int count;
};

#define ANNOUNCER_NONE { .timer = -1 }

/* CONFIG is copied; its hostname must outlive the announcer. Returns 0 or -errno, logged. */
int announcer_init(struct announcer *a, const struct announcer_config *config);
/*
 * Add interface DEV, over the families that the configuration allows and this kernel has. ID is the
 * caller's: it stays when number and name of the interface change. Returns 0 or -errno, logged.
 */
int announcer_add(struct announcer *a, uint32_t id, const struct netdev *dev);

/* Does it announce on interface ID? */
bool announcer_has(const struct announcer *a, uint32_t id);

/* Announce no longer on interfaces other than IDS. */
void announcer_keep(struct announcer *a, const uint32_t *ids, int count);
/* Interface ID is DEV now. */
void announcer_update(struct announcer *a, uint32_t id, const struct netdev *dev);
/* Take note of a notice about a link. */
void announcer_notice(struct announcer *a, const struct netwatch_link *link);

/* Announce on every interface and set the timer. Returns how many announcements were sent. */
int announcer_beat(struct announcer *a);
/*
 * An interface or address has changed: announce where the last announcement failed, or the link was
 * down since, if one can be sent there now. The next beat logs where it cannot. An interface that does
 * not exist is the caller's to log.
 */
void announcer_retry(struct announcer *a);

void announcer_close(struct announcer *a);

#endif
