/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * One interface of a living loader, through all that happens to it: renamed, deleted and created again, moved
 * to another network namespace, without its filter. It is known by its number, and by its name
 * when no interface has that number.
 *
 * It decides when to attach again, holds the memberships, and reports each change once. How to attach is the subject
 * of attachment.h. It knows nothing of other interfaces, and does not sweep.
 */
#ifndef ROLLCALL_INTERFACE_H
#define ROLLCALL_INTERFACE_H

#include "attachment.h"
#include "net/netwatch.h"
#include "probe.h"
#include "request.h"
#include "watchdog.h"

struct interface {
	struct attachment attachment;
	struct netdev dev;     /* as it was last seen */
	int membership_fds[2]; /* IPv4, IPv6; -1: not joined */
	bool gone;	       /* it is not here, which was reported */
	bool away;	       /* since the last look it was away, and memberships with it */
	bool noticed;	       /* since the last look it has changed */
	int err;	       /* why attaching again failed, which was reported */
	struct watchdog watchdog;
	struct probe probe;
	bool dead;		/* the driver does not run the filter, which is still attached */
	uint64_t revived_ns;	/* when it was attached again for that reason; boot time */
};

/* Of the loader that has the interface. */
struct interface_owner {
	const struct attach_request *request;
	const struct table *table;
	int events_fd;
	int attention_fd; /* an epoll(7) descriptor: readable when interface_attend() is due */
};

/* Attach to DEV and join the groups. Returns 0, or -errno, reported and undone. Like all below, under the lock. */
int interface_open(struct interface *i, const struct interface_owner *owner, const struct netdev *dev);

/*
 * Report where the filter is attached, which groups the interface is a member of by this process, and why it cannot
 * receive announcements of other hosts: it is down, or the loopback device.
 */
void interface_report(const struct interface *i, const struct rollcall_settings *settings);

/* Close what ends with this process; filter and record stay. */
void interface_close(struct interface *i);

/* Renew the membership if announcements have stopped. For now and then, at least once an expiry; needs no lock. */
void interface_watch(struct interface *i, const struct interface_owner *owner);

/* See whether the driver runs the filter. Needs no lock; interface_follow() acts on it. */
void interface_attend(struct interface *i, const struct interface_owner *owner);

/* Note that something about LINK has changed. Needs no lock. */
void interface_notice(struct interface *i, const struct interface_owner *owner, const struct netwatch_link *link);

/* Is there anything to follow? Needs no lock. */
bool interface_has_changed(const struct interface *i, const struct interface_owner *owner);
/* Bring filter, record, memberships and entries up to date with the interface, and report what happened. */
void interface_follow(struct interface *i, const struct interface_owner *owner);

#endif
