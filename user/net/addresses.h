/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The addresses of this host's interfaces, by rtnetlink. They are known by the number of their
 * interface. Labels ("eth0:lan"), which ioctl(2) and getifaddrs(3) take for names, do not matter.
 */
#ifndef ROLLCALL_ADDRESSES_H
#define ROLLCALL_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct address {
	uint32_t ifindex;
	uint32_t flags;	     /* IFA_F_* */
	uint8_t family;	     /* AF_INET or AF_INET6 */
	uint8_t prefix_bits; /* 24 of 10.0.0.1/24 */
	uint8_t scope;	     /* RT_SCOPE_* */
	uint8_t bytes[16];   /* this host's side, also of a peer-to-peer address; IPv4: the first 4 */
};

/* On the heap, owned. In the kernel's order: the primary ones of an interface come first. */
struct addresses {
	struct address *list;
	size_t count, room;
};

/*
 * Read the addresses of FAMILY (AF_UNSPEC: both) on the interface IFINDEX (0: all). Returns 0, -ENODEV
 * (there is no such interface) or another -errno; after a failure there is nothing to free. Nothing
 * is logged.
 */
int addresses_read(struct addresses *found, int family, uint32_t ifindex);
void addresses_free(struct addresses *found);

/* Is it among them? BYTES has 4 or 16, depending on FAMILY (AF_*). */
bool addresses_have(const struct addresses *found, int family, const void *bytes);

/* What this host sends from to an IPv4 multicast group, of addresses on one interface; NULL: there is none. */
const struct address *addresses_source4(const struct addresses *found);

/* What this host sends from to an IPv6 multicast group of the link, which is a link-local address if there is one. */
const struct address *addresses_source6(const struct addresses *found);

/* Are the first BITS of two addresses the same? */
bool address_prefix_equals(const void *a, const void *b, int bits);

/* 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291). */
bool address_is_link_local_prefix(const struct address *address);

#endif
