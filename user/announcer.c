// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sending announcements. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <rollcall/wire.h>

#include "announcer.h"
#include "cleanup.h"
#include "clock.h"
#include "message.h"
#include "own_names.h"
#include "parse.h"

/* A beat comes up to a tenth of the interval early, never late: hosts that start together drift apart. */
#define JITTER_SHARE 10

int announcer_init(struct announcer *a, const struct rollcall_settings *settings, const char *hostname,
		   uint64_t interval_ns)
{
	char name[NODENAME_BYTES];

	*a = (struct announcer){
		.timer = clock_timer(),
		.settings = *settings,
		.hostname = hostname,
		.interval_ns = interval_ns,
	};
	if (a->timer < 0)
		return fail(a->timer, NULL, "cannot make a timer");
	if (!hostname && !hostname_is_valid(nodename_short(name)))
		return fail(0, "--hostname gives another name", "this host's name '%s' cannot be announced", name);
	return 0;
}

int announcer_add(struct announcer *a, const struct netdev *dev)
{
	struct ip_mreqn out = { .imr_ifindex = (int)dev->ifindex };
	int ttl = ROLLCALL_TTL;
	owned_fd fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof(out)) ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)))
		return fail(-errno, NULL, "cannot announce on '%s'", dev->name);
	a->ports[a->count++] = (struct announcer_port){ .dev = *dev, .fd = take_fd(&fd) };
	return 0;
}

/* Without an address of its own, Linux would send from that of another interface, or from 0.0.0.0. */
static int check_interface(const struct announcer_port *port)
{
	struct ifreq request = {};

	if (!if_indextoname(port->dev.ifindex, request.ifr_name))
		return -ENODEV;
	if (ioctl(port->fd, SIOCGIFFLAGS, &request))
		return -errno;
	if (!(request.ifr_flags & IFF_UP) || !(request.ifr_flags & IFF_RUNNING))
		return -ENETDOWN;
	return ioctl(port->fd, SIOCGIFADDR, &request) ? -errno : 0;
}

static int send_on(const struct announcer *a, const struct announcer_port *port, const char *name)
{
	struct sockaddr_in group = { .sin_family = AF_INET, .sin_port = htons(a->settings.port) };
	struct iovec parts[] = {
		{ .iov_base = (void *)a->settings.prefix, .iov_len = a->settings.prefix_bytes },
		{ .iov_base = (void *)name, .iov_len = strlen(name) },
	};
	struct msghdr message = {
		.msg_name = &group, .msg_namelen = sizeof(group), .msg_iov = parts, .msg_iovlen = 2,
	};
	int err = check_interface(port);

	if (err)
		return err;
	memcpy(&group.sin_addr, a->settings.group4, sizeof(group.sin_addr));
	return sendmsg(port->fd, &message, 0) < 0 ? -errno : 0;
}

static const char *reason(int err)
{
	return err == -EADDRNOTAVAIL ? "it has no IPv4 address" : strerror(-err);
}

static void tell_change(const struct announcer_port *port, int err)
{
	if (err && err != port->err)
		warn("cannot announce on '%s': %s; still trying", port->dev.name, reason(err));
	else if (!err && port->err)
		warn("announcing on '%s' again", port->dev.name);
}

static uint64_t jitter_ns(uint64_t interval_ns)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		return 0;
	return interval_ns / JITTER_SHARE * (random >> 16) >> 16;
}

int announcer_beat(struct announcer *a)
{
	char nodename[NODENAME_BYTES];
	const char *name = a->hostname ? a->hostname : nodename_short(nodename);
	int sent = 0;

	clock_timer_ack(a->timer);
	clock_timer_set(a->timer, clock_boot_ns() + a->interval_ns - jitter_ns(a->interval_ns));
	for (int i = 0; i < a->count; i++) {
		struct announcer_port *port = &a->ports[i];
		int err = hostname_is_valid(name) ? send_on(a, port, name) : -EINVAL;

		tell_change(port, err);
		port->err = err;
		sent += !err;
	}
	return sent;
}

void announcer_close(struct announcer *a)
{
	cleanup_fd(&a->timer);
	for (int i = 0; i < a->count; i++)
		cleanup_fd(&a->ports[i].fd);
	*a = (struct announcer)ANNOUNCER_NONE;
}
