// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Sends raw frames, also those that a socket of a real sender would not send.
 *
 *	inject IFACE HEX...	each is a frame from its Ethernet header on
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hex.h"

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); /* it receives nothing */

	to.sll_ifindex = argc > 1 ? (int)if_nametoindex(argv[1]) : 0;
	if (argc < 3 || !to.sll_ifindex) {
		fputs("usage: inject IFACE HEX...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		unsigned char frame[2048];
		int bytes = parse_hex(argv[i], frame, sizeof(frame));

		if (bytes < 0) {
			fprintf(stderr, "inject: bad frame '%s'\n", argv[i]);
			return 2;
		}
		if (sendto(fd, frame, (size_t)bytes, 0, (const struct sockaddr *)&to, sizeof(to)) < 0) {
			perror("inject");
			return 1;
		}
	}
	close(fd);
	return 0;
}
