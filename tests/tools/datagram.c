// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sends payloads as announcers send theirs, by a UDP socket to the group and port.
 *
 *	datagram IFACE SOURCE HEX...	from the address SOURCE, to the group of its family
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
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

int main(int argc, char **argv)
{
	int ifindex = argc > 3 ? (int)if_nametoindex(argv[1]) : 0, fd;

	if (!ifindex) {
		fputs("usage: datagram IFACE SOURCE HEX...\n", stderr);
		return 2;
	}
	fd = strchr(argv[2], ':') ? open6(argv[2], ifindex) : open4(argv[2], ifindex);
	for (int i = 3; fd >= 0 && i < argc; i++) {
		unsigned char payload[1400];
		int bytes = parse_hex(argv[i], payload, sizeof(payload));

		if (bytes < 0) {
			fprintf(stderr, "datagram: bad payload '%s'\n", argv[i]);
			return 2;
		}
		if (send(fd, payload, (size_t)bytes, 0) != bytes)
			break;
		if (i + 1 == argc)
			return 0;
	}
	perror("datagram");
	return 1;
}
