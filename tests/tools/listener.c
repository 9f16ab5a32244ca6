// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A receiver of announcements like other programs: a socket that is bound exclusively to the port (no address reuse)
 * and joined to the group. It prints "listening", then one line per datagram:
 *
 *	listener [-6] IFACE [PORT]	-> ADDRESS port PORT ttl TTL bytes N: PAYLOAD
 *
 * In PAYLOAD, \XX is a byte that is not printed as it is; a backslash is \5c.
 * TTL is the hop limit over IPv6; a link-local address comes with its scope.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <rollcall/wire.h>

static void die(void)
{
	perror("listener");
	exit(1);
}

static int open4(const char *ifname, int port)
{
	static const unsigned char group[4] = ROLLCALL_GROUP4;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
	struct ip_mreqn request = { .imr_ifindex = (int)if_nametoindex(ifname) };
	int on = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&request.imr_multiaddr, group, sizeof(group));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) ||
	    setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)))
		die();
	return fd;
}

static int open6(const char *ifname, int port)
{
	static const unsigned char group[16] = ROLLCALL_GROUP6;
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons((unsigned short)port) };
	struct ipv6_mreq request = { .ipv6mr_interface = if_nametoindex(ifname) };
	int on = 1, fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&request.ipv6mr_multiaddr, group, sizeof(group));
	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) || /* so that an IPv4 listener can bind too */
	    bind(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &request, sizeof(request)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)))
		die();
	return fd;
}

static int ttl_of(struct msghdr *message)
{
	int ttl = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
		if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) ||
		    (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT))
			memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
	return ttl;
}

static void receive(int fd)
{
	char payload[2048], control[256], address[NI_MAXHOST], port[NI_MAXSERV];
	struct sockaddr_storage from;
	struct iovec part = { payload, sizeof(payload) };
	struct msghdr message = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t bytes = recvmsg(fd, &message, 0);

	if (bytes < 0 || getnameinfo((const struct sockaddr *)&from, message.msg_namelen, address, sizeof(address),
				     port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV))
		die();
	printf("%s port %s ttl %d bytes %zd: ", address, port, ttl_of(&message), bytes);
	for (ssize_t i = 0; i < bytes; i++)
		printf(payload[i] > ' ' && payload[i] < 0x7f && payload[i] != '\\' ? "%c" : "\\%02hhx", payload[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	bool ipv6 = argc > 1 && !strcmp(argv[1], "-6");
	int port, fd;

	argv += ipv6;
	argc -= ipv6;
	if (argc < 2) {
		fputs("usage: listener [-6] IFACE [PORT]\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	port = argc > 2 ? (int)strtol(argv[2], NULL, 10) : ROLLCALL_PORT;
	fd = ipv6 ? open6(argv[1], port) : open4(argv[1], port);
	puts("listening");
	for (;;)
		receive(fd);
}
