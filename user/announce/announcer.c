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
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/message.h"
#include "loader/own_names.h"
#include "base/parse.h"

/* A beat comes up to a tenth of the interval early, never late: hosts that start together drift apart. */
#define JITTER_SHARE 10

int announcer_init(struct announcer *a, const struct rollcall_settings *settings, const struct options *o)
{
	char name[NODENAME_BYTES];

	*a = (struct announcer){
		.timer = clock_timer(),
		.settings = *settings,
		.hostname = o->hostname,
		.interval_ns = o->interval_ns,
	};
	if (a->timer < 0)
		return fail(a->timer, NULL, "cannot make a timer");
	if (!o->hostname && !hostname_is_valid(nodename_short(name)))
		return fail(0, "--hostname gives another name", "this host's name '%s' cannot be announced", name);
	return 0;
}

/* Have it send by interface IFINDEX. */
static int bind_port(struct announcer_port *port, uint32_t ifindex)
{
	struct ip_mreqn out4 = { .imr_ifindex = (int)ifindex };
	int out6 = (int)ifindex;

	if (port->group.any.sa_family == AF_INET)
		return setsockopt(port->fd, IPPROTO_IP, IP_MULTICAST_IF, &out4, sizeof(out4)) ? -errno : 0;
	port->group.v6.sin6_scope_id = ifindex;
	return setsockopt(port->fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &out6, sizeof(out6)) ? -errno : 0;
}

static int open4(struct announcer_port *port, const struct rollcall_settings *s)
{
	int ttl = ROLLCALL_TTL;

	port->group.v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(s->port) };
	memcpy(&port->group.v4.sin_addr, s->group4, sizeof(s->group4));
	port->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (port->fd < 0 || setsockopt(port->fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof(ttl)))
		return -errno;
	return bind_port(port, port->dev.ifindex);
}

static int open6(struct announcer_port *port, const struct rollcall_settings *s)
{
	int hops = ROLLCALL_TTL;

	port->group.v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(s->port) };
	memcpy(&port->group.v6.sin6_addr, s->group6, sizeof(s->group6));
	port->fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (port->fd < 0 || setsockopt(port->fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)))
		return -errno;
	return bind_port(port, port->dev.ifindex);
}

static int add_port(struct announcer *a, uint32_t id, const struct netdev *dev,
		    int (*open_port)(struct announcer_port *, const struct rollcall_settings *))
{
	struct announcer_port *port = &a->ports[a->count];
	int err;

	*port = (struct announcer_port){ .id = id, .dev = *dev, .fd = -1 };
	err = open_port(port, &a->settings);
	if (err)
		cleanup_fd(&port->fd);
	else
		a->count++;
	return err;
}

int announcer_add(struct announcer *a, uint32_t id, const struct netdev *dev, const struct options *o)
{
	int err = -EAFNOSUPPORT, added = a->count;

	if (!option_given(o, OPT_IPV6))
		err = add_port(a, id, dev, open4);
	if (!option_given(o, OPT_IPV4)) {
		int err6 = add_port(a, id, dev, open6);

		err = err ? err6 : err;
	}
	/* a kernel without the one family still has the other */
	return a->count > added ? 0 : fail(err, NULL, "cannot announce on '%s'", dev->name);
}

