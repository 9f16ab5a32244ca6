// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Own addresses: computed again each time from what the kernel says, and compared with what the map
 * holds. What differs is written by batches, because there may be tens of thousands (kube-ipvs).
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "lib/map_walk.h"
#include "net/addresses.h"
#include "net/netdev.h"
#include "own_addresses.h"
#include "sources.h"

struct keys {
	struct rollcall_own_address *list; /* on the heap */
	size_t count, room;
};

static int keys_add(struct keys *keys, const struct rollcall_own_address *key)
{
	if (keys->count == keys->room) {
		size_t room = keys->room ? keys->room * 2 : 64;
		struct rollcall_own_address *list = reallocarray(keys->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		keys->list = list;
		keys->room = room;
	}
	keys->list[keys->count++] = *key;
	return 0;
}

/* MAC addresses first, then IPv4, then IPv6: what is left out is at the end. */
static int keys_compare(const void *left, const void *right)
{
	const struct rollcall_own_address *l = left, *r = right;

	return l->family != r->family ? l->family - r->family : memcmp(l, r, sizeof(*l));
}

static void keys_sort(struct keys *keys)
{
	size_t kept = 0;

	if (!keys->count)
		return;
	qsort(keys->list, keys->count, sizeof(*keys->list), keys_compare);
	for (size_t i = 1; i < keys->count; i++) /* two interfaces may have one address */
		if (keys_compare(&keys->list[kept], &keys->list[i]) != 0)
			keys->list[++kept] = keys->list[i];
	keys->count = kept + 1;
}

static bool keys_have(const struct keys *keys, const struct rollcall_own_address *key)
{
	return keys->count && bsearch(key, keys->list, keys->count, sizeof(*key), keys_compare);
}

static int add_lladdr(const struct netdev *dev, void *context)
{
	static const struct rollcall_own_address none;
	struct rollcall_own_address key = {};

	memcpy(key.lladdr, dev->lladdr, sizeof(key.lladdr));
	return memcmp(&key, &none, sizeof(key)) != 0 ? keys_add(context, &key) : 0;
}

/* One that another host was found to have is not this host's (RFC 4862). */
static int add_address(struct keys *own, const struct address *address)
{
	struct rollcall_own_address key = {
		.family = address->family == AF_INET ? ROLLCALL_FAMILY_IPV4 : ROLLCALL_FAMILY_IPV6,
	};

	if (address->flags & IFA_F_DADFAILED)
		return 0;
	memcpy(key.address, address->bytes, sizeof(key.address));
	return keys_add(own, &key);
}

static int keys_collect(struct keys *own)
{
	struct addresses found = {};
	int err = netdev_walk(add_lladdr, own);

	if (!err)
		err = addresses_read(&found, AF_UNSPEC, 0);
	for (size_t i = 0; !err && i < found.count; i++)
		err = add_address(own, &found.list[i]);
	addresses_free(&found);
	keys_sort(own);
	return err;
}

static int add_recorded(const void *key, const void *value, void *context)
{
	(void)value;
	return keys_add(context, key);
}

/* Those of FROM that OTHERS have not. */
static int keys_subtract(const struct keys *from, const struct keys *others, struct keys *rest)
{
	int err = 0;

	for (size_t i = 0; !err && i < from->count; i++)
		if (!keys_have(others, &from->list[i]))
			err = keys_add(rest, &from->list[i]);
	return err;
}

/* What is this host's own no longer may be recorded again. */
static int map_delete(int map_fd, const struct keys *stale)
{
	uint32_t count;

	for (size_t done = 0; done < stale->count; done += count) {
		count = (uint32_t)(stale->count - done);
		if (!bpf_map_delete_batch(map_fd, &stale->list[done], &count, NULL))
			continue;
		if (errno != ENOENT)
			return -errno;
		count++; /* another loader of the table has removed that one */
	}
	return 0;
}

/* Returns how many have no room, or -errno. */
static ssize_t map_add(int map_fd, const struct keys *fresh)
{
	uint32_t count = (uint32_t)fresh->count;
	owned_heap uint8_t *values = calloc(fresh->count + 1, sizeof(*values));

	if (!values)
		return -ENOMEM;
	if (!count || !bpf_map_update_batch(map_fd, fresh->list, values, &count, NULL))
		return 0;
	return errno == E2BIG ? (ssize_t)(fresh->count - count) : -errno;
}

struct purging {
	const struct table *table;
	const struct keys *own;
};

static bool entry_is_own(const struct keys *own, const struct rollcall_entry *entry)
{
	struct rollcall_own_address address = { .family = entry->key.family }, lladdr = {};
	bool is_ipv4 = entry->key.family == ROLLCALL_FAMILY_IPV4;

	memcpy(address.address, is_ipv4 ? entry->peer.ipv4 : entry->peer.ipv6, is_ipv4 ? 4 : 16);
	memcpy(lladdr.lladdr, entry->peer.lladdr, sizeof(lladdr.lladdr));
	if (!keys_have(own, &address))
		return false;
	return is_ipv4 || !IN6_IS_ADDR_LINKLOCAL((const struct in6_addr *)address.address) || keys_have(own, &lladdr);
}

static int purge_entry(const struct rollcall_entry *entry, void *context)
{
	const struct purging *p = context;

	if (entry_is_own(p->own, entry) && !bpf_map_delete_elem(p->table->peers_fd, &entry->key))
		sources_doubt(p->table);
	return 0;
}

static void say_left_out(struct own_addresses *own, size_t total, size_t left_out)
{
	if (left_out && !own->left_out)
		warn("%zu of this host's %zu addresses are not in 'own_addresses' (at most %d): announcements that this host "
		     "sends from them may be recorded", left_out, total, ROLLCALL_OWN_ADDRESSES);
	own->left_out = left_out;
}

/* Bring the map from RECORDED to OWN; STALE and FRESH are room for the difference. */
static int map_update(struct own_addresses *own, const struct table *t, const struct keys *now,
		      const struct keys *recorded, struct keys *stale, struct keys *fresh)
{
	struct purging purging = { t, now };
	ssize_t left_out;
	int err = keys_subtract(recorded, now, stale);

	if (!err)
		err = keys_subtract(now, recorded, fresh);
	if (!err)
		err = map_delete(t->own_addresses_fd, stale); /* first: it makes room */
	if (err)
		return err;
	left_out = map_add(t->own_addresses_fd, fresh);
	if (left_out < 0)
		return (int)left_out;
	say_left_out(own, now->count, (size_t)left_out);
	return fresh->count ? table_walk(t, purge_entry, &purging) : 0;
}

int own_addresses_update(struct own_addresses *own, const struct table *t)
{
	struct keys now = {}, recorded = {}, stale = {}, fresh = {};
	int err = keys_collect(&now);

	if (!err)
		err = rollcall_map_walk(t->own_addresses_fd, sizeof(struct rollcall_own_address), sizeof(uint8_t),
					add_recorded, &recorded);
	keys_sort(&recorded);
	if (!err)
		err = map_update(own, t, &now, &recorded, &stale, &fresh);
	free(now.list);
	free(recorded.list);
	free(stale.list);
	free(fresh.list);
	return err ? fail(err, NULL, "cannot record this host's addresses") : 0;
}
