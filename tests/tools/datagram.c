// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sends payloads as announcers send theirs, by a UDP socket to the group and port.
 *
 *	datagram [--segment BYTES] IFACE SOURCE HEX...	from the address SOURCE, to the group of its family
 *
 * With --segment a payload is several datagrams of BYTES (the last one may be shorter), which the kernel passes on in one
 * buffer (UDP_SEGMENT) whose first part has only the headers (MSG_ZEROCOPY).
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <rollcall/wire.h>

#include "hex.h"

static const uint8_t group4[4] = ROLLCALL_GROUP4;
static const uint8_t group6[16] = ROLLCALL_GROUP6;

static int open4(const char *source, int ifindex)
{
	struct ip_mreqn link = { .imr_ifindex = ifindex };
	struct sockaddr_in from = { .sin_family = AF_INET };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(ROLLCALL_PORT) };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&to.sin_addr, group4, sizeof(group4));
	if (fd < 0 || inet_pton(AF_INET, source, &from.sin_addr) != 1 ||
	    bind(fd, (const struct sockaddr *)&from, sizeof(from)) ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &link, sizeof(link)) ||
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)))
		return -1;
	return fd;
}

static int open6(const char *source, int ifindex)
{
	struct sockaddr_in6 from = { .sin6_family = AF_INET6, .sin6_scope_id = (uint32_t)ifindex };
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6, .sin6_port = htons(ROLLCALL_PORT), .sin6_scope_id = (uint32_t)ifindex,
	};
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(&to.sin6_addr, group6, sizeof(group6));
	if (fd < 0 || inet_pton(AF_INET6, source, &from.sin6_addr) != 1 ||
	    bind(fd, (const struct sockaddr *)&from, sizeof(from)) ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &ifindex, sizeof(ifindex)) ||
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)))
		return -1;
	return fd;
}

static bool set_segment(int fd, int bytes)
{
	int yes = 1;

	return !setsockopt(fd, SOL_UDP, UDP_SEGMENT, &bytes, sizeof(bytes)) &&
	       !setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &yes, sizeof(yes));
}

int main(int argc, char **argv)
{
	int segment = argc > 2 && !strcmp(argv[1], "--segment") ? (int)strtol(argv[2], NULL, 10) : 0, ifindex, fd;

	argv += segment ? 2 : 0;
	argc -= segment ? 2 : 0;
	ifindex = argc > 3 ? (int)if_nametoindex(argv[1]) : 0;
	if (!ifindex) {
		fputs("usage: datagram [--segment BYTES] IFACE SOURCE HEX...\n", stderr);
		return 2;
	}
	fd = strchr(argv[2], ':') ? open6(argv[2], ifindex) : open4(argv[2], ifindex);
	if (fd >= 0 && segment && !set_segment(fd, segment)) {
		perror("datagram: cannot send segments");
		return 1;
	}
	for (int i = 3; fd >= 0 && i < argc; i++) {
		unsigned char payload[1400];
		int bytes = parse_hex(argv[i], payload, sizeof(payload));

		if (bytes < 0) {
			fprintf(stderr, "datagram: bad payload '%s'\n", argv[i]);
			return 2;
		}
		if (send(fd, payload, (size_t)bytes, segment ? MSG_ZEROCOPY : 0) != bytes)
			break;
		if (i + 1 == argc)
			return 0;
	}
	perror("datagram");
	return 1;
}
