/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A network interface, from rtnetlink. */
#ifndef ROLLCALL_NETDEV_H
#define ROLLCALL_NETDEV_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct netdev {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	uint16_t type;		  /* ARPHRD_*: the header of its frames */
	uint8_t lladdr[6];	  /* its MAC address; zero if it has none of six bytes */
	uint32_t mtu;
	uint32_t master;	  /* ifindex of the bridge, bond or team it is a port of; or 0 */
	char master_name[IFNAMSIZ];
	char port_kind[16];	  /* "bridge", "bond", ...; "" if it is not a port */
	bool up, carrier, multicast, loopback;
	bool running; /* up, with carrier, and in an operational state: it can send */
	uint64_t received; /* its counter of received frames */
};

/* The state of an interface that is not up, and the remedy. The argument is its name. */
#define NETDEV_DOWN "interface is down: 'ip link set dev %s up'"

/* Is it a port of a bridge, bond or team? Then the master gets its frames. */
bool netdev_is_port(const struct netdev *dev);

/* The header that its frames begin with at the tc hook. */
enum netdev_link { NETDEV_ETHERNET, NETDEV_BARE, NETDEV_OTHER };
enum netdev_link netdev_link(const struct netdev *dev);

/*
 * Look up an interface by its name or an alternative name of up to 127 characters ("ip link property
 * add altname"). The result has its name and its number; use the number from then on. Returns 0, or
 * -errno (-ENODEV: there is no such interface); netdev_find() logs it.
 */
int netdev_query(const char *name, struct netdev *dev);
int netdev_find(const char *name, struct netdev *dev);
/* The same by its number. Returns 0 or -errno. It logs nothing. */
int netdev_query_index(uint32_t ifindex, struct netdev *dev);

/* DEV is valid only during the call, and has no master_name. A return value other than 0 ends the walk. */
typedef int (*netdev_visit)(const struct netdev *dev, void *context);

/*
 * Visit every interface of this network namespace. A list that changes meanwhile is read again, so an
 * interface may be visited twice. Returns 0, the value of VISIT, or -errno. It logs nothing.
 */
int netdev_walk(netdev_visit visit, void *context);

#endif
