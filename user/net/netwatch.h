/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Notices of rtnetlink that an interface or an address has changed. The caller looks up the current state:
 * one notice may mean many changes, or a state that has already ended. Two such states matter to the caller
 * even if they have ended: the interface was deleted or moved, and its link was down.
 */
#ifndef ROLLCALL_NETWATCH_H
#define ROLLCALL_NETWATCH_H

#include <stdbool.h>
#include <stdint.h>

struct netwatch_link {
	uint32_t ifindex; /* 0: notices were lost, so that `away` and `down` may be true of any interface */
	bool away;	  /* set when it was deleted, or moved to another namespace */
	bool down;	  /* set when it was down, or without carrier */
};

typedef void (*netwatch_visit)(const struct netwatch_link *link, void *context);

/* Returns a descriptor that is readable after a change. Returns -1 if changes go unnoticed, and reports it with -v. */
int netwatch_open(void);
/*
 * Read the pending notices, up to a maximum per turn: poll() reports the rest. VISIT is called for notices
 * about links.
 */
void netwatch_drain(int fd, netwatch_visit visit, void *context);

#endif
