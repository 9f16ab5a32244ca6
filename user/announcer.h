/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Calling this host's name: at once, then every interval, on each interface by itself. It binds
 * no port of its own choice, so it stands beside any listener. A send that fails is told once,
 * tried again at the next beat, and its recovery is told too.
 */
#ifndef ROLLCALL_ANNOUNCER_H
#define ROLLCALL_ANNOUNCER_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include <rollcall/attachment.h>
#include <rollcall/settings.h>

#include "netdev.h"

struct announcer_port {
	struct netdev dev;
	int fd;
	int err; /* what the last send came to */
};

struct announcer {
	int timer; /* readable when the next beat is due; -1: nothing to announce */
	struct rollcall_settings settings; /* group, port and prefix */
	const char *hostname;		   /* NULL: the nodename as it is at each beat */
	uint64_t interval_ns;
	struct announcer_port ports[ROLLCALL_SLOTS];
	int count;
};

#define ANNOUNCER_NONE { .timer = -1 }

/* HOSTNAME may be NULL and must outlive the announcer. Returns 0 or -errno, said. */
int announcer_init(struct announcer *a, const struct rollcall_settings *settings, const char *hostname,
		   uint64_t interval_ns);
/* Returns 0 or -errno, said. */
int announcer_add(struct announcer *a, const struct netdev *dev);

/* Call now on every interface and set the timer. Returns how many calls went out. */
int announcer_beat(struct announcer *a);

void announcer_close(struct announcer *a);

#endif
