/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interfaces to announce on if none is named. A suitable interface is up with carrier, supports multicast, has an
 * address, and is not the loopback device or a port of a bridge, bond or team. If several have addresses in one subnet,
 * only the one whose route to the subnet has the lowest metric is suitable: otherwise a host with two network cards on
 * one LAN would be in conflict with itself.
 */
#ifndef ROLLCALL_LINKS_H
#define ROLLCALL_LINKS_H

#include <stdbool.h>

#include <rollcall/attachment.h>

#include "net/netdev.h"

struct links_config {
	bool all;		 /* also several on one subnet */
	char *const *exclude;	 /* globs of interface names, not owned */
	int exclude_count;
	bool ipv4, ipv6;	 /* addresses of these families count */
};

struct links {
	struct netdev list[ROLLCALL_SLOTS];
	int count;
	int more; /* how many did not fit */
};

bool links_have(const struct links *found, uint32_t ifindex);

/* Returns 0 or -errno, not logged. */
int links_find(struct links *found, const struct links_config *config);

#endif
