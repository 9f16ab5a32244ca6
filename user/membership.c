// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Joining groups. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "membership.h"

int membership_join4(uint32_t ifindex, const uint8_t group[4])
{
	struct ip_mreqn request = { .imr_ifindex = (int)ifindex };
	owned_fd fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	memcpy(&request.imr_multiaddr, group, sizeof(request.imr_multiaddr));
	if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)))
		return -errno;
	return take_fd(&fd);
}

int membership_join6(uint32_t ifindex, const uint8_t group[16])
{
	struct ipv6_mreq request = { .ipv6mr_interface = ifindex };
	owned_fd fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	memcpy(&request.ipv6mr_multiaddr, group, sizeof(request.ipv6mr_multiaddr));
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &request, sizeof(request)))
		return -errno;
	return take_fd(&fd);
}
