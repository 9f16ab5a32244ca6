/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The loader: attaches to interfaces, holds what must be held while it lives, and undoes it all.
 *
 * What it makes outlives it: links and maps are pinned, so after a crash the filter goes on
 * recording and the next loader takes over. It prints nothing; the caller has the events.
 */
#ifndef ROLLCALL_LOADER_H
#define ROLLCALL_LOADER_H

#include "interface.h"
#include "own_addresses.h"
#include "readers.h"
#include "scanner.h"

struct loader {
	const struct attach_request *request; /* must outlive it */
	struct table table;
	struct scanner scanner;
	struct readers readers;
	struct own_addresses own_addresses;
	int events_fd;
	struct interface interfaces[ROLLCALL_SLOTS];
	int count;
};

/* Attach to every interface that REQUEST names, or to none. Returns 0, or -errno, reported. */
int loader_start(struct loader *l, const struct attach_request *request);

/* Drop interfaces that another process detached, and report them. Returns how many are left, or -errno, reported. */
int loader_check(struct loader *l);

/* A notice about an interface came: loader_follow() is due. */
void loader_notice(struct loader *l, const struct netwatch_link *link);
/*
 * Interfaces or addresses have changed: bring filters, records and own addresses up to date with them, and
 * report what happened. Returns as loader_check() does.
 */
int loader_follow(struct loader *l);

/* How many events of its filters have not fitted into the ring so far. */
uint64_t loader_events_lost(const struct loader *l);

/* Renew memberships where announcements have stopped. For now and then, at least once an expiry. */
void loader_watch(struct loader *l);

/* Detach and remove what was made or taken over, and the table with the last attachment. 0 or -errno, reported. */
int loader_stop(struct loader *l);

/* End, but leave filter, links and table in place, recording. */
void loader_leave(struct loader *l);

#endif
