/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one way to talk to rtnetlink. The rest of the room is built on it: links (netdev.h), addresses
 * (addresses.h) and notices (netwatch.h). Messages are written and read with libmnl.
 *
 * The kernel is asked by interface number wherever there is one: a name can move to another
 * interface between two questions.
 */
#ifndef ROLLCALL_NETLINK_H
#define ROLLCALL_NETLINK_H

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

/* A request, with room for the fixed part and one interface name of 127 characters. */
struct netlink_request {
	struct nlmsghdr header;
	char body[256];
};

/*
 * Begin a request: TYPE is RTM_GET*. FLAGS is NLM_F_DUMP for a list, or 0 for one object. Returns its
 * fixed part, zeroed, which has BYTES bytes. Attributes may be added with mnl_attr_put*().
 */
void *netlink_begin(struct netlink_request *request, uint16_t type, uint16_t flags, size_t bytes);

/* Called with each object of the answer. MESSAGE is valid during the call. Other than 0 ends the answer. */
typedef int (*netlink_visit)(const struct nlmsghdr *message, void *context);

/*
 * Send the request and visit its answer. Returns 0, the kernel's -errno, -ETIMEDOUT, or what VISIT
 * returned. -EINTR: the whole list was visited, but it changed meanwhile, so that objects may be
 * missing or may have been visited twice. Nothing is logged.
 */
int netlink_ask(struct netlink_request *request, netlink_visit visit, void *context);

/* A socket that does not block, a member of GROUPS (RTMGRP_*). Returns a descriptor or -errno. */
int netlink_open(uint32_t groups);

#endif