static bool is_in(uint32_t id, const uint32_t *ids, int count)
{
	for (int i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

void announcer_keep(struct announcer *a, const uint32_t *ids, int count)
{
	int kept = 0;

	for (int i = 0; i < a->count; i++) {
		if (is_in(a->ports[i].id, ids, count))
			a->ports[kept++] = a->ports[i];
		else
			cleanup_fd(&a->ports[i].fd);
	}
	a->count = kept;
}

void announcer_update(struct announcer *a, uint32_t id, const struct netdev *dev)
{
	for (int i = 0; i < a->count; i++) {
		struct announcer_port *port = &a->ports[i];

		if (port->id != id)
			continue;
		/* refused: it is gone again already, of which there will be another notice */
		if (port->dev.ifindex == dev->ifindex || !bind_port(port, dev->ifindex))
			port->dev = *dev;
	}
}

void announcer_notice(struct announcer *a, const struct netwatch_link *link)
{
	for (int i = 0; i < a->count; i++)
		if (link->down && (!link->ifindex || link->ifindex == a->ports[i].dev.ifindex))
			a->ports[i].was_down = true;
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
	if (port->group.any.sa_family == AF_INET && ioctl(port->fd, SIOCGIFADDR, &request))
		return -errno;
	return 0;
}

static int send_on(const struct announcer *a, const struct announcer_port *port, const char *name)
{
	struct iovec parts[] = {
		{ .iov_base = (void *)a->settings.prefix, .iov_len = a->settings.prefix_bytes },
		{ .iov_base = (void *)name, .iov_len = strlen(name) },
	};
	struct msghdr message = {
		.msg_name = (void *)&port->group,
		.msg_namelen = port->group.any.sa_family == AF_INET ? sizeof(port->group.v4) : sizeof(port->group.v6),
		.msg_iov = parts,
		.msg_iovlen = 2,
	};
	int err = hostname_is_valid(name) ? check_interface(port) : -EINVAL;

	if (err)
		return err;
	if (sendmsg(port->fd, &message, 0) >= 0)
		return 0;
	/* a link that is up has a route to every group of IPv6, unless it has no IPv6 at all */
	if (errno == ENETUNREACH && port->group.any.sa_family == AF_INET6)
		return -EADDRNOTAVAIL;
	return -errno;
}

/*
 * What calling from an interface has come to: the ports from FIRST on that are its own. One family
 * that works is enough, because nobody has to have both.
 */
static int interface_err(const struct announcer *a, int first)
{
	int err = a->ports[first].err;

	for (int i = first; i < a->count && a->ports[i].id == a->ports[first].id; i++) {
		if (!a->ports[i].err)
			return 0;
		if (err == -EADDRNOTAVAIL)
			err = a->ports[i].err;
	}
	return err;
}

/* Once for an interface, when it begins to fail and when it works again. */
static void tell_changes(struct announcer *a)
{
	for (int i = 0; i < a->count; i++) {
		struct announcer_port *port = &a->ports[i];
		int err;

		if (i && a->ports[i - 1].id == port->id)
			continue;
		err = interface_err(a, i);
		if (err == -ENODEV)
			continue;
		if (err && err != port->told)
			warn("cannot announce on '%s': %s; still trying", port->dev.name,
			     err == -EADDRNOTAVAIL ? "it has no address" : strerror(-err));
		else if (!err && port->told)
			warn("announcing on '%s' again", port->dev.name);
		port->told = err;
	}
}

static uint64_t jitter_ns(uint64_t interval_ns)
{
	uint32_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) < 0)
		return 0;
	return interval_ns / JITTER_SHARE * (random >> 16) >> 16;
}

/* Nobody hears of it, and now somebody could. */
static bool is_overdue(const struct announcer_port *port)
{
	return (port->err || port->was_down) && !check_interface(port);
}

/* Call on every port, or on those alone that are overdue. Returns how many went out. */
static int call(struct announcer *a, bool overdue_ones)
{
	char nodename[NODENAME_BYTES];
	const char *name = a->hostname ? a->hostname : nodename_short(nodename);
	int sent = 0;

	for (int i = 0; i < a->count; i++) {
		struct announcer_port *port = &a->ports[i];

		if (overdue_ones && !is_overdue(port))
			continue;
		port->err = send_on(a, port, name);
		port->was_down = false;
		sent += !port->err;
	}
	tell_changes(a);
	return sent;
}

int announcer_beat(struct announcer *a)
{
	clock_timer_ack(a->timer);
	clock_timer_set(a->timer, rollcall_now_ns() + a->interval_ns - jitter_ns(a->interval_ns));
	return call(a, false);
}

void announcer_retry(struct announcer *a)
{
	call(a, true);
}

void announcer_close(struct announcer *a)
{
	cleanup_fd(&a->timer);
	for (int i = 0; i < a->count; i++)
		cleanup_fd(&a->ports[i].fd);
	*a = (struct announcer)ANNOUNCER_NONE;
}
