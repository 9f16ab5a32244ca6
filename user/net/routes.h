/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The routes to the subnets of this host's interfaces, by rtnetlink: those of the table "main" that have no gateway. */
#ifndef ROLLCALL_ROUTES_H
#define ROLLCALL_ROUTES_H

#include <stddef.h>
#include <stdint.h>

struct route {
	uint32_t ifindex;
	uint32_t metric;
	uint8_t family;	     /* AF_INET or AF_INET6 */
	uint8_t prefix_bits; /* 24 of 10.0.0.0/24 */
	uint8_t bytes[16];   /* the subnet; IPv4: the first 4 */
};

/* The list is on the heap, and owned. */
struct routes {
	struct route *list;
	size_t count, room;
};

/* Returns 0 or -errno; after a failure there is nothing to free. Nothing is logged. */
int routes_read(struct routes *found);
void routes_free(struct routes *found);

/*
 * The metric of the route through IFINDEX to the subnet of ADDRESS (4 or 16 bytes, depending on FAMILY) of PREFIX_BITS.
 * UINT32_MAX: there is no such route.
 */
uint32_t routes_metric(const struct routes *found, uint32_t ifindex, int family, const void *address, int prefix_bits);

#endif
