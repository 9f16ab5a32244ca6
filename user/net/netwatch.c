// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Read notices. Only their fixed part is read. */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "base/message.h"
#include "netlink.h"
#include "netwatch.h"

/* The maximum number of notices per turn, so that a flood does not stall the caller. The next turn reads the others. */
#define NOTICES_PER_TURN 512

int netwatch_open(void)
{
	int fd = netlink_open(RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR);

	if (fd >= 0)
		return fd;
	verbose("changes of interfaces and addresses go unnoticed: %s", strerror(-fd));
	return -1;
}

/* The beginning of a notice. Each datagram has one notice; the rest of it is cut off. */
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

	/* a notice with AF_BRIDGE is about the interface as a port of a bridge */
	if ((away || n->header.nlmsg_type == RTM_NEWLINK) && n->link.ifi_family == AF_UNSPEC)
		visit(&link, context);
}

void netwatch_drain(int fd, netwatch_visit visit, void *context)
{
	static const struct netwatch_link lost = { .ifindex = 0, .away = true, .down = true };
	struct notice notice;

	for (int i = 0; i < NOTICES_PER_TURN; i++) {
		ssize_t bytes = recv(fd, &notice, sizeof(notice), 0);

		if (bytes == (ssize_t)sizeof(notice))
			read_notice(&notice, visit, context);
		else if (bytes < 0 && errno == ENOBUFS)
			visit(&lost, context);
		else if (bytes < 0 && errno != EINTR)
			return;
	}
}
