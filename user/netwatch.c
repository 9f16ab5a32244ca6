// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A socket of rtnetlink's multicast groups. The notices' contents are not read: libmnl has no part here. */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "message.h"
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

void netwatch_drain(int fd)
{
	char notice[64]; /* the rest of each is cut off */

	/* ENOBUFS: some were lost, which is a notice too */
	while (recv(fd, notice, sizeof(notice), 0) >= 0 || errno == ENOBUFS || errno == EINTR)
		;
}
