/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Announces this host: at once and then at each interval, on each interface, over each family that has an address
 * there. The first announcement on an interface is reported, with its source addresses. A send that fails is reported
 * once and tried again, and its recovery is reported too.
 *
 * The files of user/announce use only net/ and base/, and require only libc: rollcall-announce is made from them.
 */
#ifndef ROLLCALL_ANNOUNCER_H
#define ROLLCALL_ANNOUNCER_H

#include <rollcall/attachment.h>

#include "announcement.h"
#include "net/netwatch.h"

struct announcer {
	int timer; /* readable when the next announcement is due; -1: this host is not announced */
	struct announcer_config config;
	bool name_reported; /* it was reported that the nodename cannot be announced */
	bool localhost_reported; /* it was reported that the name is localhost */
	uint64_t sequence;  /* of the last message */
	int key_id;	    /* of the last announcement; 0: none, or it was plain */
	bool last; /* set by the caller: the next announcement is the last, and is not tried again */
	struct sender senders[2 * ROLLCALL_SLOTS]; /* those of one interface are adjacent */
	int count;
};

#define ANNOUNCER_NONE { .timer = -1 }

/* CONFIG is copied; its hostname must outlive the announcer. Returns 0 or -errno, logged. */
int announcer_init(struct announcer *a, const struct announcer_config *config);
/*
 * Add interface DEV, over the families that the configuration allows and this kernel has. The caller chooses ID, which
 * stays the same when the number and name of the interface change. Returns 0 or -errno, logged.
 */
int announcer_add(struct announcer *a, uint32_t id, const struct netdev *dev);

/* Does it announce on interface ID? */
bool announcer_has(const struct announcer *a, uint32_t id);

/* Stop announcing on interfaces that are not in IDS. GOODBYE: with a goodbye there. */
void announcer_keep(struct announcer *a, const uint32_t *ids, int count, bool goodbye);
/* Set DEV, the current number and name of interface ID. */
void announcer_update(struct announcer *a, uint32_t id, const struct netdev *dev);
/* Process a notice about a link. */
void announcer_notice(struct announcer *a, const struct netwatch_link *link);

/* Announce on every interface and set the timer. Returns how many announcements were sent. */
int announcer_beat(struct announcer *a);
/*
 * An interface or address has changed: announce on each interface where the last announcement failed, or where the link
 * was down since, if one can be sent there now. If it cannot, the next announcer_beat() reports that. The caller
 * reports an interface that does not exist.
 */
void announcer_retry(struct announcer *a);

/*
 * Send a goodbye wherever this host was announced, for the name that was announced last. Failures are reported with -v,
 * because the other hosts then remove this one when it expires.
 */
void announcer_goodbye(struct announcer *a);

void announcer_close(struct announcer *a);

#endif
