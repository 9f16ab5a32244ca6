// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Announcements as an interface receives them, by a packet socket that joins no group and sets no promiscuous mode.
 * Prints "listening", then a line per UDP datagram to the port:
 *
 *	arrivals IFACE	-> 4|6 complete|partial
 *
 * A partial checksum is that of the pseudo-header: the sender left the rest to its network card, and there was none on
 * the way.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <rollcall/wire.h>

static void die(void)
{
	perror("arrivals");
	exit(1);
}

/* Offset of the UDP header, or 0 if the packet has none right behind its IP header. */
static size_t udp_offset(const unsigned char *packet, size_t bytes, bool ipv6)
{
	struct iphdr ip4;
	struct ip6_hdr ip6;

	if (ipv6) {
		if (bytes < sizeof(ip6))
			return 0;
		memcpy(&ip6, packet, sizeof(ip6));
		return ip6.ip6_nxt == IPPROTO_UDP ? sizeof(ip6) : 0;
	}
	if (bytes < sizeof(ip4))
		return 0;
	memcpy(&ip4, packet, sizeof(ip4));
	return ip4.protocol == IPPROTO_UDP ? ip4.ihl * 4u : 0;
}

static bool is_partial(struct msghdr *message)
{
	struct tpacket_auxdata data = { 0 };

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA)
			memcpy(&data, CMSG_DATA(c), sizeof(data));
	return data.tp_status & TP_STATUS_CSUMNOTREADY;
}

static void receive(int fd)
{
	unsigned char packet[2048], control[256];
	struct sockaddr_ll from;
	struct iovec part = { packet, sizeof(packet) };
	struct msghdr message = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t bytes = recvmsg(fd, &message, 0);
	bool ipv6 = from.sll_protocol == htons(ETH_P_IPV6);
	struct udphdr udp;
	size_t offset;

	if (bytes < 0)
		die();
	if (from.sll_pkttype == PACKET_OUTGOING || (!ipv6 && from.sll_protocol != htons(ETH_P_IP)))
		return;
	offset = udp_offset(packet, (size_t)bytes, ipv6);
	if (!offset || offset + sizeof(udp) > (size_t)bytes)
		return;
	memcpy(&udp, packet + offset, sizeof(udp));
	if (udp.dest == htons(ROLLCALL_PORT))
		printf("%d %s\n", ipv6 ? 6 : 4, is_partial(&message) ? "partial" : "complete");
}

int main(int argc, char **argv)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int on = 1, fd;

	at.sll_ifindex = argc == 2 ? (int)if_nametoindex(argv[1]) : 0;
	if (!at.sll_ifindex) {
		fputs("usage: arrivals IFACE\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* without a protocol it receives nothing until it is bound to the interface */
	fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) ||
	    bind(fd, (const struct sockaddr *)&at, sizeof(at)))
		die();
	puts("listening");
	for (;;)
		receive(fd);
}
