// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sockets and source addresses. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <string.h>
#include <sys/socket.h>

#include <rollcall/wire.h>

#include "base/cleanup.h"
#include "net/addresses.h"
#include "sender.h"

static bool is_ipv4(const struct sender *s)
{
	return s->group.any.sa_family == AF_INET;
}

int sender_bind(struct sender *s, const struct netdev *dev)
{
	struct ip_mreqn out4 = { .imr_ifindex = (int)dev->ifindex };
	int out6 = (int)dev->ifindex;

	if (is_ipv4(s) ? setsockopt(s->fd, IPPROTO_IP, IP_MULTICAST_IF, &out4, sizeof(out4)) :
			 setsockopt(s->fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &out6, sizeof(out6)))
		return -errno;
	if (!is_ipv4(s))
		s->group.v6.sin6_scope_id = dev->ifindex;
	s->dev = *dev;
	return 0;
}

static int set_options(struct sender *s, const struct netdev *dev)
{
	int hops = ROLLCALL_TTL, least = 0;

	/*
	 * the kernel's minimum holds a few announcements; ones that wait longer would be out of date when they are sent
	 */
	if (setsockopt(s->fd, SOL_SOCKET, SO_SNDBUF, &least, sizeof(least)))
		return -errno;
	if (is_ipv4(s) ? setsockopt(s->fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof(hops)) :
			 setsockopt(s->fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof(hops)))
		return -errno;
	return sender_bind(s, dev);
}

int sender_open(struct sender *s, uint32_t id, const struct netdev *dev, int family, const void *group, uint16_t port)
{
	int err;

	*s = (struct sender){ .id = id, .was_down = true, .fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) };
	if (s->fd < 0)
		return -errno;
	if (family == AF_INET) {
		s->group.v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
		memcpy(&s->group.v4.sin_addr, group, sizeof(s->group.v4.sin_addr));
	} else {
		s->group.v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(port) };
		memcpy(&s->group.v6.sin6_addr, group, sizeof(s->group.v6.sin6_addr));
	}
	err = set_options(s, dev);
	if (err)
		sender_close(s);
	return err;
}

void sender_close(struct sender *s)
{
	cleanup_fd(&s->fd);
	s->fd = -1;
}

static void source_set(struct sender_source *source, const struct address *address)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	source->chosen = true;
	if (address->family == AF_INET6) {
		memcpy(source->bytes, address->bytes, sizeof(source->bytes));
		return;
	}
	memcpy(source->bytes, mapped, sizeof(mapped));
	memcpy(source->bytes + sizeof(mapped), address->bytes, 4);
}

/* Without a choice the kernel uses, over IPv6, only addresses of the interface (ipv6_dev_get_saddr()). */
int sender_find_source(const struct sender *s, bool choose, struct sender_source *source)
{
	const struct address *address;
	struct addresses found;
	struct netdev now;
	int err = netdev_query_index(s->dev.ifindex, &now);

	*source = (struct sender_source){};
	if (!err && !now.running)
		err = -ENETDOWN;
	if (err || (!is_ipv4(s) && !choose))
		return err;
	err = addresses_read(&found, s->group.any.sa_family, s->dev.ifindex);
	if (err)
		return err;
	address = is_ipv4(s) ? addresses_source4(&found) : addresses_source6(&found);
	if (address)
		source_set(source, address);
	addresses_free(&found);
	return address ? 0 : -EADDRNOTAVAIL;
}

char *sender_source_text(const struct sender *s, char text[SENDER_SOURCE_TEXT])
{
	int family = s->group.any.sa_family;
	const struct address *address = NULL;
	struct addresses found;

	*text = '\0';
	if (addresses_read(&found, family, s->dev.ifindex))
		return text;
	address = family == AF_INET ? addresses_source4(&found) : addresses_source6(&found);
	if (address)
		inet_ntop(family, address->bytes, text, SENDER_SOURCE_TEXT);
	addresses_free(&found);
	return text;
}

int sender_check(const struct sender *s)
{
	struct sender_source source;

	return sender_find_source(s, true, &source);
}

enum sender_lack sender_lack(const struct sender *s)
{
	enum sender_lack lack = SENDER_NO_ADDRESS;
	struct addresses found;

	if (addresses_read(&found, s->group.any.sa_family, s->dev.ifindex))
		return lack;
	for (size_t i = 0; i < found.count; i++) {
		uint32_t flags = found.list[i].flags;

		if (flags & IFA_F_DADFAILED)
			lack = lack == SENDER_TENTATIVE ? lack : SENDER_DUPLICATE;
		else if (flags & IFA_F_TENTATIVE)
			lack = SENDER_TENTATIVE;
	}
	addresses_free(&found);
	return lack;
}

static void control_set(struct msghdr *message, int level, int type, const void *data, size_t bytes)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);

	header->cmsg_level = level;
	header->cmsg_type = type;
	header->cmsg_len = CMSG_LEN(bytes);
	memcpy(CMSG_DATA(header), data, bytes);
	message->msg_controllen = CMSG_SPACE(bytes);
}

/* Fill in the ancillary data that names source and interface. */
static void put_source(struct msghdr *message, const struct sender *s, const struct sender_source *source)
{
	struct in_pktinfo info4 = { .ipi_ifindex = (int)s->dev.ifindex };
	struct in6_pktinfo info6 = { .ipi6_ifindex = s->dev.ifindex };

	if (is_ipv4(s)) {
		memcpy(&info4.ipi_spec_dst, source->bytes + 12, sizeof(info4.ipi_spec_dst));
		control_set(message, IPPROTO_IP, IP_PKTINFO, &info4, sizeof(info4));
	} else {
		memcpy(&info6.ipi6_addr, source->bytes, sizeof(info6.ipi6_addr));
		control_set(message, IPPROTO_IPV6, IPV6_PKTINFO, &info6, sizeof(info6));
	}
}

int sender_send(const struct sender *s, const struct sender_source *source, const struct iovec *parts, int count)
{
	char control[CMSG_SPACE(sizeof(struct in6_pktinfo))] __attribute__((aligned(sizeof(size_t)))) = {};
	struct msghdr message = {
		.msg_name = (void *)&s->group,
		.msg_namelen = is_ipv4(s) ? sizeof(s->group.v4) : sizeof(s->group.v6),
		.msg_iov = (void *)parts,
		.msg_iovlen = (size_t)count,
	};

	if (source->chosen) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		put_source(&message, s, source);
	}
	if (sendmsg(s->fd, &message, 0) >= 0)
		return 0;
	/*
	 * An interface that is up has a route to every IPv6 group, unless IPv6 is disabled on it. EINVAL: the chosen
	 * address was removed meanwhile (ip6_datagram_send_ctl() in the kernel).
	 */
	if (!is_ipv4(s) && (errno == ENETUNREACH || (errno == EINVAL && source->chosen)))
		return -EADDRNOTAVAIL;
	return -errno;
}
