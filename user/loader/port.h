/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A port: one interface of a living loader, through all that becomes of it. It is known by the
 * device that the filter hangs at, whatever that is called, and once that is gone by its name.
 */
#ifndef ROLLCALL_PORT_H
#define ROLLCALL_PORT_H

#include "attachment.h"
#include "net/netwatch.h"
#include "commands/options.h"
#include "watchdog.h"

struct port {
	struct attachment attachment;
	struct netdev dev;     /* as it was last seen */
	int membership_fds[2]; /* IPv4, IPv6; -1: not joined */
	bool gone;	       /* it is not here, which was said */
	bool away;	       /* since the last look it was away, and memberships with it */
	bool noticed;	       /* since the last look it has changed */
	int err;	       /* what attaching again came to, which was said */
	struct watchdog watchdog;
};

/* Of the loader that has it. */
struct port_owner {
	const char *dir;
	const struct table *table;
	const struct options *options;
	int events_fd;
};

/* Attach to DEV and join the groups. Returns 0, or -errno, said and undone. Like all below, under the lock. */
int port_open(struct port *p, const struct port_owner *owner, const struct netdev *dev);

/* Let go of what goes with this process; filter and record stay. */
void port_close(struct port *p);

/* Renew the membership if nobody is heard any more. For now and then, at least once an expiry; needs no lock. */
void port_watch(struct port *p, const struct port_owner *owner);

/* Take note that something about LINK has changed. */
void port_notice(struct port *p, const struct netwatch_link *link);

/* Is there anything to follow? This alone needs no lock. */
bool port_has_changed(const struct port *p, const struct port_owner *owner);
/* Bring filter, record, memberships and entries up to date with the interface, and say what happened. */
void port_follow(struct port *p, const struct port_owner *owner);

#endif
