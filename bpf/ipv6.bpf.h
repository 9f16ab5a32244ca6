/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* First stage, IPv6: is the datagram complete, valid, and sent to our group and port? */
#ifndef ROLLCALL_IPV6_BPF_H
#define ROLLCALL_IPV6_BPF_H

#include <linux/in.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>

#include "frame.bpf.h"
#include "udp.bpf.h"

/* RFC 8200, section 4; include/net/ipv6.h: NEXTHDR_* */
#define IPV6_HOP_BY_HOP	  0
#define IPV6_ROUTING	  43
#define IPV6_FRAGMENT	  44
#define IPV6_AUTH	  51
#define IPV6_DESTINATION  60
#define IPV6_EXTENSIONS	  4 /* headers parsed at most; no sane datagram has more */
#define IPV6_FRAG_OFFSET  0xfff8

struct ipv6_extension {
	__u8 next;
	__u8 length; /* in units of 8 bytes, without the first one; AUTH: of 4 bytes, without the first two */
	__be16 fragment_offset;
	__be32 rest;
};

/*
 * ip6_rcv_core() in net/ipv6/ip6_input.c drops multicast and loopback sources. Only TCP rejects
 * IPv4-mapped sources, and UDP accepts the unspecified address.
 */
static __always_inline bool ipv6_source_impossible(const struct in6_addr *saddr)
{
	const __u32 *word = (const __u32 *)saddr;

	if (*(const __u8 *)saddr == 0xff)
		return true;
	return !LOAD(__u32, word) && !LOAD(__u32, word + 1) && !LOAD(__u32, word + 2) &&
	       LOAD(__u32, word + 3) == bpf_htonl(1);
}

/*
 * The kind of an extension header, by its number: the unit of its length field in bytes, or EXTENSION_FRAGMENT for
 * a fragment header, which has no length field. 0: the header is not parsed. It is a table, so that all kinds are
 * one path for the verifier.
 */
#define EXTENSION_FRAGMENT 1
#define EXTENSION_UNIT	   (4 | 8)
#define EXTENSION_BYTES	   0x7ff /* 8 x 255 fits */
static const __u8 ipv6_extensions[256] = {
	[IPV6_HOP_BY_HOP] = 8, [IPV6_ROUTING] = 8, [IPV6_DESTINATION] = 8, [IPV6_AUTH] = 4,
	[IPV6_FRAGMENT] = EXTENSION_FRAGMENT,
};

/*
 * Headers between IPv6 and UDP. The port behind them decides whether the frame counts as ours. MLD
 * reports to the group, for example, have such a header and are not ours.
 */
static __always_inline enum rollcall_outcome ipv6_extended(struct cursor c, __u8 next, __be16 port)
{
	const struct ipv6_extension *header;
	const struct udphdr *udp;
	__u32 kind, more, fragments = 0;

	for (int i = 0; i < IPV6_EXTENSIONS && next != IPPROTO_UDP; i++) {
		header = cursor_take(&c, sizeof(*header));
		if (!header)
			return CUT_SHORT;
		kind = ipv6_extensions[next];
		if (!kind)
			return ROLLCALL_NOT_OURS;
		/* not the first fragment: it has no port */
		if (header->fragment_offset & bpf_htons(IPV6_FRAG_OFFSET) & -(kind & EXTENSION_FRAGMENT))
			return ROLLCALL_NOT_OURS;
		fragments |= kind & EXTENSION_FRAGMENT;
		more = header->length * (kind & EXTENSION_UNIT);
		/* the verifier of Linux 6.1 loses the bounds of a product; without this, clang removes the mask */
		barrier_var(more);
		c.pos += more & EXTENSION_BYTES;
		next = header->next;
	}
	if (next != IPPROTO_UDP)
		return ROLLCALL_NOT_OURS;
	udp = cursor_take(&c, sizeof(*udp));
	if (!udp)
		return CUT_SHORT;
	if (udp->dest != port)
		return ROLLCALL_NOT_OURS;
	return fragments ? ROLLCALL_FRAGMENT : ROLLCALL_IPV6_EXTENSION;
}

static __always_inline __u64 ipv6_sum(const struct in6_addr *address)
{
	const __u32 *word = (const __u32 *)address;

	return (__u64)LOAD(__u32, word) + LOAD(__u32, word + 1) + LOAD(__u32, word + 2) + LOAD(__u32, word + 3);
}

static __always_inline bool
ipv6_is_group(const struct in6_addr *daddr, const volatile struct rollcall_settings *s)
{
	const volatile __u64 *group = (const volatile __u64 *)s->group6;

	/* the last words first, because groups differ there */
	return LOAD(__u64, (const char *)daddr + 8) == group[1] && LOAD(__u64, daddr) == group[0];
}

static __always_inline enum rollcall_outcome
ipv6_parse(struct cursor c, const volatile struct rollcall_settings *s, struct frame *f)
{
	__be16 port = bpf_htons(s->port);
	const struct ipv6hdr *ip = cursor_take(&c, sizeof(*ip));
	struct cursor at_udp = c;
	__u32 ip_bytes, udp_bytes;

	if (!ip)
		return CUT_SHORT;
	if (!ipv6_is_group(&ip->daddr, s) || ipv6_is_off)
		return ROLLCALL_NOT_OURS;
	if (ip->nexthdr != IPPROTO_UDP)
		return ipv6_extended(c, ip->nexthdr, port);
	f->udp = cursor_take(&c, sizeof(*f->udp));
	if (!f->udp)
		return CUT_SHORT;
	if (f->udp->dest != port)
		return ROLLCALL_NOT_OURS;
	if (*(const __u8 *)ip >> 4 != 6)
		return ROLLCALL_BAD_IP_HEADER;

	/* ip6_rcv_core(): the frame may be longer than the datagram (padding), but not shorter */
	ip_bytes = length_told(ip->payload_len);
	if (at_udp.pos + ip_bytes > c.end)
		return ROLLCALL_BAD_IP_LENGTH;
	if (ipv6_source_impossible(&ip->saddr))
		return ROLLCALL_BAD_SOURCE;
	/* __udp6_lib_rcv() in net/ipv6/udp.c before Linux 7.3: length 0 as in a jumbogram (RFC 2675) is that of IPv6 */
	udp_bytes = f->udp->len ? length_told(f->udp->len) : ip_bytes;
	f->family = ROLLCALL_FAMILY_IPV6;
	f->source = &ip->saddr;
	f->pseudo_sum = ipv6_sum(&ip->saddr) + ipv6_sum(&ip->daddr);
	return udp_lengths(f, c, ip_bytes, udp_bytes);
}

#endif
