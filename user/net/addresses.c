// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Read addresses with RTM_GETADDR. */
#include <errno.h>
#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "addresses.h"
#include "netlink.h"

/* The maximum number of reads of a list that changes while it is read. The last result is used as it is. */
#define TRIES 4

struct reading {
	struct addresses *found;
	uint32_t ifindex;
};

static int addresses_add(struct addresses *found, const struct address *address)
{
	if (found->count == found->room) {
		size_t room = found->room ? 2 * found->room : 16;
		struct address *list = reallocarray(found->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		found->list = list;
		found->room = room;
	}
	found->list[found->count++] = *address;
	return 0;
}

struct attributes {
	const struct nlattr *address, *local, *flags;
};

static void note_attribute(const struct nlattr *attr, void *context)
{
	struct attributes *a = context;

	switch (attr_type(attr)) {
	case IFA_ADDRESS:
		a->address = attr;
		break;
	case IFA_LOCAL:
		a->local = attr;
		break;
	case IFA_FLAGS:
		a->flags = attr;
		break;
	default:
		break;
	}
}

static int read_address(const struct nlmsghdr *message, void *context)
{
	const struct ifaddrmsg *ifa = NLMSG_DATA(message);
	const struct reading *r = context;
	struct attributes a = {};
	struct address address = {
		.ifindex = ifa->ifa_index,
		.flags = ifa->ifa_flags,
		.family = ifa->ifa_family,
		.prefix_bits = ifa->ifa_prefixlen,
		.scope = ifa->ifa_scope,
	};
	size_t bytes = ifa->ifa_family == AF_INET ? 4 : 16;

	if (message->nlmsg_type != RTM_NEWADDR || (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6))
		return 0;
	if (r->ifindex && r->ifindex != ifa->ifa_index)
		return 0;
	attr_walk(message, sizeof(*ifa), note_attribute, &a);
	if (!a.local) /* with IFA_LOCAL, IFA_ADDRESS is the address of the other end */
		a.local = a.address;
	if (!a.local || attr_bytes(a.local) != bytes)
		return 0;
	memcpy(address.bytes, attr_payload(a.local), bytes);
	if (a.flags && attr_bytes(a.flags) == sizeof(address.flags))
		address.flags = attr_u32(a.flags);
	return addresses_add(r->found, &address);
}

int addresses_read(struct addresses *found, int family, uint32_t ifindex)
{
	struct reading reading = { .ifindex = ifindex };
	int err = -EINTR;

	*found = (struct addresses){};
	reading.found = found;
	for (int i = 0; err == -EINTR && i < TRIES; i++) {
		struct netlink_request request;
		struct ifaddrmsg *ifa = netlink_begin(&request, RTM_GETADDR, NLM_F_DUMP, sizeof(*ifa));

		ifa->ifa_family = (uint8_t)family;
		ifa->ifa_index = ifindex;
		found->count = 0;
		err = netlink_ask(&request, read_address, &reading);
	}
	if (!err || err == -EINTR)
		return 0;
	addresses_free(found);
	return err;
}

void addresses_free(struct addresses *found)
{
	free(found->list);
	*found = (struct addresses){};
}

bool addresses_have(const struct addresses *found, int family, const void *bytes)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->list[i].family == family &&
		    !memcmp(found->list[i].bytes, bytes, family == AF_INET ? 4 : 16))
			return true;
	return false;
}

/* Lower is better: a wider scope first (RT_SCOPE_UNIVERSE is 0), then primary before secondary addresses. */
static unsigned int address_rank(const struct address *address)
{
	return address->scope * 2U + !!(address->flags & IFA_F_SECONDARY);
}

const struct address *addresses_source4(const struct addresses *found)
{
	const struct address *best = NULL;

	for (size_t i = 0; i < found->count; i++)
		if (found->list[i].family == AF_INET && (!best || address_rank(&found->list[i]) < address_rank(best)))
			best = &found->list[i];
	return best;
}

/* RFC 6724, rule 2: the smallest scope that is large enough. A tentative address cannot send (RFC 4862, 5.4). */
const struct address *addresses_source6(const struct addresses *found)
{
	const struct address *best = NULL;

	for (size_t i = 0; i < found->count; i++) {
		const struct address *a = &found->list[i];

		if (a->family == AF_INET6 && !(a->flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) &&
		    (!best || (address_is_link_local_prefix(a) && !address_is_link_local_prefix(best))))
			best = a;
	}
	return best;
}

bool address_prefix_equals(const void *a, const void *b, int bits)
{
	const uint8_t *left = a, *right = b;
	int whole = bits / 8, rest = bits % 8;

	return !memcmp(left, right, (size_t)whole) && (!rest || !((left[whole] ^ right[whole]) >> (8 - rest)));
}

bool address_is_link_local_prefix(const struct address *address)
{
	static const uint8_t ipv4[] = { 169, 254 }, ipv6[] = { 0xfe, 0x80 };

	return address->family == AF_INET ? address_prefix_equals(address->bytes, ipv4, 16) :
					    address_prefix_equals(address->bytes, ipv6, 10);
}
