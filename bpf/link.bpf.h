/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * First stage, from the first byte on: Ethernet and VLAN tags.
 *
 * Nearly every frame of a machine comes through here and is not ours, so a glance at the few bytes
 * that tell so comes first; what it cannot tell goes by all the rules.
 */
#ifndef ROLLCALL_LINK_BPF_H
#define ROLLCALL_LINK_BPF_H

#include <linux/if_ether.h>
#include <stddef.h>
#include <bpf/bpf_endian.h>

#include "ipv4.bpf.h"
#include "ipv6.bpf.h"

/* In place of a protocol: the frame begins with an Ethernet header, which tells it. */
#define FROM_ETHERNET 0x10000

#define VLAN_TAGS 3	   /* that are looked behind */
#define VLAN_VID  0x0fff   /* IEEE 802.1Q: 0 is a priority tag, which says nothing of a VLAN */

struct vlan_tag {
	__be16 tci;
	__be16 h_proto;
};

static __always_inline bool is_vlan_tag(__be16 h_proto)
{
	return h_proto == bpf_htons(ETH_P_8021Q) || h_proto == bpf_htons(ETH_P_8021AD);
}

/* What a glance returns when it takes all the rules to tell. */
#define ODD ((enum rollcall_outcome)(CUT_SHORT + 1))

/* The frame of nearly every announcement: no tags, no options. Not a struct, whose bytes clang would load one by one. */
#define USUAL_PROTO offsetof(struct ethhdr, h_proto)
#define USUAL_IP    sizeof(struct ethhdr)
#define USUAL_UDP   (USUAL_IP + sizeof(struct iphdr))
#define USUAL_BYTES (USUAL_UDP + sizeof(struct udphdr))
#define USUAL_IPV6_BYTES (USUAL_IP + sizeof(struct ipv6hdr))

/* A datagram of IPv4 to our group: behind a header without options, the port stands where it stands. */
static __always_inline enum rollcall_outcome
frame_glance_at_group(const char *at, const void *end, const volatile struct rollcall_settings *s, struct frame *f)
{
	const struct iphdr *ip = (const void *)(at + USUAL_IP);
	const struct udphdr *udp = (const void *)(at + USUAL_UDP);
	struct cursor payload = { at + USUAL_BYTES, end };

	if (ipv4_is_off)
		return ROLLCALL_NOT_OURS;
	if (*(const __u8 *)ip != 0x45)
		return ODD;
	/* true of a fragment too, and of what is not UDP: neither is ours without a port */
	if (udp->dest != bpf_htons(s->port))
		return ROLLCALL_NOT_OURS;
	if (ip->protocol != IPPROTO_UDP || ip->frag_off & bpf_htons(IP_FRAG_MORE | IP_FRAG_OFFSET))
		return ODD;
	f->eth = (const void *)at;
	return ipv4_check(ip, udp, payload, s, f);
}

/*
 * A glance at an Ethernet frame. It tells nearly all that are none of ours, which then cost next to
 * nothing, and takes nearly all announcements; of the rest, frame_parse_all() decides.
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
		/* the last word first: that is where groups differ */
		if (at + USUAL_IPV6_BYTES <= (const char *)c.end &&
		    LOAD(__be32, at + USUAL_IPV6_BYTES - 4) != *(const volatile __be32 *)(s->group6 + 12))
			return ROLLCALL_NOT_OURS;
		return ODD;
	}
	return is_vlan_tag(proto) ? ODD : ROLLCALL_NOT_OURS;
}

/*
 * __netif_receive_skb_core() in net/core/dev.c: the stack of this interface takes tags off as long
 * as their VLAN is 0; a frame of any other VLAN goes to that one's own interface, or to nobody.
 *
 * PROTO is FROM_ETHERNET, or that of a frame without Ethernet header, as the stack knows it.
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
