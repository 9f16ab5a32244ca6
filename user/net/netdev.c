// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Read interfaces with RTM_GETLINK. */
#include <errno.h>
#include <linux/if_link.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/text.h"
#include "netdev.h"
#include "netlink.h"

#ifndef ALTIFNAMSIZ
#define ALTIFNAMSIZ 128 /* from linux/if.h, which conflicts with net/if.h */
#endif

static void read_linkinfo(const struct nlattr *attr, void *context)
{
	struct netdev *dev = context;

	if (attr_type(attr) == IFLA_INFO_SLAVE_KIND)
		attr_text(attr, dev->port_kind, sizeof(dev->port_kind));
}

static void read_attribute(const struct nlattr *attr, void *context)
{
	struct netdev *dev = context;

	switch (attr_type(attr)) {
	case IFLA_IFNAME:
		attr_text(attr, dev->name, sizeof(dev->name));
		break;
	case IFLA_ADDRESS:
		if (attr_bytes(attr) == sizeof(dev->lladdr))
			memcpy(dev->lladdr, attr_payload(attr), sizeof(dev->lladdr));
		break;
	case IFLA_MTU:
		dev->mtu = attr_u32(attr);
		break;
	case IFLA_MASTER:
		dev->master = attr_u32(attr);
		break;
	case IFLA_CARRIER:
		dev->carrier = attr_u8(attr);
		break;
	case IFLA_STATS64:
		if (attr_bytes(attr) >= sizeof(dev->received)) /* rx_packets is the first */
			memcpy(&dev->received, attr_payload(attr), sizeof(dev->received));
		break;
	case IFLA_LINKINFO:
		attr_walk_nested(attr, read_linkinfo, dev);
		break;
	default:
		break;
	}
}

static int read_link(const struct nlmsghdr *message, void *context)
{
	const struct ifinfomsg *ifi = NLMSG_DATA(message);
	struct netdev *dev = context;

	if (message->nlmsg_type != RTM_NEWLINK)
		return 0;
	dev->ifindex = (uint32_t)ifi->ifi_index;
	dev->type = ifi->ifi_type;
	dev->up = ifi->ifi_flags & IFF_UP;
	dev->running = ifi->ifi_flags & IFF_RUNNING;
	dev->multicast = ifi->ifi_flags & IFF_MULTICAST;
	dev->loopback = ifi->ifi_flags & IFF_LOOPBACK;
	attr_walk(message, sizeof(*ifi), read_attribute, dev);
	return 0;
}

static int netdev_ask(struct netlink_request *request, struct netdev *dev)
{
	int err;

	*dev = (struct netdev){};
	err = netlink_ask(request, read_link, dev);
	if (!err && !dev->ifindex)
		err = -ENODEV;
	if (!err && dev->master && !if_indextoname(dev->master, dev->master_name))
		snprintf(dev->master_name, sizeof(dev->master_name), "if%u", dev->master % 100000);
	return err;
}

/* The maximum number of reads of a list that changes while it is read. The last result is used as it is. */
#define TRIES 4

struct netdev_walk {
	netdev_visit visit;
	void *context;
};

static int visit_link(const struct nlmsghdr *message, void *context)
{
	const struct netdev_walk *walk = context;
	struct netdev dev = {};

	read_link(message, &dev);
	return dev.ifindex ? walk->visit(&dev, walk->context) : 0;
}

int netdev_walk(netdev_visit visit, void *context)
{
	struct netdev_walk walk = { visit, context };
	int err = -EINTR;

	for (int i = 0; err == -EINTR && i < TRIES; i++) {
		struct netlink_request request;

		netlink_begin(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
		err = netlink_ask(&request, visit_link, &walk);
	}
	return err == -EINTR ? 0 : err;
}

int netdev_query(const char *name, struct netdev *dev)
{
	struct netlink_request request;
	size_t bytes = strlen(name);

	if (!bytes || bytes >= ALTIFNAMSIZ)
		return -ENODEV;
	netlink_begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	/* both attributes find both kinds of names (rtnl_dev_get() in net/core/rtnetlink.c); they differ in length */
	netlink_put_text(&request, bytes < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME, name);
	return netdev_ask(&request, dev);
}

int netdev_query_index(uint32_t ifindex, struct netdev *dev)
{
	struct netlink_request request;
	struct ifinfomsg *ifi = netlink_begin(&request, RTM_GETLINK, 0, sizeof(*ifi));

	ifi->ifi_index = (int)ifindex;
	return ifindex ? netdev_ask(&request, dev) : -ENODEV;
}

int netdev_find(const char *name, struct netdev *dev)
{
	int err = netdev_query(name, dev);
	char text[TEXT_ARGUMENT];

	text_argument(name, text);
	if (err == -ENODEV)
		return fail(0, "see 'ip link'", "no interface '%s'", text);
	return err ? fail(err, NULL, "cannot ask rtnetlink about '%s'", text) : 0;
}

bool netdev_is_port(const struct netdev *dev)
{
	static const char *const kinds[] = { "bridge", "bond", "team" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (dev->master && !strcmp(dev->port_kind, kinds[i]))
			return true;
	return false; /* the frames of a VRF, for example, pass the hooks of the member interface */
}

enum netdev_link netdev_link(const struct netdev *dev)
{
	switch (dev->type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return NETDEV_ETHERNET;
	case ARPHRD_NONE: /* tun, WireGuard */
	case ARPHRD_RAWIP:
	case ARPHRD_PPP: /* ppp_receive_nonmp_frame() in drivers/net/ppp/ppp_generic.c removes its header */
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
		return NETDEV_BARE;
	default: /* a frame of GRE, for example, begins with the outer headers */
		return NETDEV_OTHER;
	}
}
