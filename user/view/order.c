// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sorting rows: by the column, and then by hostname. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cells.h"
#include "order.h"

static const char *const order_names[] = {
	[ORDER_HOSTNAME] = "hostname", [ORDER_ADDRESS] = "address", [ORDER_INTERFACE] = "interface",
	[ORDER_AGE] = "age",	       [ORDER_EXPIRES] = "expires", [ORDER_SINCE] = "since",
	[ORDER_RECEIVED] = "received", [ORDER_NOTE] = "note",	    [ORDER_NONE] = "none",
};

_Static_assert((int)ORDER_NOTE == (int)CELL_NOTE, "each column has an order of its name");

const char *order_name(enum order order)
{
	return order_names[order];
}

int order_named(const char *name)
{
	for (int order = ORDER_HOSTNAME; order <= ORDER_NONE; order++)
		if (!strcmp(name, order_names[order]))
			return order;
	return -EINVAL;
}

struct ordering {
	enum order order;
	bool reverse;
	const struct table_info *info;
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

static const char *note_key(const struct table_info *info, const struct host *host)
{
	const char *note = host_note(info, host);

	return note ? note : entry_is_sealed(info, host->entries) ? "sealed" : "~";
}

/* "conflict" sorts before "moved", that before "sealed", and that before no note. */
static int compare_notes(const struct table_info *info, const struct host *a, const struct host *b)
{
	return strcmp(note_key(info, a), note_key(info, b));
}

static int compare_column(const struct ordering *o, const struct host *a, const struct host *b)
{
	switch (o->order) {
	case ORDER_ADDRESS:
		return compare_addresses(a->entries, b->entries);
	case ORDER_INTERFACE:
		return compare_interfaces(o->info->slots, a->entries->key.ifindex, b->entries->key.ifindex);
	case ORDER_AGE:
		return compare_numbers(b->last_seen_ns, a->last_seen_ns);
	case ORDER_EXPIRES:
		return compare_numbers(a->last_seen_ns, b->last_seen_ns);
	case ORDER_SINCE:
		return compare_numbers(a->first_seen_ns, b->first_seen_ns);
	case ORDER_RECEIVED:
		return compare_numbers(b->announcements, a->announcements);
	case ORDER_NOTE:
		return compare_notes(o->info, a, b);
	case ORDER_HOSTNAME:
	case ORDER_NONE:
		break;
	}
	return 0;
}

static int compare(const void *left, const void *right, void *context)
{
	const struct ordering *o = context;
	const struct host *a = left, *b = right;
	int order = compare_column(o, a, b);

	if (!order) /* the snapshot is sorted by hostname, and within a host by rollcall_compare_primary() */
		order = (a->entries > b->entries) - (a->entries < b->entries);
	return o->reverse ? -order : order;
}

void order_apply(enum order order, bool reverse, const struct table_info *info, struct hosts *h)
{
	struct ordering ordering = { order, reverse, info };

	if (order != ORDER_NONE && h->count) /* qsort_r() must not get the NULL of an empty list */
		qsort_r(h->list, h->count, sizeof(*h->list), compare, &ordering);
}
