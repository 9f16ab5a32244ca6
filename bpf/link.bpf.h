/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * First stage, from the first byte on: Ethernet and VLAN tags.
 *
 * Nearly every frame of a machine comes through here and is not ours, so the cheap tests that
 * tell so come first: two compares, mostly.
 */
#ifndef ROLLCALL_LINK_BPF_H
#define ROLLCALL_LINK_BPF_H

#include <linux/if_ether.h>
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

/*
 * __netif_receive_skb_core() in net/core/dev.c: the stack of this interface takes tags off as long
 * as their VLAN is 0; a frame of any other VLAN goes to that one's own interface, or to nobody.
 *
 * PROTO is FROM_ETHERNET, or that of a frame without Ethernet header, as the stack knows it.
 */
static __always_inline enum rollcall_outcome
frame_parse(struct cursor c, __u32 proto, const volatile struct rollcall_settings *s, struct frame *f)
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

#endif
