/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The loader: attaches to interfaces, holds what must be held while it lives, and undoes it all.
 *
 * What it makes outlives it: links and maps are pinned, so after a crash the filter goes on
 * recording and the next loader takes over. It prints nothing; the caller has the events.
 */
#ifndef ROLLCALL_LOADER_H
#define ROLLCALL_LOADER_H

#include "attention.h"
#include "interface.h"
#include "keymap.h"
#include "own_addresses.h"
#include "scanner.h"

struct loader {
	const struct attach_request *request; /* must outlive it */
	struct table table;
	struct scanner scanner;
	struct keymap keymap;
	struct own_addresses own_addresses;
	struct attention attention; /* attention.fd is readable when loader_attend() is due */
	uint64_t waiting_since_ns;  /* for the lock, to follow a change; 0: not */
	bool waiting_reported;
	int events_fd;
	struct interface interfaces[ROLLCALL_SLOTS];
	int count;
};

/* Attach to every interface that REQUEST names, or to none. Returns 0, or -errno, reported. */
int loader_start(struct loader *l, const struct attach_request *request);

/* A notice about an interface came: loader_follow() is due. */
void loader_notice(struct loader *l, const struct netwatch_link *link);
/*
 * Interfaces, addresses or attachments may have changed: drop interfaces that another process detached, bring filters,
 * records and own addresses up to date, attach again where another process removed the filter, and report what
 * happened. Also for each sweep: a filter is removed without a notice. While another process has the lock,
 * loader_attend() becomes due. Returns how many interfaces are left, or -errno, reported.
 */
int loader_follow(struct loader *l);
/* Another process changed the attachments, or it is time to try again. Returns as loader_follow() does. */
int loader_attend(struct loader *l);

/* Renew memberships where announcements have stopped. For now and then, at least once an expiry. */
void loader_watch(struct loader *l);

/* Detach and remove what was made or taken over, and the table with the last attachment. 0 or -errno, reported. */
int loader_stop(struct loader *l);

/* End, but leave filter, links and table in place, recording. */
void loader_leave(struct loader *l);

#endif
