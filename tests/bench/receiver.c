// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A socket and a hash table. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <rollcall/wire.h>

#include "base/message.h"
#include "programs.h"
#include "receiver.h"

#define BATCH	     64
#define BUFFER_BYTES (4 << 20)
#define PREFIX_BYTES (sizeof(ROLLCALL_PREFIX) - 1)
#define PATIENCE_US  20000 /* the receive timeout, after which it checks for a stop */

static uint32_t hash(const char *name, size_t bytes)
{
	uint32_t h = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < bytes; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619U;
	return h;
}

/* A hash table with open addressing. It has more places than there are names. */
static void record(struct receiver *r, const char *name, size_t bytes, uint32_t address, uint64_t now_ns)
{
	uint32_t place = hash(name, bytes) % RECEIVER_NAMES;

	while (r->table[place].name[0] && (memcmp(r->table[place].name, name, bytes) || r->table[place].name[bytes]))
		place = (place + 1) % RECEIVER_NAMES;
	memcpy(r->table[place].name, name, bytes);
	r->table[place].address = address;
	r->table[place].heard_ns = now_ns;
}

static void *receive(void *context)
{
	struct receiver *r = context;
	static char payloads[BATCH][128];
	static struct sockaddr_in from[BATCH];
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH];
	struct rusage usage;

	if (run_on_cpu(r->cpu))
		return NULL;
	alone_begin();
	while (!r->ended) {
		struct timespec now;
		int got;

		for (int i = 0; i < BATCH; i++) {
			parts[i] = (struct iovec){ payloads[i], sizeof(payloads[i]) };
			messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1, .msg_name = &from[i],
							       .msg_namelen = sizeof(from[i]) };
		}
		got = recvmmsg(r->fd, messages, BATCH, MSG_WAITFORONE, NULL);
		clock_gettime(CLOCK_BOOTTIME, &now);
		for (int i = 0; i < got; i++) {
			size_t bytes = messages[i].msg_len;

			if (bytes > PREFIX_BYTES && bytes - PREFIX_BYTES < sizeof(r->table[0].name) &&
			    !memcmp(payloads[i], ROLLCALL_PREFIX, PREFIX_BYTES))
				record(r, payloads[i] + PREFIX_BYTES, bytes - PREFIX_BYTES, from[i].sin_addr.s_addr,
				       (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
		}
		if (got > 0)
			r->recorded += (unsigned long)got;
	}
	getrusage(RUSAGE_THREAD, &usage);
	r->cpu_ns = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
		    (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
	return NULL;
}

int receiver_start(struct receiver *r, const char *ifname, int cpu)
{
	const struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(ROLLCALL_PORT) };
	const struct timeval patience = { .tv_usec = PATIENCE_US };
	const uint8_t group[4] = ROLLCALL_GROUP4;
	struct ip_mreqn membership = { .imr_ifindex = (int)if_nametoindex(ifname) };
	int bytes = BUFFER_BYTES / 2; /* the kernel doubles it */

	memset(r, 0, sizeof(*r));
	memcpy(&membership.imr_multiaddr, group, sizeof(group));
	r->cpu = cpu;
	r->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (r->fd < 0 || setsockopt(r->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) ||
	    setsockopt(r->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    bind(r->fd, (const struct sockaddr *)&at, sizeof(at)) ||
	    setsockopt(r->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof(membership)))
		return fail(-errno, NULL, "cannot open the receiver's socket");
	return pthread_create(&r->thread, NULL, receive, r) ? fail(-EAGAIN, NULL, "cannot start the receiver") : 0;
}

void receiver_stop(struct receiver *r)
{
	r->ended = true;
	pthread_join(r->thread, NULL);
	close(r->fd);
}
