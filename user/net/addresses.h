/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The addresses of this host's interfaces, by rtnetlink. The number identifies the interface of an address.
 * Labels ("eth0:lan"), which ioctl(2) and getifaddrs(3) use as names, are ignored.
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

/* The list is on the heap, and owned. It is in the kernel's order: primary addresses of an interface come first. */
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

/* Does the list have the address? BYTES points to 4 or 16 bytes, depending on FAMILY (AF_*). */
bool addresses_have(const struct addresses *found, int family, const void *bytes);

/* The source address of this host to an IPv4 multicast group, from the addresses of one interface; or NULL. */
const struct address *addresses_source4(const struct addresses *found);

/* The source address of this host to an IPv6 multicast group of the link: a link-local address if there is one. */
const struct address *addresses_source6(const struct addresses *found);

/* Are the first BITS of two addresses the same? */
bool address_prefix_equals(const void *a, const void *b, int bits);

/* 169.254.0.0/16 (RFC 3927) or fe80::/10 (RFC 4291). */
bool address_is_link_local_prefix(const struct address *address);

#endif
