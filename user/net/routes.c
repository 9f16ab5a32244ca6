// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Read routes with RTM_GETROUTE. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "addresses.h"
#include "netlink.h"
#include "routes.h"

/* The maximum number of reads of a list that changes while it is read. The last result is used as it is. */
#define TRIES 4

static int routes_add(struct routes *found, const struct route *route)
{
	if (found->count == found->room) {
		size_t room = found->room ? 2 * found->room : 16;
		struct route *list = reallocarray(found->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		found->list = list;
		found->room = room;
	}
	found->list[found->count++] = *route;
	return 0;
}

struct attributes {
	struct route route;
	uint32_t table;
	int has_gateway;
};

static void read_attribute(const struct nlattr *attr, void *context)
{
	struct attributes *a = context;

	switch (attr_type(attr)) {
	case RTA_DST:
		if (attr_bytes(attr) <= sizeof(a->route.bytes))
			memcpy(a->route.bytes, attr_payload(attr), attr_bytes(attr));
		break;
	case RTA_OIF:
		a->route.ifindex = attr_u32(attr);
		break;
	case RTA_PRIORITY:
		a->route.metric = attr_u32(attr);
		break;
	case RTA_TABLE:
		a->table = attr_u32(attr);
		break;
	case RTA_GATEWAY:
	case RTA_VIA:
		a->has_gateway = 1;
		break;
	default:
		break;
	}
}

static int read_route(const struct nlmsghdr *message, void *context)
{
	const struct rtmsg *rtm = NLMSG_DATA(message);
	struct attributes a = {
		.route = { .family = rtm->rtm_family, .prefix_bits = rtm->rtm_dst_len },
		.table = rtm->rtm_table,
	};

	if (message->nlmsg_type != RTM_NEWROUTE || rtm->rtm_type != RTN_UNICAST)
		return 0;
	if (rtm->rtm_family != AF_INET && rtm->rtm_family != AF_INET6)
		return 0;
	attr_walk(message, sizeof(*rtm), read_attribute, &a);
	if (a.has_gateway || !a.route.ifindex || a.table != RT_TABLE_MAIN)
		return 0;
	return routes_add(context, &a.route);
}

int routes_read(struct routes *found)
{
	int err = -EINTR;

	*found = (struct routes){};
	for (int i = 0; err == -EINTR && i < TRIES; i++) {
		struct netlink_request request;

		netlink_begin(&request, RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg));
		found->count = 0;
		err = netlink_ask(&request, read_route, found);
	}
	if (!err || err == -EINTR)
		return 0;
	routes_free(found);
	return err;
}

void routes_free(struct routes *found)
{
	free(found->list);
	*found = (struct routes){};
}

uint32_t routes_metric(const struct routes *found, uint32_t ifindex, int family, const void *address, int prefix_bits)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < found->count; i++) {
		const struct route *r = &found->list[i];

		if (r->ifindex == ifindex && r->family == family && r->prefix_bits == prefix_bits && r->metric < least &&
		    address_prefix_equals(r->bytes, address, prefix_bits))
			least = r->metric;
	}
	return least;
}
