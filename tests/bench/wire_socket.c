// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include "base/message.h"
#include "wire_socket.h"

#define BATCH 64

int wire_socket_open(void)
{
	const struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex("wire0") };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof(at)))
		return fail(-errno, NULL, "cannot send on wire0");
	return fd;
}

int wire_socket_send(int fd, struct frame *frames, unsigned int hosts, unsigned int count)
{
	struct iovec parts[BATCH];
	struct mmsghdr messages[BATCH] = {};

	for (unsigned int sent = 0; sent < count;) {
		int done;

		for (unsigned int i = 0; i < BATCH; i++) {
			struct frame *f = &frames[(sent + i) % hosts];

			parts[i] = (struct iovec){ f->bytes, f->count };
			messages[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
		}
		done = sendmmsg(fd, messages, count - sent < BATCH ? count - sent : BATCH, 0);
		if (done < 0 && errno != ENOBUFS && errno != EINTR)
			return fail(-errno, NULL, "cannot send");
		sent += done > 0 ? (unsigned int)done : 0;
	}
	return 0;
}
