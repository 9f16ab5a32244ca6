// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A receiver of announcements as others write them: a socket bound to the port, all of it its own
 * (no address reuse), joined to the group. Prints "listening", then a line for each datagram:
 *
 *	listener IFACE [PORT]	-> ADDRESS port PORT ttl TTL bytes N: PAYLOAD
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <rollcall/wire.h>

static int open_socket(const char *ifname, int port)
{
	static const unsigned char group[4] = ROLLCALL_GROUP4;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((unsigned short)port) };
	struct ip_mreqn request = { .imr_ifindex = (int)if_nametoindex(ifname) };
	int on = 1, fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&request.imr_multiaddr, group, sizeof(group));
	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)) ||
	    setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof(request)) ||
	    setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on))) {
		perror("listener");
		exit(1);
	}
	return fd;
}

static int ttl_of(struct msghdr *message)
{
	int ttl = -1;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
			memcpy(&ttl, CMSG_DATA(c), sizeof(ttl));
	return ttl;
}

static void receive(int fd)
{
	char payload[2048], control[256], text[INET_ADDRSTRLEN];
	struct sockaddr_in from;
	struct iovec part = { payload, sizeof(payload) };
	struct msghdr message = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t bytes = recvmsg(fd, &message, 0);

	if (bytes < 0) {
		perror("listener");
		exit(1);
	}
	printf("%s port %u ttl %d bytes %zd: ", inet_ntop(AF_INET, &from.sin_addr, text, sizeof(text)),
	       ntohs(from.sin_port), ttl_of(&message), bytes);
	for (ssize_t i = 0; i < bytes; i++)
		printf(payload[i] > ' ' && payload[i] < 0x7f ? "%c" : "\\%02hhx", payload[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	int fd;

	if (argc < 2) {
		fputs("usage: listener IFACE [PORT]\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	fd = open_socket(argv[1], argc > 2 ? (int)strtol(argv[2], NULL, 10) : ROLLCALL_PORT);
	puts("listening");
	for (;;)
		receive(fd);
}
