/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interfaces to announce on where none is named: those that are up with carrier, do multicast, have an address, are not
 * the loopback device and not a port of a bridge, bond or team. Of several with addresses in one subnet only the one whose route to it
 * has the lowest metric: otherwise a host with two cards on one LAN would be in conflict with itself.
 */
#ifndef ROLLCALL_LINKS_H
#define ROLLCALL_LINKS_H

#include <stdbool.h>

#include <rollcall/attachment.h>

#include "net/netdev.h"

struct links_config {
	bool all;		 /* several on one subnet as well */
	char *const *exclude;	 /* globs of interface names, not owned */
	int exclude_count;
	bool ipv4, ipv6;	 /* addresses of these families count */
};

struct links {
	struct netdev list[ROLLCALL_SLOTS];
	int count;
	int more; /* that did not fit */
};

bool links_have(const struct links *found, uint32_t ifindex);

/* Returns 0 or -errno, not logged. */
int links_find(struct links *found, const struct links_config *config);

#endif
