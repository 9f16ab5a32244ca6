/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The exceptions to the rule that the filter records what a socket receives (listed in rollcall(8)). They are
 * determined from the bytes of a frame: whether filter and socket may differ, and in which direction.
 */
#ifndef ROLLCALL_TESTS_ORACLE_EXCEPTIONS_H
#define ROLLCALL_TESTS_ORACLE_EXCEPTIONS_H

#include "frame.h"

enum exception {
	EXCEPTION_NONE,	 /* both or neither receive it */
	EXCEPTION_NEVER, /* the filter never records it: fragments, options, extension headers */
	EXCEPTION_ALSO,	 /* only the filter may receive it, or both, or neither: a bare sum, no UDP length */
	EXCEPTION_LESS,	 /* only the socket may receive it, or both, or neither: many tags, length */
	EXCEPTION_EITHER, /* the last two together: one of them may receive it, or both, or neither */
};

#define ORACLE_TAGS  3	  /* VLAN tags that the filter skips; in tc modes one more, which the stack has removed */
#define ORACLE_PIECE 3000 /* XDP sees the first buffer of a jumbo frame: the IP datagram must end in it */

/* The offset of the network header, after VLAN tags, and its type. */
static inline uint32_t exception_network(const struct frame *f, uint16_t *type)
{
	uint32_t at = FRAME_ETH_BYTES - 2;

	*type = (uint16_t)frame_get(f, at * 8, 16);
	while ((*type == 0x8100 || *type == 0x88a8) && at + 6 <= f->count) {
		at += 4;
		*type = (uint16_t)frame_get(f, at * 8, 16);
	}
	return at + 2;
}

/*
 * Is the checksum only the pseudo-header sum, is that not the valid checksum, and is the frame not marked as offloaded?
 */
static inline bool exception_is_bare(const struct frame *f, bool ipv6, uint32_t network)
{
	struct frame at = *f;
	uint64_t udp_bytes;

	at.network = network;
	at.udp = network + (ipv6 ? FRAME_IP6_BYTES : FRAME_IP_BYTES);
	udp_bytes = (uint64_t)frame_field_get(&at, FRAME_UDP_LEN);
	if (ipv6 && !udp_bytes)
		udp_bytes = (uint64_t)frame_field_get(&at, FRAME_IP6_LEN);
	return !f->offloaded &&
	       frame_field_get(&at, FRAME_UDP_CHECK) == frame_fold(frame_pseudo_sum(&at, ipv6, udp_bytes));
}

/* Before Linux 7.3, a UDP length of zero over IPv6 meant the length of the IPv6 payload (RFC 2675). */
static inline bool exception_is_without_length(const struct frame *f, bool ipv6)
{
	struct frame at = *f;

	at.udp = at.network + FRAME_IP6_BYTES;
	return ipv6 && !frame_field_get(&at, FRAME_UDP_LEN);
}

static inline enum exception exception_of(const struct frame *f)
{
	struct frame at = *f;
	bool also, less;
	uint16_t type;

	memset(at.bytes + at.count, 0, at.count < FRAME_BYTES_MAX - 64 ? 64 : FRAME_BYTES_MAX - at.count);
	at.network = exception_network(&at, &type);
	if (type == 0x0800) {
		if (frame_field_get(&at, FRAME_IP_FRAG) & 0x3fff || frame_field_get(&at, FRAME_IP_IHL) > 5)
			return EXCEPTION_NEVER;
	} else if (type == 0x86dd) {
		if (frame_field_get(&at, FRAME_IP6_NEXT) != IPPROTO_UDP)
			return EXCEPTION_NEVER;
	} else {
		return EXCEPTION_NONE;
	}
	also = exception_is_bare(&at, type == 0x86dd, at.network) || exception_is_without_length(&at, type == 0x86dd);
	less = at.network > FRAME_ETH_BYTES + ORACLE_TAGS * FRAME_TAG_BYTES ||
	       frame_field_get(&at, type == 0x86dd ? FRAME_IP6_LEN : FRAME_IP_LEN) > ORACLE_PIECE;
	if (also && less)
		return EXCEPTION_EITHER;
	return also ? EXCEPTION_ALSO : less ? EXCEPTION_LESS : EXCEPTION_NONE;
}

#endif
