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
