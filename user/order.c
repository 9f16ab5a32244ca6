// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sorting a snapshot. */
#include <stdlib.h>
#include <string.h>

#include "order.h"

/* Below zero, zero, above: as qsort_r() wants it. */
static int compare(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_address(const struct rollcall_entry *a, const struct rollcall_entry *b,
		      __attribute__((unused)) const struct rollcall_attachment *slots)
{
	int order = a->key.family - b->key.family;

	if (!order)
		order = memcmp(a->peer.ipv4, b->peer.ipv4, sizeof(a->peer.ipv4)); /* zero where it is IPv6 */
	if (!order)
		order = memcmp(a->peer.ipv6, b->peer.ipv6, sizeof(a->peer.ipv6));
	return order;
}

static int by_dev(const struct rollcall_entry *a, const struct rollcall_entry *b,
		  const struct rollcall_attachment *slots)
{
	char dev_a[ROLLCALL_IFNAME_TEXT], dev_b[ROLLCALL_IFNAME_TEXT];

	if (a->key.ifindex == b->key.ifindex)
		return 0;
	return strverscmp(rollcall_ifname_text(slots, a->key.ifindex, dev_a),
			  rollcall_ifname_text(slots, b->key.ifindex, dev_b));
}

static int by_age(const struct rollcall_entry *a, const struct rollcall_entry *b,
		  __attribute__((unused)) const struct rollcall_attachment *slots)
{
	return compare(b->peer.last_seen_ns, a->peer.last_seen_ns);
}

static int by_up(const struct rollcall_entry *a, const struct rollcall_entry *b,
		 __attribute__((unused)) const struct rollcall_attachment *slots)
{
	return compare(a->peer.first_seen_ns, b->peer.first_seen_ns);
}

static int by_heard(const struct rollcall_entry *a, const struct rollcall_entry *b,
		    __attribute__((unused)) const struct rollcall_attachment *slots)
{
	return compare(b->peer.announcements, a->peer.announcements);
}

static const struct {
	const char *name;
	int (*compare)(const struct rollcall_entry *a, const struct rollcall_entry *b,
		       const struct rollcall_attachment *slots); /* NULL: nothing comes before the name */
} orders[] = {
	[ORDER_NAME] = { "name", NULL },
	[ORDER_ADDRESS] = { "address", by_address },
	[ORDER_DEV] = { "dev", by_dev },
	[ORDER_AGE] = { "age", by_age },
	[ORDER_UP] = { "up", by_up },
	[ORDER_HEARD] = { "heard", by_heard },
	[ORDER_NONE] = { "none", NULL },
};

enum order order_named(const char *name)
{
	for (enum order order = ORDER_NAME; name && order <= ORDER_NONE; order++)
		if (!strcmp(name, orders[order].name))
			return order;
	return ORDER_NAME;
}

struct comparison {
	enum order order;
	const struct rollcall_attachment *slots;
};

static int compare_entries(const void *a, const void *b, void *context)
{
	const struct comparison *c = context;
	int order = orders[c->order].compare(a, b, c->slots);

	return order ? order : snapshot_compare(a, b);
}

void order_apply(enum order order, struct snapshot *s, const struct rollcall_attachment slots[ROLLCALL_SLOTS])
{
	struct comparison comparison = { order, slots };

	if (order == ORDER_NAME)
		snapshot_sort(s);
	else if (orders[order].compare && s->list.count > 1)
		qsort_r(s->list.entries, s->list.count, sizeof(*s->list.entries), compare_entries, &comparison);
}
