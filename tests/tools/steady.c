// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * steady IFACE: announce node-b to the default group without a pause until SIGTERM, and check that the filter of slot 0
 * counts every datagram. A burst is sent only when the previous one was counted, so no queue on the way is full. Exit
 * status 0: all were counted, and their number is printed; 1: a part of a burst was not counted.
 */
#include <errno.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <rollcall/wire.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "watch/reader.h"

#define BURST	   16
#define PATIENCE_NS (10 * NS_PER_S) /* a long timeout: a datagram that is not counted by then is lost */

static volatile sig_atomic_t ending;

static void on_term(int signal)
{
	(void)signal;
	ending = 1;
}

static uint64_t counted(const struct rollcall_table *t)
{
	struct rollcall_counts counts;
	uint64_t sum = 0;

	if (rollcall_counts_read(t, 0, &counts))
		exit(1);
	for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
		sum += counts.outcomes[i];
	return sum;
}

static int burst(int fd)
{
	static const char payload[] = ROLLCALL_PREFIX "node-b";
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(ROLLCALL_PORT) };

	inet_pton(AF_INET, "239.2.3.4", &to.sin_addr);
	for (int i = 0; i < BURST; i++)
		if (sendto(fd, payload, sizeof(payload) - 1, 0, (const struct sockaddr *)&to, sizeof(to)) < 0)
			return -errno;
	return 0;
}

int main(int argc, char **argv)
{
	struct ip_mreqn out = { .imr_ifindex = argc == 2 ? (int)if_nametoindex(argv[1]) : 0 };
	owned_fd fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	const char *dir = getenv("ROLLCALL_PIN_DIR");
	struct rollcall_table t;
	uint64_t from, sent = 0, is = 0;

	if (!dir || !out.imr_ifindex || fd < 0 || setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &out, sizeof(out)) ||
	    reader_open(&t, dir)) {
		fputs("usage: steady IFACE, with a table in $ROLLCALL_PIN_DIR\n", stderr);
		return 1;
	}
	signal(SIGTERM, on_term);
	from = counted(&t);
	while (!ending && is == sent) {
		uint64_t deadline = rollcall_now_ns() + PATIENCE_NS;
		int err = burst(fd);

		if (err) {
			fprintf(stderr, "steady: cannot send: %s\n", strerror(-err));
			return 1;
		}
		sent += BURST;
		while ((is = counted(&t) - from) != sent && rollcall_now_ns() < deadline)
			sched_yield();
	}
	printf("sent %llu counted %llu\n", (unsigned long long)sent, (unsigned long long)is);
	rollcall_close(&t);
	return is != sent;
}
