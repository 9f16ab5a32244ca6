/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * First stage: from the bytes of a frame to the headers of a datagram for our group and port.
 *
 * Nearly every frame of a machine comes through here and is not ours, so the cheap tests that
 * tell so come first. What is ours must be what Linux itself would hand to a socket; each
 * test says where in the kernel the rule comes from. This stage knows no map and no payload;
 * announcement.bpf.h comes next.
 */
#ifndef ROLLCALL_FRAME_BPF_H
#define ROLLCALL_FRAME_BPF_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>

#include <rollcall/outcome.h>
#include <rollcall/settings.h>

#include "checksum.bpf.h"
#include "cursor.bpf.h"

/* What a stage returns when the next one is to go on. */
#define PROCEED ROLLCALL_OUTCOME_COUNT

#define IP_FRAG_MORE   0x2000 /* RFC 791; include/net/ip.h: IP_MF, IP_OFFSET */
#define IP_FRAG_OFFSET 0x1fff

struct frame {
	const struct ethhdr *eth;
	const struct iphdr *ip;
	const struct udphdr *udp;
	struct cursor payload;
	__u32 payload_bytes; /* by the UDP header, checked against IP and frame */
};

/*
 * The unaligned 16, 32 and 64 bits at P. Said to be unaligned, clang would load byte by byte; as
 * it is, the verifier refuses the program on the few machines that cannot.
 */
#ifdef __bpf__
#define LOAD(type, p) (*(const type *)(p))
#else
#define LOAD(type, p) (((const struct { type v; } __attribute__((packed)) *)(p))->v)
#endif

/* Addresses that no host can send from: ip_mc_validate_source() in net/ipv4/route.c. */
static __always_inline bool ipv4_source_impossible(__be32 saddr, __be32 group)
{
	__u32 host = bpf_ntohl(saddr);

	if (host >> 28 == 0xe || host == INADDR_BROADCAST || host >> 24 == 127)
		return true;
	/* 0/8 may speak to 224.0.0/24 alone */
	return host >> 24 == 0 && bpf_ntohl(group) >> 8 != 0xe00000;
}

/* ip_rcv_core() in net/ipv4/ip_input.c: five words without options must sum to all ones. */
static __always_inline bool ipv4_checksum_good(const struct iphdr *ip)
{
	__u64 sum = LOAD(__u32, ip);

	sum += LOAD(__u32, (const char *)ip + 4);
	sum += LOAD(__u32, (const char *)ip + 8);
	sum += LOAD(__u32, (const char *)ip + 12);
	sum += LOAD(__u32, (const char *)ip + 16);
	return checksum_fold(sum) == 0xffff;
}

/*
 * A header of another length or version. Where it says that UDP begins, our port decides
 * whether the frame counts as ours; an impossible header is taken to be of 20 bytes.
 */
static __always_inline enum rollcall_outcome
frame_ipv4_odd_header(struct cursor at_ip, __u8 first_byte, __be16 port)
{
	__u32 header_bytes = (first_byte & 0xf) * 4;
	bool impossible = first_byte >> 4 != 4 || header_bytes < sizeof(struct iphdr);
	const struct udphdr *udp;

	if (impossible)
		header_bytes = sizeof(struct iphdr);
	at_ip.pos += header_bytes;
	udp = cursor_take(&at_ip, sizeof(*udp));
	if (!udp || udp->dest != port)
		return ROLLCALL_NOT_OURS;
	return impossible ? ROLLCALL_BAD_IP_HEADER : ROLLCALL_IP_OPTIONS;
}

static __always_inline enum rollcall_outcome
frame_ipv4(struct cursor c, const volatile struct rollcall_settings *s, struct frame *f)
{
	__be32 group = *(const volatile __be32 *)s->group4;
	__be16 port = bpf_htons(s->port);
	struct cursor at_ip = c;
	const struct iphdr *ip = cursor_take(&c, sizeof(*ip));
	__u32 ip_bytes, udp_bytes;
	__be16 fragment;

	if (!ip || ip->daddr != group || ip->protocol != IPPROTO_UDP)
		return ROLLCALL_NOT_OURS;
	fragment = ip->frag_off & bpf_htons(IP_FRAG_MORE | IP_FRAG_OFFSET);
	if (fragment & bpf_htons(IP_FRAG_OFFSET))
		return ROLLCALL_NOT_OURS; /* it has no port: whose it is cannot be known */
	if (*(const __u8 *)ip != 0x45)
		return frame_ipv4_odd_header(at_ip, *(const __u8 *)ip, port);

	f->ip = ip;
	f->udp = cursor_take(&c, sizeof(*f->udp));
	if (!f->udp || f->udp->dest != port)
		return ROLLCALL_NOT_OURS;
	if (fragment)
		return ROLLCALL_FRAGMENT;

	/* ip_rcv_core(): the frame may be longer (padding), never shorter than the datagram */
	ip_bytes = bpf_ntohs(ip->tot_len);
	if (ip_bytes < sizeof(*ip) || at_ip.pos + ip_bytes > c.end)
		return ROLLCALL_BAD_IP_LENGTH;
	if (!ipv4_checksum_good(ip))
		return ROLLCALL_BAD_IP_CHECKSUM;
	if (ipv4_source_impossible(ip->saddr, group))
		return ROLLCALL_BAD_SOURCE;

	/* __udp4_lib_rcv() in net/ipv4/udp.c: what lies behind the UDP length is ignored */
	udp_bytes = bpf_ntohs(f->udp->len);
	if (udp_bytes < sizeof(*f->udp) || udp_bytes > ip_bytes - sizeof(*ip))
		return ROLLCALL_BAD_UDP_LENGTH;

	f->payload = c;
	f->payload_bytes = udp_bytes - sizeof(*f->udp);
	return PROCEED;
}

static __always_inline enum rollcall_outcome
frame_parse(struct cursor c, const volatile struct rollcall_settings *s, struct frame *f)
{
	f->eth = cursor_take(&c, sizeof(*f->eth));
	if (!f->eth)
		return ROLLCALL_NOT_OURS;
	if (f->eth->h_proto == bpf_htons(ETH_P_IP))
		return frame_ipv4(c, s, f);
	return ROLLCALL_NOT_OURS;
}

/* What the UDP checksum covers besides the payload: pseudo-header (RFC 768) and UDP header. */
static __always_inline __u64 frame_pseudo_sum(const struct frame *f)
{
	__u64 sum = LOAD(__be32, &f->ip->saddr);

	sum += LOAD(__be32, &f->ip->daddr);
	return sum + f->udp->len + bpf_htons(IPPROTO_UDP);
}

/*
 * PAYLOAD_SUM is the sum of the payload. Accepted as udp4_csum_init() does: a checksum
 * of zero (none was sent), a right one, and the bare pseudo-header sum that a sender on this
 * machine leaves for the NIC to complete (CHECKSUM_PARTIAL; XDP cannot see that mark).
 */
static __always_inline bool frame_udp_checksum_good(const struct frame *f, __u64 payload_sum)
{
	__u64 pseudo = frame_pseudo_sum(f);
	__u64 sum = pseudo + payload_sum + f->udp->source + f->udp->dest + f->udp->len + f->udp->check;

	return checksum_fold(sum) == 0xffff || !f->udp->check || f->udp->check == checksum_fold(pseudo);
}

#endif
