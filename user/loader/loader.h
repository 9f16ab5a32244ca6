/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The loader: attaches to interfaces, holds what must be held while it lives, and undoes it all.
 *
 * What it makes outlives it: links and maps are pinned, so after a crash the filter goes on
 * recording and the next loader takes over. It prints nothing; the caller has the events.
 */
#ifndef ROLLCALL_LOADER_H
#define ROLLCALL_LOADER_H

#include "port.h"
#include "readers.h"
#include "scanner.h"

struct loader {
	const char *dir;
	const struct options *options; /* must outlive it */
	struct table table;
	struct scanner scanner;
	struct readers readers;
	int events_fd;
	struct port ports[ROLLCALL_SLOTS];
	int count;
};

/* Attach to every interface in O, or to none. Returns 0, or -errno, said. */
int loader_start(struct loader *l, const struct options *o);

/* Drop ports that somebody detached meanwhile, and tell. Returns how many are left, or -errno, said. */
int loader_check(struct loader *l);

/* A notice about an interface came: loader_follow() is due. */
void loader_notice(struct loader *l, const struct netwatch_link *link);
/*
 * Interfaces or addresses have changed: bring up to date what hangs at them and what the filter knows
 * of them, and say what became of them. Returns as loader_check() does.
 */
int loader_follow(struct loader *l);

/* How many events of its filters have not fitted into the ring so far. */
uint64_t loader_events_lost(const struct loader *l);

/* Renew memberships where nobody is heard any more. For now and then, at least once an expiry. */
void loader_watch(struct loader *l);

/* Detach and remove what was made or taken over; the last one out removes the table. 0 or -errno, said. */
int loader_stop(struct loader *l);

/* End, but leave filter, links and table in place, recording. */
void loader_leave(struct loader *l);

/*
 * For `detach`: the interface NAME (NULL: all), whoever attached it. Tells a living loader and
 * waits for it to let go. Returns 0 or -errno, said.
 */
int loader_detach(const char *dir, const char *name);

/* The signal by which a loader is asked to look at its interfaces again. */
#define LOADER_CHECK_SIGNAL SIGUSR1

#endif
