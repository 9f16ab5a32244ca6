/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* First stage, IPv4: is the datagram complete, valid, and sent to our group and port? */
#ifndef ROLLCALL_IPV4_BPF_H
#define ROLLCALL_IPV4_BPF_H

#include <linux/in.h>
#include <linux/ip.h>
#include <bpf/bpf_endian.h>

#include "frame.bpf.h"
#include "udp.bpf.h"

#define IP_FRAG_MORE   0x2000 /* RFC 791; include/net/ip.h: IP_MF, IP_OFFSET */
#define IP_FRAG_OFFSET 0x1fff

/* Addresses that no host can send from: ip_mc_validate_source() in net/ipv4/route.c. */
static __always_inline bool ipv4_source_impossible(__be32 saddr, __be32 group)
{
	__u32 host = bpf_ntohl(saddr);

	if (host >> 28 == 0xe || host == INADDR_BROADCAST || host >> 24 == 127)
		return true;
	/* a host without an address may send to 224.0.0.0/24 only; Linux accepts the rest of 0.0.0.0/8 */
	return !host && bpf_ntohl(group) >> 8 != 0xe00000;
}

/* ip_rcv_core() in net/ipv4/ip_input.c: the five words of a header without options must sum to all ones. */
static __always_inline bool ipv4_checksum_good(const struct iphdr *ip)
{
	__u64 sum = LOAD(__u32, ip);

	sum += LOAD(__u32, (const char *)ip + 4);
	sum += LOAD(__u32, (const char *)ip + 8);
	sum += LOAD(__u32, (const char *)ip + 12);
	sum += LOAD(__u32, (const char *)ip + 16);
	return checksum_is_ones(sum);
}

/*
 * A header of another length or version. The port decides whether the frame counts as ours. It is
 * read where the header length says that UDP begins. An impossible header counts as 20 bytes.
 */
static __always_inline enum rollcall_outcome
ipv4_odd_header(struct cursor at_ip, __u8 first_byte, __be16 port)
{
	__u32 header_bytes = (first_byte & 0xf) * 4;
	bool impossible = first_byte >> 4 != 4 || header_bytes < sizeof(struct iphdr);
	const struct udphdr *udp;

	if (impossible)
		header_bytes = sizeof(struct iphdr);
	at_ip.pos += header_bytes;
	udp = cursor_take(&at_ip, sizeof(*udp));
	if (!udp)
		return CUT_SHORT;
	if (udp->dest != port)
		return ROLLCALL_NOT_OURS;
	return impossible ? ROLLCALL_BAD_IP_HEADER : ROLLCALL_IP_OPTIONS;
}

/* A datagram to our group and port, with a header without options: is it complete and valid? */
static __always_inline enum rollcall_outcome
ipv4_check(const struct iphdr *ip, const struct udphdr *udp, struct cursor payload,
	   const volatile struct rollcall_settings *s, struct frame *f)
{
	__u32 ip_bytes = length_told(ip->tot_len);

	/* ip_rcv_core(): the frame may be longer than the datagram (padding), but not shorter */
	if (ip_bytes < sizeof(*ip) || (const void *)ip + ip_bytes > payload.end)
		return ROLLCALL_BAD_IP_LENGTH;
	if (!ipv4_checksum_good(ip))
		return ROLLCALL_BAD_IP_CHECKSUM;
	if (ipv4_source_impossible(ip->saddr, *(const volatile __be32 *)s->group4))
		return ROLLCALL_BAD_SOURCE;
	f->udp = udp;
	f->family = ROLLCALL_FAMILY_IPV4;
	f->source = &ip->saddr;
	f->pseudo_sum = (__u64)ip->saddr + ip->daddr;
	return udp_lengths(f, payload, ip_bytes - sizeof(*ip), length_told(udp->len));
}

static __always_inline enum rollcall_outcome
ipv4_parse(struct cursor c, const volatile struct rollcall_settings *s, struct frame *f)
{
	__be32 group = *(const volatile __be32 *)s->group4;
	__be16 port = bpf_htons(s->port);
	struct cursor at_ip = c;
	const struct iphdr *ip = cursor_take(&c, sizeof(*ip));
	const struct udphdr *udp;
	__be16 fragment;

	if (!ip)
		return CUT_SHORT;
	if (ip->daddr != group || ip->protocol != IPPROTO_UDP || ipv4_is_off)
		return ROLLCALL_NOT_OURS;
	fragment = ip->frag_off & bpf_htons(IP_FRAG_MORE | IP_FRAG_OFFSET);
	if (fragment & bpf_htons(IP_FRAG_OFFSET))
		return ROLLCALL_NOT_OURS; /* it has no port, so it cannot be known to be ours */
	if (*(const __u8 *)ip != 0x45)
		return ipv4_odd_header(at_ip, *(const __u8 *)ip, port);

	udp = cursor_take(&c, sizeof(*udp));
	if (!udp)
		return CUT_SHORT;
	if (udp->dest != port)
		return ROLLCALL_NOT_OURS;
	if (fragment)
		return ROLLCALL_FRAGMENT;
	return ipv4_check(ip, udp, c, s, f);
}

#endif
