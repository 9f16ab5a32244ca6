/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Notices that an interface or an address has changed, through rtnetlink. What is so now is for the
 * caller to look up: one notice may stand for many changes, or for one that is over. Of what may be
 * over, two things matter all the same: that an interface was away, and that its link was down.
 */
#ifndef ROLLCALL_NETWATCH_H
#define ROLLCALL_NETWATCH_H

#include <stdbool.h>
#include <stdint.h>

struct netwatch_link {
	uint32_t ifindex; /* 0: notices were lost, and what follows may be so of any */
	bool away;	  /* it was deleted, or moved to another namespace */
	bool down;	  /* it was down, or without carrier */
};

typedef void (*netwatch_visit)(const struct netwatch_link *link, void *context);

/* Returns a descriptor that is readable after a change, or -1, reported with -v: changes go unnoticed. */
int netwatch_open(void);
/*
 * Take the notices that are there, a bounded number in one turn: poll() reports the rest. VISIT is
 * called with those about links.
 */
void netwatch_drain(int fd, netwatch_visit visit, void *context);

#endif
