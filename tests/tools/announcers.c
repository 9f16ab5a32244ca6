// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * announcers IFACE INTERVAL FIRST COUNT [CARD]: announce COUNT hosts, from host-FIRST on, on IFACE
 * every INTERVAL, until SIGTERM. Each host has its own IPv4 and MAC address (hearing.h); another
 * CARD is another MAC address. The frames are valid, and are sent by a packet socket, so the
 * interface requires no address.
 *
 * The announcements are spread over the interval, and the first round is spread too. The maximum is
 * RATE_MAX per second.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include <rollcall/wire.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/parse.h"
#include "hearing.h"

#define HOSTS_MAX 0xffff /* the addresses of 10.78.0.0/16 */
#define RATE_MAX  2000
#define TICK_NS	  (100 * NS_PER_S / 1000)

static volatile sig_atomic_t ending;

static void on_term(int signal)
{
	(void)signal;
	ending = 1;
}

static const struct rollcall_settings settings = ROLLCALL_DEFAULT_SETTINGS;

static int send_host(int fd, const struct sockaddr_ll *to, uint32_t host, uint8_t card)
{
	struct frame frame;
	char name[16];

	snprintf(name, sizeof(name), "host-%u", host);
	frame_of(&frame, &settings, name, host, card);
	/* a full queue drops the frame, as a network does */
	if (sendto(fd, frame.bytes, frame.count, 0, (const struct sockaddr *)to, sizeof(*to)) < 0 &&
	    errno != ENOBUFS)
		return -errno;
	return 0;
}

/* Announcement number N is due N * INTERVAL / COUNT after the start. */
static int announce(int fd, const struct sockaddr_ll *to, uint64_t interval, uint32_t first,
		    uint32_t count, uint8_t card)
{
	uint64_t start = rollcall_now_ns(), step = interval / count, sent = 0;
	struct timespec tick = {.tv_nsec = TICK_NS};
	int err = 0;

	if (step > TICK_NS)
		tick = (struct timespec){.tv_sec = (time_t)(step / NS_PER_S),
					 .tv_nsec = (long)(step % NS_PER_S)};
	while (!ending && !err) {
		uint64_t due = (rollcall_now_ns() - start) / step + 1;

		/* after a suspension at most one round is sent */
		if (due - sent > count)
			sent = due - count;
		for (; !err && sent < due; sent++)
			err = send_host(fd, to, first + (uint32_t)(sent % count), card);
		if (!ending && !err)
			nanosleep(&tick, NULL);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP)};
	owned_fd fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0); /* it receives nothing */
	uint32_t first = 0, count = 0, card = 0;
	uint64_t interval = 0;
	int err;

	if (argc < 5 || argc > 6 || parse_duration(argv[2], &interval) ||
	    parse_number(argv[3], 1, HOSTS_MAX, &first) ||
	    parse_number(argv[4], 1, HOSTS_MAX - first + 1, &count) ||
	    (argc > 5 && parse_number(argv[5], 0, 255, &card)) ||
	    interval / count < NS_PER_S / RATE_MAX) {
		fprintf(stderr,
			"usage: announcers IFACE INTERVAL FIRST COUNT [CARD], at most %d "
			"announcements per second\n",
			RATE_MAX);
		return 2;
	}
	to.sll_ifindex = (int)if_nametoindex(argv[1]);
	signal(SIGTERM, on_term);
	err = fd < 0 || !to.sll_ifindex ? -errno
					: announce(fd, &to, interval, first, count, (uint8_t)card);
	if (err)
		fprintf(stderr, "announcers: %s: %s\n", argv[1], strerror(-err));
	return err ? 1 : 0;
}
