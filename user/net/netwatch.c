// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A socket of rtnetlink's multicast groups. Attributes are not read: libmnl has no part here. */
#include <errno.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "netwatch.h"

int netwatch_open(void)
{
	struct sockaddr_nl groups = {
		.nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
	};
	owned_fd fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&groups, sizeof(groups))) {
		verbose("changes of interfaces and addresses go unnoticed: %s", strerror(errno));
		return -1;
	}
	return take_fd(&fd);
}

/* The beginning of each notice, and one notice a datagram: the rest is cut off. */
struct notice {
	struct nlmsghdr header;
	struct ifinfomsg link;
};

static void read_notice(const struct notice *n, netwatch_visit visit, void *context)
{
	bool away = n->header.nlmsg_type == RTM_DELLINK;
	struct netwatch_link link = {
		.ifindex = (uint32_t)n->link.ifi_index,
		.away = away,
		.down = away || !(n->link.ifi_flags & IFF_UP) || !(n->link.ifi_flags & IFF_RUNNING),
	};

	/* AF_BRIDGE: about its place as a port of a bridge */
	if ((away || n->header.nlmsg_type == RTM_NEWLINK) && n->link.ifi_family == AF_UNSPEC)
		visit(&link, context);
}

void netwatch_drain(int fd, netwatch_visit visit, void *context)
{
	static const struct netwatch_link lost = { .ifindex = 0, .away = true, .down = true };
	struct notice notice;

	for (;;) {
		ssize_t bytes = recv(fd, &notice, sizeof(notice), 0);

		if (bytes == (ssize_t)sizeof(notice))
			read_notice(&notice, visit, context);
		else if (bytes < 0 && errno == ENOBUFS)
			visit(&lost, context);
		else if (bytes < 0 && errno != EINTR)
			return;
	}
}
