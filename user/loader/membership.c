// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Joining groups. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "membership.h"
#include "base/message.h"

/*
 * Each returns a descriptor that holds the membership until it is closed, or -errno. A socket for
 * each interface: one alone is allowed 20 groups (net.ipv4.igmp_max_memberships).
 */
static int join4(uint32_t ifindex, const uint8_t group[4])
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

static int join6(uint32_t ifindex, const uint8_t group[16])
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

typedef void (*sayer)(const char *what, ...);

/* A kernel or interface without one family still has the other. */
static void join(int fds[2], const struct netdev *dev, const struct rollcall_settings *s, bool ipv4, bool ipv6,
		 sayer say_of_ipv4)
{
	if (ipv4) {
		fds[0] = join4(dev->ifindex, s->group4);
		if (fds[0] < 0)
			say_of_ipv4("cannot join the IPv4 group on '%s': %s; announcements may not get through to it",
				    dev->name, strerror(-fds[0]));
	}
	if (ipv6) {
		fds[1] = join6(dev->ifindex, s->group6);
		if (fds[1] < 0)
			verbose("cannot join the IPv6 group on '%s': %s", dev->name, strerror(-fds[1]));
	}
}

void membership_join(int fds[2], const struct netdev *dev, const struct rollcall_settings *s, bool ipv4, bool ipv6)
{
	join(fds, dev, s, ipv4, ipv6, warn);
}

void membership_leave(int fds[2])
{
	for (int i = 0; i < 2; i++) {
		cleanup_fd(&fds[i]);
		fds[i] = -1;
	}
}

void membership_renew(int fds[2], const struct netdev *dev, const struct rollcall_settings *s, bool ipv4, bool ipv6)
{
	membership_leave(fds);
	join(fds, dev, s, ipv4, ipv6, verbose);
}
