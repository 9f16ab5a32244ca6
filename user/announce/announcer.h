/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calling this host's name: at once, then every interval, on each interface and over each family
 * that has an address there. It binds no port of its own choice, so it stands beside any listener.
 * A send that fails is told once, tried again, and its recovery is told too.
 */
#ifndef ROLLCALL_ANNOUNCER_H
#define ROLLCALL_ANNOUNCER_H

#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/netdev.h"
#include "net/netwatch.h"
#include "commands/options.h"

/* One interface and family. */
struct announcer_port {
	uint32_t id; /* the caller's, of the interface: it stays when number and name change */
	struct netdev dev;
	int fd;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} group;
	bool was_down; /* since the last call, so that nobody has heard of us since */
	int err;  /* what the last call came to */
	int told; /* of an interface's first port: the error that was told and is not over */
};

struct announcer {
	int timer; /* readable when the next beat is due; -1: nothing to announce */
	struct rollcall_settings settings; /* groups, port and prefix */
	const char *hostname;		   /* NULL: the nodename as it is at each beat */
	uint64_t interval_ns;
	struct announcer_port ports[2 * ROLLCALL_SLOTS];
	int count;
};

#define ANNOUNCER_NONE { .timer = -1 }

/* Name and interval of O, groups and prefix of SETTINGS; O must outlive it. Returns 0 or -errno, said. */
int announcer_init(struct announcer *a, const struct rollcall_settings *settings, const struct options *o);
/* Interface ID, over the families that O allows and this kernel has. Returns 0 or -errno, said. */
int announcer_add(struct announcer *a, uint32_t id, const struct netdev *dev, const struct options *o);

/* Call no more from interfaces other than IDS. */
void announcer_keep(struct announcer *a, const uint32_t *ids, int count);
/* Interface ID is DEV now. */
void announcer_update(struct announcer *a, uint32_t id, const struct netdev *dev);
/* Take note of what became of a link. */
void announcer_notice(struct announcer *a, const struct netwatch_link *link);

/* Call now everywhere and set the timer. Returns how many calls went out. */
int announcer_beat(struct announcer *a);
/*
 * An interface or address has changed: call where the last call failed, or the link was down since, if
 * a call can go out there now. The next beat tells if not; of an interface that is not here the caller.
 */
void announcer_retry(struct announcer *a);

void announcer_close(struct announcer *a);

#endif
