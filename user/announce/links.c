// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Lists candidates by rtnetlink, and keeps one per subnet: the one that the routes of the kernel prefer. */
#include <fnmatch.h>
#include <sys/socket.h>

#include "links.h"
#include "net/addresses.h"
#include "net/routes.h"

/* Data for choosing candidates. */
struct choosing {
	const struct links_config *config;
	struct links *found;
	struct addresses addresses;
	struct routes routes;
};

static bool is_excluded(const struct links_config *config, const struct netdev *dev)
{
	for (int i = 0; i < config->exclude_count; i++)
		if (!fnmatch(config->exclude[i], dev->name, 0))
			return true;
	return false;
}

static bool counts(const struct links_config *config, const struct address *address)
{
	return address->family == AF_INET ? config->ipv4 : config->ipv6;
}

static bool has_address(const struct choosing *c, uint32_t ifindex)
{
	for (size_t i = 0; i < c->addresses.count; i++)
		if (c->addresses.list[i].ifindex == ifindex && counts(c->config, &c->addresses.list[i]))
			return true;
	return false;
}

bool links_have(const struct links *found, uint32_t ifindex)
{
	for (int i = 0; i < found->count; i++)
		if (found->list[i].ifindex == ifindex)
			return true;
	return false;
}

static int consider(const struct netdev *dev, void *context)
{
	struct choosing *c = context;

	if (!dev->running || !dev->multicast || dev->loopback || netdev_is_port(dev) || is_excluded(c->config, dev) ||
	    !has_address(c, dev->ifindex))
		return 0;
	if (links_have(c->found, dev->ifindex)) /* a dump that changes while it is read may have an interface twice */
		return 0;
	if (c->found->count < ROLLCALL_SLOTS)
		c->found->list[c->found->count++] = *dev;
	else
		c->found->more++;
	return 0;
}

static uint32_t metric_of(const struct choosing *c, const struct address *a)
{
	return routes_metric(&c->routes, a->ifindex, a->family, a->bytes, a->prefix_bits);
}

/* Is another candidate on the subnet of A, with a lower metric, or with the same metric and a lower number? */
static bool is_second(const struct choosing *c, const struct address *a)
{
	uint32_t metric = metric_of(c, a);

	for (size_t i = 0; i < c->addresses.count; i++) {
		const struct address *b = &c->addresses.list[i];
		uint32_t other;

		if (b->ifindex == a->ifindex || b->family != a->family || b->prefix_bits != a->prefix_bits ||
		    !links_have(c->found, b->ifindex) || !address_prefix_equals(a->bytes, b->bytes, a->prefix_bits))
			continue;
		other = metric_of(c, b);
		if (other < metric || (other == metric && b->ifindex < a->ifindex))
			return true;
	}
	return false;
}

/* The link-local prefix is not compared, because it is the same on every link. */
static bool is_redundant(const struct choosing *c, uint32_t ifindex)
{
	for (size_t i = 0; i < c->addresses.count; i++) {
		const struct address *a = &c->addresses.list[i];

		if (a->ifindex == ifindex && counts(c->config, a) && !address_is_link_local_prefix(a) && is_second(c, a))
			return true;
	}
	return false;
}

static void drop_redundant(struct choosing *c)
{
	bool redundant[ROLLCALL_SLOTS];
	int kept = 0;

	for (int i = 0; i < c->found->count; i++)
		redundant[i] = is_redundant(c, c->found->list[i].ifindex);
	for (int i = 0; i < c->found->count; i++)
		if (!redundant[i])
			c->found->list[kept++] = c->found->list[i];
	c->found->count = kept;
}

int links_find(struct links *found, const struct links_config *config)
{
	struct choosing c = { .config = config, .found = found };
	int err = addresses_read(&c.addresses, AF_UNSPEC, 0);

	found->count = found->more = 0;
	if (err)
		return err;
	err = netdev_walk(consider, &c);
	if (!err && !config->all)
		err = routes_read(&c.routes);
	if (!err && !config->all)
		drop_redundant(&c);
	routes_free(&c.routes);
	addresses_free(&c.addresses);
	return err;
}
