// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Send requests and read the answers. Each request has a new socket, so that it has no earlier answer in its buffer. */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/cleanup.h"
#include "netlink.h"

/* netlink_dump() in the kernel fills at most 32 KiB; an answer about one link is smaller. */
#define ANSWER_BYTES (32 * 1024)

/* The kernel answers during send(2). The timeout is for a kernel that does not. */
#define ANSWER_SECONDS 5

void *netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, size_t bytes)
{
	*request = (struct netlink_request){
		.header = {
			.nlmsg_len = (uint32_t)NLMSG_SPACE(bytes),
			.nlmsg_type = type,
			.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags),
			.nlmsg_seq = 1,
		},
	};
	return request->body;
}

void netlink_put(struct netlink_request *request, uint16_t type, const void *content, size_t bytes)
{
	struct nlattr *attr = netlink_nest(request, type);

	memcpy((char *)attr + NLA_HDRLEN, content, bytes);
	attr->nla_len = (uint16_t)(NLA_HDRLEN + bytes);
	request->header.nlmsg_len += (uint32_t)NLA_ALIGN(bytes);
}

void netlink_put_text(struct netlink_request *request, uint16_t type, const char *text)
{
	netlink_put(request, type, text, strlen(text) + 1);
}

struct nlattr *netlink_nest(struct netlink_request *request, uint16_t type)
{
	struct nlattr *nest = (struct nlattr *)((char *)request + request->header.nlmsg_len);

	nest->nla_type = type;
	request->header.nlmsg_len += NLA_HDRLEN;
	return nest;
}

void netlink_nest_end(const struct netlink_request *request, struct nlattr *nest)
{
	nest->nla_len = (uint16_t)((const char *)request + request->header.nlmsg_len - (char *)nest);
}

static void attr_walk_bytes(const char *at, size_t left, attr_visit visit, void *context)
{
	while (left >= sizeof(struct nlattr)) {
		const struct nlattr *attr = (const struct nlattr *)at;
		size_t bytes = NLA_ALIGN((size_t)attr->nla_len);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > left)
			return;
		visit(attr, context);
		if (bytes >= left)
			return;
		at += bytes;
		left -= bytes;
	}
}

void attr_walk(const struct nlmsghdr *message, size_t bytes, attr_visit visit, void *context)
{
	size_t begin = NLMSG_SPACE(bytes);

	if (message->nlmsg_len > begin)
		attr_walk_bytes((const char *)message + begin, message->nlmsg_len - begin, visit, context);
}

void attr_walk_nested(const struct nlattr *attr, attr_visit visit, void *context)
{
	attr_walk_bytes(attr_payload(attr), attr_bytes(attr), visit, context);
}

uint8_t attr_u8(const struct nlattr *attr)
{
	return attr_bytes(attr) == sizeof(uint8_t) ? *(const uint8_t *)attr_payload(attr) : 0;
}

uint32_t attr_u32(const struct nlattr *attr)
{
	uint32_t number = 0;

	if (attr_bytes(attr) == sizeof(number))
		memcpy(&number, attr_payload(attr), sizeof(number));
	return number;
}

void attr_text(const struct nlattr *attr, char *text, size_t room)
{
	size_t bytes = strnlen(attr_payload(attr), attr_bytes(attr));

	bytes = bytes < room ? bytes : room - 1;
	memcpy(text, attr_payload(attr), bytes);
	text[bytes] = '\0';
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

/* Receive a datagram from the kernel. Returns its length or -errno. */
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
	bool changed; /* set when the list changed while it was read */
	int err;
	char *why; /* has NETLINK_WHY_BYTES; NULL: not requested */
};

static void read_why(const struct nlattr *attr, void *context)
{
	if (attr_type(attr) == NLMSGERR_ATTR_MSG)
		attr_text(attr, context, NETLINK_WHY_BYTES);
}

/* NLMSG_DONE of a list and NLMSG_ERROR of one object both begin with an int: 0 or -errno. */
static int end_err(const struct nlmsghdr *message)
{
	int err = 0;

	if (NLMSG_PAYLOAD(message, 0) >= sizeof(err))
		memcpy(&err, NLMSG_DATA(message), sizeof(err));
	return err;
}

static void read_message(struct answer *a, const struct nlmsghdr *message)
{
	a->changed |= message->nlmsg_flags & NLM_F_DUMP_INTR;
	if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
		a->complete = true;
		a->err = end_err(message);
		if (a->why && message->nlmsg_flags & NLM_F_ACK_TLVS)
			attr_walk(message, sizeof(struct nlmsgerr), read_why, a->why);
	} else if (message->nlmsg_type >= NLMSG_MIN_TYPE) {
		a->err = a->visit(message, a->context);
		a->complete = a->err != 0;
	}
}

/* It does not use NLMSG_NEXT(), which computes a negative rest after a last message that is not padded. */
static void read_datagram(struct answer *a, const char *at, size_t left)
{
	while (!a->complete && left >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *message = (const struct nlmsghdr *)at;
		size_t bytes = NLMSG_ALIGN((size_t)message->nlmsg_len);

		if (message->nlmsg_len < NLMSG_HDRLEN || message->nlmsg_len > left)
			return;
		read_message(a, message);
		if (bytes >= left)
			return;
		at += bytes;
		left -= bytes;
	}
}

static int exchange(struct netlink_request *request, struct answer *answer)
{
	char buffer[ANSWER_BYTES] __attribute__((aligned(NLMSG_ALIGNTO)));
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	owned_fd fd = bind_socket(0, 0);
	int one = 1;

	if (fd < 0)
		return fd;
	/* NETLINK_GET_STRICT_CHK: the kernel leaves out other interfaces. If it is not supported, the callers do. */
	setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one)); /* the answer does not repeat the request */
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (send(fd, request, request->header.nlmsg_len, 0) < 0)
		return -errno;
	while (!answer->complete) {
		ssize_t bytes = netlink_receive(fd, buffer, sizeof(buffer));

		if (bytes < 0)
			return (int)bytes;
		read_datagram(answer, buffer, (size_t)bytes);
	}
	return !answer->err && answer->changed ? -EINTR : answer->err;
}

int netlink_ask(struct netlink_request *request, netlink_visit visit, void *context)
{
	struct answer answer = { .visit = visit, .context = context };

	return exchange(request, &answer);
}

static int ignore_object(const struct nlmsghdr *message, void *context)
{
	(void)message;
	(void)context;
	return 0;
}

int netlink_change(struct netlink_request *request, char why[NETLINK_WHY_BYTES])
{
	struct answer answer = { .visit = ignore_object, .why = why };

	why[0] = '\0';
	return exchange(request, &answer);
}
