// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Own addresses: computed anew each time from what the kernel says. */
#include <bpf/bpf.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "own_addresses.h"

struct addresses {
	struct rollcall_own_address *list; /* sorted, on the heap */
	size_t count;
};

static int compare(const void *left, const void *right)
{
	return memcmp(left, right, sizeof(struct rollcall_own_address));
}

static bool has(const struct addresses *own, const void *ipv4)
{
	return own->count && bsearch(ipv4, own->list, own->count, sizeof(*own->list), compare);
}

static int collect(struct addresses *own)
{
	struct ifaddrs *all, *one;
	size_t room = 0;

	if (getifaddrs(&all))
		return -errno;
	for (one = all; one; one = one->ifa_next)
		room++;
	own->list = calloc(room + 1, sizeof(*own->list));
	if (!own->list) {
		freeifaddrs(all);
		return -ENOMEM;
	}
	for (one = all; one; one = one->ifa_next) {
		const struct sockaddr_in *address = (const void *)one->ifa_addr;

		if (address && address->sin_family == AF_INET)
			memcpy(&own->list[own->count++], &address->sin_addr, sizeof(*own->list));
	}
	freeifaddrs(all);
	qsort(own->list, own->count, sizeof(*own->list), compare);
	return 0;
}

/* What is ours no longer may be heard from again. */
static int drop_others(const struct table *t, const struct addresses *own)
{
	owned_heap struct rollcall_own_address *stale = calloc(ROLLCALL_OWN_ADDRESSES, sizeof(*stale));
	struct rollcall_own_address key, *from = NULL;
	int count = 0;

	if (!stale)
		return -ENOMEM;
	while (count < ROLLCALL_OWN_ADDRESSES && !bpf_map_get_next_key(t->own_addresses_fd, from, &key)) {
		if (!has(own, &key))
			stale[count++] = key;
		from = &key;
	}
	while (count--)
		bpf_map_delete_elem(t->own_addresses_fd, &stale[count]);
	return 0;
}

struct purging {
	const struct table *table;
	const struct addresses *own;
};

static int purge_entry(const struct rollcall_entry *entry, void *context)
{
	const struct purging *p = context;

	if (entry->key.family == ROLLCALL_FAMILY_IPV4 && has(p->own, entry->peer.ipv4))
		bpf_map_delete_elem(p->table->peers_fd, &entry->key);
	return 0;
}

static int update(const struct table *t, const struct addresses *own)
{
	struct purging purging = { t, own };
	uint8_t present = 1;
	bool fresh = false;
	int err;

	for (size_t i = 0; i < own->count; i++) {
		if (!bpf_map_update_elem(t->own_addresses_fd, &own->list[i], &present, BPF_NOEXIST))
			fresh = true;
		else if (errno != EEXIST)
			return -errno;
	}
	err = drop_others(t, own);
	return !err && fresh ? table_walk(t, purge_entry, &purging) : err;
}

int own_addresses_update(const struct table *t)
{
	struct addresses own = {};
	int err = collect(&own);

	if (!err)
		err = update(t, &own);
	free(own.list);
	return err ? fail(err, NULL, "cannot record this host's addresses") : 0;
}
