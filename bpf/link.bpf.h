/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * First stage, from the first byte on: Ethernet and VLAN tags.
 *
 * Nearly every frame of a machine passes here and is not ours. So frame_glance() first tests the few
 * bytes that decide this. frame_parse_all() applies all rules to the frames that it cannot decide.
 */
#ifndef ROLLCALL_LINK_BPF_H
#define ROLLCALL_LINK_BPF_H

#include <linux/if_ether.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>

#include "ipv4.bpf.h"
#include "ipv6.bpf.h"

/* In place of a protocol: the frame begins with an Ethernet header, which has the protocol. */
#define FROM_ETHERNET 0x10000

#define VLAN_TAGS 3	   /* tags parsed at most */
#define VLAN_VID  0x0fff   /* IEEE 802.1Q: 0 is a priority tag, which names no VLAN */

struct vlan_tag {
	__be16 tci;
	__be16 h_proto;
};

static __always_inline bool is_vlan_tag(__be16 h_proto)
{
	return h_proto == bpf_htons(ETH_P_8021Q) || h_proto == bpf_htons(ETH_P_8021AD);
}

/* frame_glance() returns this if it cannot decide. */
#define ODD ((enum rollcall_outcome)(CUT_SHORT + 1))

/* The frame of nearly every announcement: no tags, no options. A struct would make clang load byte by byte. */
#define USUAL_PROTO offsetof(struct ethhdr, h_proto)
#define USUAL_IP    sizeof(struct ethhdr)
#define USUAL_UDP   (USUAL_IP + sizeof(struct iphdr))
#define USUAL_BYTES (USUAL_UDP + sizeof(struct udphdr))
#define USUAL_IPV6_BYTES (USUAL_IP + sizeof(struct ipv6hdr))

/* An IPv4 datagram to our group. If the header has no options, the port is at a constant offset. */
static __always_inline enum rollcall_outcome
frame_glance_at_group(const char *at, const void *end, const volatile struct rollcall_settings *s, struct frame *f)
{
	const struct iphdr *ip = (const void *)(at + USUAL_IP);
	const struct udphdr *udp = (const void *)(at + USUAL_UDP);
	struct cursor payload = { at + USUAL_BYTES, end };

	if (*(const __u8 *)ip != 0x45)
		return ODD;
	/* this is also right for fragments and other protocols: without our port they are not ours */
	if (udp->dest != bpf_htons(s->port) || ipv4_is_off)
		return ROLLCALL_NOT_OURS;
	if (ip->protocol != IPPROTO_UDP || ip->frag_off & bpf_htons(IP_FRAG_MORE | IP_FRAG_OFFSET))
		return ODD;
	f->eth = (const void *)at;
	return ipv4_check(ip, udp, payload, s, f);
}

/*
 * A quick test of an Ethernet frame. It decides nearly all frames that are not ours, at almost no cost,
 * and nearly all announcements. frame_parse_all() decides the rest.
 */
static __always_inline enum rollcall_outcome
frame_glance(struct cursor c, const volatile struct rollcall_settings *s, struct frame *f)
{
	const char *at = c.pos;
	__be16 proto;

	if (at + USUAL_BYTES > (const char *)c.end)
		return ODD;
	proto = LOAD(__be16, at + USUAL_PROTO);
	if (proto == bpf_htons(ETH_P_IP)) {
		if (((const struct iphdr *)(at + USUAL_IP))->daddr != *(const volatile __be32 *)s->group4)
			return ROLLCALL_NOT_OURS;
		return frame_glance_at_group(at, c.end, s, f);
	}
	if (proto == bpf_htons(ETH_P_IPV6)) {
		/* the last word first, because groups differ there */
		if (at + USUAL_IPV6_BYTES <= (const char *)c.end &&
		    LOAD(__be32, at + USUAL_IPV6_BYTES - 4) != *(const volatile __be32 *)(s->group6 + 12))
			return ROLLCALL_NOT_OURS;
		return ODD;
	}
	return is_vlan_tag(proto) ? ODD : ROLLCALL_NOT_OURS;
}

/*
 * __netif_receive_skb_core() in net/core/dev.c: the stack of this interface removes tags as long as
 * their VLAN is 0. It delivers a frame of another VLAN to the interface of that VLAN, or drops it.
 *
 * PROTO is FROM_ETHERNET, or the stack's protocol of a frame without Ethernet header.
 */
static __always_inline enum rollcall_outcome
frame_parse_all(struct cursor c, __u32 proto, const volatile struct rollcall_settings *s, struct frame *f)
{
	enum rollcall_outcome outcome;
	const struct vlan_tag *tag;
	__be16 h_proto = proto, vlans = 0;

	f->eth = NULL;
	if (proto == FROM_ETHERNET) {
		f->eth = cursor_take(&c, sizeof(*f->eth));
		if (!f->eth)
			return CUT_SHORT;
		h_proto = f->eth->h_proto;
	}
	for (int tags = 0; tags < VLAN_TAGS && is_vlan_tag(h_proto); tags++) {
		tag = cursor_take(&c, sizeof(*tag));
		if (!tag)
			return CUT_SHORT;
		vlans |= tag->tci;
		h_proto = tag->h_proto;
	}
	if (h_proto == bpf_htons(ETH_P_IP))
		outcome = ipv4_parse(c, s, f);
	else if (h_proto == bpf_htons(ETH_P_IPV6))
		outcome = ipv6_parse(c, s, f);
	else
		return ROLLCALL_NOT_OURS;
	if (outcome_is_ours(outcome) && vlans & bpf_htons(VLAN_VID))
		return ROLLCALL_FOREIGN_VLAN;
	return outcome;
}

static __always_inline enum rollcall_outcome
frame_parse(struct cursor c, __u32 proto, const volatile struct rollcall_settings *s, struct frame *f)
{
	enum rollcall_outcome outcome = proto == FROM_ETHERNET ? frame_glance(c, s, f) : ODD;

	return outcome == ODD ? frame_parse_all(c, proto, s, f) : outcome;
}

#endif
