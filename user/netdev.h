/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One network interface, as rtnetlink tells it. */
#ifndef ROLLCALL_NETDEV_H
#define ROLLCALL_NETDEV_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct netdev {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	uint8_t lladdr[6];	  /* its MAC; zero where it has none of six bytes */
	uint32_t master;	  /* ifindex of the bridge, bond or team it is a port of; or 0 */
	char master_name[IFNAMSIZ];
	char port_kind[16];	  /* "bridge", "bond", ...; "" for no port */
	bool up, carrier;
	uint64_t received; /* frames, by its own counter */
};

/* Is it a port of a bridge, bond or team, whose master gets the frames instead of it? */
bool netdev_is_port(const struct netdev *dev);

/* Look up an interface by name. Returns 0, or -errno: not said, and said. */
int netdev_query(const char *name, struct netdev *dev);
int netdev_find(const char *name, struct netdev *dev);

#endif
