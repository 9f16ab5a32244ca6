/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Datagrams of one sender that GRO has merged into one buffer (rx-udp-gro-forwarding, rx-gro-list). The headers are
 * those of the first datagram, except the lengths, which cover all datagrams. Only the first datagram is recorded.
 *
 * The datagrams behind the first one may be a list of buffers (SKB_GSO_FRAGLIST). The program must not linearize it,
 * because __udp_gso_segment() in net/ipv4/udp_offload.c splits the list later.
 */
#ifndef ROLLCALL_MERGED_BPF_H
#define ROLLCALL_MERGED_BPF_H

#include "link.bpf.h"

/* The offset of the payload. PROTO is the protocol that the stack has set. */
static __always_inline __u32 merged_payload_at(bool bare, __be16 proto)
{
	return (bare ? 0 : sizeof(struct ethhdr)) + sizeof(struct udphdr) +
	       (proto == bpf_htons(ETH_P_IP) ? sizeof(struct iphdr) : sizeof(struct ipv6hdr));
}

/*
 * A frame whose lengths go beyond its first buffer. GRO has checked checksums and lengths, and merges no fragments and
 * no IPv4 options (inet_gro_receive() in net/ipv4/af_inet.c). It does not check the source address, so this function
 * does. Each datagram has a payload of DATAGRAM_BYTES; the last one may be shorter.
 */
static __always_inline enum rollcall_outcome
merged_parse(struct cursor c, __u32 proto, __u32 datagram_bytes, const volatile struct rollcall_settings *s,
	     struct frame *f)
{
	const struct iphdr *ip;

	f->eth = NULL;
	if (proto == FROM_ETHERNET) {
		f->eth = cursor_take(&c, sizeof(*f->eth));
		if (!f->eth)
			return CUT_SHORT;
		proto = f->eth->h_proto;
	}
	ip = c.pos;
	if (proto == bpf_htons(ETH_P_IP)) {
		if (!cursor_take(&c, sizeof(struct iphdr)))
			return CUT_SHORT;
		f->family = ROLLCALL_FAMILY_IPV4;
		f->source = &ip->saddr;
		if (ipv4_source_impossible(ip->saddr, *(const volatile __be32 *)s->group4))
			return ROLLCALL_BAD_SOURCE;
	} else {
		const struct ipv6hdr *ip6 = cursor_take(&c, sizeof(*ip6));

		if (!ip6 || proto != bpf_htons(ETH_P_IPV6) || ip6->nexthdr != IPPROTO_UDP)
			return ROLLCALL_BAD_IP_LENGTH;
		f->family = ROLLCALL_FAMILY_IPV6;
		f->source = &ip6->saddr;
		if (ipv6_source_impossible(&ip6->saddr))
			return ROLLCALL_BAD_SOURCE;
	}
	f->udp = cursor_take(&c, sizeof(*f->udp));
	if (!f->udp)
		return CUT_SHORT;
	f->payload = c;
	f->payload_bytes = datagram_bytes;
	f->pseudo_sum = f->udp->check; /* so that udp_checksum_good() accepts it: GRO has checked it */
	return PROCEED;
}

#endif
