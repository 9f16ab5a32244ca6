// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Questions to rtnetlink, by libmnl. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/message.h"
#include "netdev.h"

static int read_linkinfo(const struct nlattr *attr, void *context)
{
	struct netdev *dev = context;

	if (mnl_attr_get_type(attr) == IFLA_INFO_SLAVE_KIND)
		snprintf(dev->port_kind, sizeof(dev->port_kind), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int read_attribute(const struct nlattr *attr, void *context)
{
	struct netdev *dev = context;

	switch (mnl_attr_get_type(attr)) {
	case IFLA_IFNAME:
		snprintf(dev->name, sizeof(dev->name), "%s", mnl_attr_get_str(attr));
		return MNL_CB_OK;
	case IFLA_ADDRESS:
		if (mnl_attr_get_payload_len(attr) == sizeof(dev->lladdr))
			memcpy(dev->lladdr, mnl_attr_get_payload(attr), sizeof(dev->lladdr));
		return MNL_CB_OK;
	case IFLA_MTU:
		dev->mtu = mnl_attr_get_u32(attr);
		return MNL_CB_OK;
	case IFLA_MASTER:
		dev->master = mnl_attr_get_u32(attr);
		return MNL_CB_OK;
	case IFLA_CARRIER:
		dev->carrier = mnl_attr_get_u8(attr);
		return MNL_CB_OK;
	case IFLA_STATS64:
		if (mnl_attr_get_payload_len(attr) >= sizeof(dev->received)) /* rx_packets is the first */
			memcpy(&dev->received, mnl_attr_get_payload(attr), sizeof(dev->received));
		return MNL_CB_OK;
	case IFLA_LINKINFO:
		return mnl_attr_parse_nested(attr, read_linkinfo, dev);
	default:
		return MNL_CB_OK;
	}
}

static int read_link(const struct nlmsghdr *nlh, void *context)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	struct netdev *dev = context;

	dev->ifindex = (uint32_t)ifi->ifi_index;
	dev->type = ifi->ifi_type;
	dev->up = ifi->ifi_flags & IFF_UP;
	return mnl_attr_parse(nlh, sizeof(struct ifinfomsg), read_attribute, dev);
}

/* By NAME, or by IFINDEX if that is NULL. */
static int ask(struct mnl_socket *socket, const char *name, uint32_t ifindex, struct netdev *dev)
{
	char buffer[32 * 1024]; /* an answer about one link is below MNL_SOCKET_DUMP_SIZE */
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *ifi;
	ssize_t bytes;

	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = 1;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_family = AF_UNSPEC;
	ifi->ifi_index = (int)ifindex;
	if (name)
		mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	if (mnl_socket_sendto(socket, nlh, nlh->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		int more;

		bytes = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		if (bytes < 0)
			return -errno;
		more = mnl_cb_run(buffer, (size_t)bytes, 1, mnl_socket_get_portid(socket), read_link, dev);
		if (more < 0)
			return -errno;
		if (more == MNL_CB_STOP)
			return 0;
	}
}

static int query(const char *name, uint32_t ifindex, struct netdev *dev)
{
	struct mnl_socket *socket = mnl_socket_open(NETLINK_ROUTE);
	int err;

	*dev = (struct netdev){};
	if (!socket)
		return -errno;
	err = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ? -errno : ask(socket, name, ifindex, dev);
	mnl_socket_close(socket);
	if (!err && dev->master && !if_indextoname(dev->master, dev->master_name))
		snprintf(dev->master_name, sizeof(dev->master_name), "if%u", dev->master % 100000);
	return err;
}

int netdev_query(const char *name, struct netdev *dev)
{
	return *name && strlen(name) < IFNAMSIZ ? query(name, 0, dev) : -ENODEV;
}

int netdev_query_index(uint32_t ifindex, struct netdev *dev)
{
	return query(NULL, ifindex, dev);
}

int netdev_find(const char *name, struct netdev *dev)
{
	int err = netdev_query(name, dev);

	if (err == -ENODEV)
		return fail(0, "see 'ip link'", "no interface '%s'", name);
	return err ? fail(err, NULL, "cannot ask rtnetlink about '%s'", name) : 0;
}

bool netdev_is_port(const struct netdev *dev)
{
	static const char *const kinds[] = { "bridge", "bond", "team" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (dev->master && !strcmp(dev->port_kind, kinds[i]))
			return true;
	return false; /* a VRF, say, has its traffic pass through the port's own hooks */
}

enum netdev_link netdev_link(const struct netdev *dev)
{
	switch (dev->type) {
	case ARPHRD_ETHER:
	case ARPHRD_LOOPBACK:
		return NETDEV_ETHERNET;
	case ARPHRD_NONE: /* tun, WireGuard */
	case ARPHRD_RAWIP:
	case ARPHRD_PPP: /* ppp_receive_nonmp_frame() in drivers/net/ppp/ppp_generic.c takes its header off */
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
		return NETDEV_BARE;
	default: /* GRE, say, leaves the outer headers in front */
		return NETDEV_OTHER;
	}
}
