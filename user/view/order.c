// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sorting a snapshot: one comparison per order, and the same tie-breakers behind each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "order.h"

static const char *const order_names[] = {
	[ORDER_NAME] = "name", [ORDER_ADDRESS] = "address", [ORDER_DEV] = "dev",   [ORDER_AGE] = "age",
	[ORDER_UP] = "up",     [ORDER_HEARD] = "heard",	    [ORDER_NONE] = "none",
};

int order_named(const char *name)
{
	for (int order = ORDER_NAME; order <= ORDER_NONE; order++)
		if (!strcmp(name, order_names[order]))
			return order;
	return -EINVAL;
}

struct ordering {
	enum order order;
	const struct rollcall_attachment *slots;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_addresses(const struct rollcall_entry *a, const struct rollcall_entry *b)
{
	if (a->key.family != b->key.family)
		return a->key.family < b->key.family ? -1 : 1;
	if (a->key.family == ROLLCALL_FAMILY_IPV4)
		return memcmp(a->peer.ipv4, b->peer.ipv4, sizeof(a->peer.ipv4));
	return memcmp(a->peer.ipv6, b->peer.ipv6, sizeof(a->peer.ipv6));
}

static int compare_interfaces(const struct rollcall_attachment *slots, uint32_t a, uint32_t b)
{
	char a_name[ROLLCALL_IFNAME_TEXT], b_name[ROLLCALL_IFNAME_TEXT];

	if (a == b)
		return 0;
	return strverscmp(rollcall_ifname_text(slots, a, a_name), rollcall_ifname_text(slots, b, b_name));
}

static int compare_column(const struct ordering *o, const struct rollcall_entry *a, const struct rollcall_entry *b)
{
	switch (o->order) {
	case ORDER_ADDRESS:
		return compare_addresses(a, b);
	case ORDER_DEV:
		return compare_interfaces(o->slots, a->key.ifindex, b->key.ifindex);
	case ORDER_AGE:
		return compare_numbers(b->peer.last_seen_ns, a->peer.last_seen_ns);
	case ORDER_UP:
		return compare_numbers(a->peer.first_seen_ns, b->peer.first_seen_ns);
	case ORDER_HEARD:
		return compare_numbers(b->peer.announcements, a->peer.announcements);
	case ORDER_NAME:
	case ORDER_NONE:
		break;
	}
	return 0;
}

static int compare(const void *left, const void *right, void *context)
{
	const struct rollcall_entry *a = left, *b = right;
	int order = compare_column(context, a, b);

	if (!order)
		order = strverscmp(a->key.hostname, b->key.hostname);
	if (!order)
		order = compare_numbers(a->key.family, b->key.family);
	return order ? order : compare_numbers(a->key.ifindex, b->key.ifindex);
}

void order_apply(enum order order, struct snapshot *snapshot, const struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	struct ordering ordering = { order, slots };

	if (order != ORDER_NONE && snapshot->entries.count) /* an empty list has no memory */
		qsort_r(snapshot->entries.list, snapshot->entries.count, sizeof(*snapshot->entries.list), compare, &ordering);
}
