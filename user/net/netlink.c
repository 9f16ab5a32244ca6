// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A request and its answer: a new socket for each, so that no answer of an earlier one is left in it. */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/cleanup.h"
#include "netlink.h"

/* netlink_dump() in the kernel fills at most 32 KiB; an answer about one link is smaller. */
#define ANSWER_BYTES (32 * 1024)

/* The kernel answers while the request is sent. This is for a kernel that does not. */
#define ANSWER_SECONDS 5

void *netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, size_t bytes)
{
	memset(request, 0, sizeof(*request));
	mnl_nlmsg_put_header(request);
	request->header.nlmsg_type = type;
	request->header.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
	request->header.nlmsg_seq = 1;
	return mnl_nlmsg_put_extra_header(&request->header, bytes);
}

static int bind_socket(int type, uint32_t groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	owned_fd fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | type, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return take_fd(&fd);
}

int netlink_open(uint32_t groups)
{
	return bind_socket(SOCK_NONBLOCK, groups);
}

/* One datagram of the kernel's. Returns its bytes or -errno. */
static ssize_t netlink_receive(int fd, void *buffer, size_t room)
{
	struct sockaddr_nl from = {};
	socklen_t from_bytes;
	ssize_t bytes;

	do {
		from_bytes = sizeof(from);
		bytes = recvfrom(fd, buffer, room, MSG_TRUNC, (struct sockaddr *)&from, &from_bytes);
	} while (bytes < 0 ? errno == EINTR : from.nl_pid != 0); /* only the kernel has port 0 */
	if (bytes < 0)
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return bytes > (ssize_t)room ? -EMSGSIZE : bytes;
}

struct answer {
	netlink_visit visit;
	void *context;
	bool complete;
	bool changed; /* the list, while it was read */
	int err;
};

/* NLMSG_DONE of a list and NLMSG_ERROR of one object both begin with an int: 0 or -errno. */
static int end_err(const struct nlmsghdr *message)
{
	int err = 0;

	if (mnl_nlmsg_get_payload_len(message) >= sizeof(err))
		memcpy(&err, mnl_nlmsg_get_payload(message), sizeof(err));
	return err;
}

static void read_datagram(struct answer *a, const void *datagram, int bytes)
{
	const struct nlmsghdr *message = datagram;

	for (; !a->complete && mnl_nlmsg_ok(message, bytes); message = mnl_nlmsg_next(message, &bytes)) {
		a->changed |= message->nlmsg_flags & NLM_F_DUMP_INTR;
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
			a->complete = true;
			a->err = end_err(message);
		} else if (message->nlmsg_type >= NLMSG_MIN_TYPE) {
			a->err = a->visit(message, a->context);
			a->complete = a->err != 0;
		}
	}
}

int netlink_ask(struct netlink_request *request, netlink_visit visit, void *context)
{
	char buffer[ANSWER_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	struct answer answer = { .visit = visit, .context = context };
	owned_fd fd = bind_socket(0, 0);
	int one = 1;

	if (fd < 0)
		return fd;
	/* NETLINK_GET_STRICT_CHK: the kernel leaves out what other interfaces have. Without it we do. */
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (send(fd, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	while (!answer.complete) {
		ssize_t bytes = netlink_receive(fd, buffer, sizeof(buffer));

		if (bytes < 0)
			return (int)bytes;
		read_datagram(&answer, buffer, (int)bytes);
	}
	return !answer.err && answer.changed ? -EINTR : answer.err;
}
