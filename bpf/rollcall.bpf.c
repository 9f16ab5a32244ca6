// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The filter: two entry functions, one path.
 *
 *	link.bpf.h		bytes -> checked headers of a datagram to our group and port
 *	merged.bpf.h		(tc) the first datagram of those that GRO has merged
 *	announcement.bpf.h	payload -> prefix and hostname
 *	message.bpf.h		the other format: goodbyes and sealed announcements
 *	key.bpf.h, seal.bpf.h	(table with keys) is the seal right, and its time about ours?
 *	table.bpf.h		announcement -> entry in the table
 *	sequence.bpf.h		(table with keys) was the message received before?
 *	goodbye.bpf.h		goodbye -> tombstone
 *	admission.bpf.h		is there room for a new host?
 *	outcome.bpf.h		outcome -> one count
 *
 * It uses only UAPI types and no CO-RE, so that it also loads on kernels without BTF. Any BPF loader can
 * load it, with the defaults that are compiled in.
 */
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_helpers.h>

#include "announcement.bpf.h"
#include "config.bpf.h"
#include "key.bpf.h"
#include "link.bpf.h"
#include "maps.bpf.h"
#include "merged.bpf.h"
#include "message.bpf.h"
#include "outcome.bpf.h"
#include "table.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Set by the loader between open and load; `slot` is in outcome.bpf.h. */
const volatile bool consume = false;
/* The interface that peers are recorded for; 0: the one that receives the frame. */
const volatile __u32 ifindex = 0;
const volatile bool bare = false; /* set if the interface has no Ethernet headers: only tc knows the protocol */

#define HEADERS_BYTES 128 /* enough for Ethernet, tags, IP with options or extension headers, UDP */

/* The stages behind the headers. Returns true if the frame is to be dropped before the stack. */
static __always_inline bool hear(enum rollcall_outcome outcome, struct frame *frame, __u32 from)
{
	__u64 heard_ns = 0;

	if (outcome == PROCEED) {
		struct announcement announcement;

		/* With another outcome the fields may not be set. Without this line clang 14 reads them before it
		   tests the outcome (seen on s390x), and the verifier of Linux 6.1 rejects the program. */
		asm volatile("" : "+m"(*frame));
		outcome = announcement_parse(frame, &config, from, &announcement);
		if (outcome == ROLLCALL_BAD_PREFIX)
			outcome = message_parse(frame, &config, from, &announcement);
		if (outcome == PROCEED) {
			heard_ns = bpf_ktime_get_boot_ns();
			if (config.sealing)
				outcome = seal_check(frame, &announcement, &config, heard_ns);
			if (outcome == PROCEED)
				outcome = table_record(&announcement, heard_ns);
			else
				heard_ns = 0; /* no outcome needs it: without this line the verifier walks three times as far */
		}
	}
	outcome_count(outcome, heard_ns);
	return consume && outcome_is_registration(outcome);
}

/* eth_type_trans() in net/ethernet/eth.c: unicast to another MAC is PACKET_OTHERHOST, which IP drops. */
static __always_inline bool is_for_other_host(const struct ethhdr *eth)
{
	const struct rollcall_attachment *here;

	if (eth->h_dest[0] & 1)
		return false;
	here = bpf_map_lookup_elem(&interfaces, (const void *)&slot);
	return !here || LOAD(__u32, here->lladdr) != LOAD(__u32, eth->h_dest) ||
	       LOAD(__u16, here->lladdr + 4) != LOAD(__u16, eth->h_dest + 4);
}

SEC("xdp")
int rollcall_xdp(struct xdp_md *ctx)
{
	struct cursor bytes = { (void *)(long)ctx->data, (void *)(long)ctx->data_end };
	enum rollcall_outcome outcome;
	struct frame frame;

	outcome = frame_parse(bytes, FROM_ETHERNET, &config, &frame);
	if (!outcome_is_ours(outcome))
		return XDP_PASS;
	if (outcome == PROCEED && is_for_other_host(frame.eth))
		outcome = ROLLCALL_OTHER_HOST;
	/* the drivers of a bond's ports run the program: bond_xdp_set() in drivers/net/bonding/bond_main.c */
	return hear(outcome, &frame, ifindex ? ifindex : ctx->ingress_ifindex) ? XDP_DROP : XDP_PASS;
}

/*
 * Some drivers leave a frame in several buffers, and a program sees only the first one. If that one
 * ends before the frame is known to be ours, and there is more, the program pulls the headers into it.
 * It pulls the whole frame only if the datagram is ours and not complete. merged.bpf.h describes
 * datagrams that GRO has merged.
 */
static __always_inline enum rollcall_outcome tc_parse(struct __sk_buff *ctx, struct frame *frame)
{
	enum rollcall_outcome outcome = CUT_SHORT;

#pragma clang loop unroll(disable)
	for (int pulls = 0; pulls <= 2; pulls++) {
		struct cursor bytes = { (void *)(long)ctx->data, (void *)(long)ctx->data_end };
		__u32 wanted;

		outcome = frame_parse(bytes, bare ? ctx->protocol : FROM_ETHERNET, &config, frame);
		if (outcome == ROLLCALL_NOT_OURS || (outcome == ROLLCALL_BAD_IP_LENGTH && ctx->gso_size))
			break;
		wanted = ctx->len;
		if (outcome == CUT_SHORT && wanted > HEADERS_BYTES)
			wanted = HEADERS_BYTES;
		else if (outcome != CUT_SHORT && outcome != ROLLCALL_BAD_IP_LENGTH)
			break;
		if (bytes.pos + wanted <= bytes.end || bpf_skb_pull_data(ctx, wanted))
			break;
	}
	return outcome;
}

/* Parse the first of the datagrams that GRO has merged. Only its bytes are pulled into the first buffer. */
static __always_inline enum rollcall_outcome tc_parse_merged(struct __sk_buff *ctx, struct frame *frame)
{
	struct cursor bytes = { (void *)(long)ctx->data, (void *)(long)ctx->data_end };
	__u32 first = merged_payload_at(bare, ctx->protocol) + ctx->gso_size;

	if (bytes.pos + first > bytes.end) {
		bpf_skb_pull_data(ctx, first);
		bytes = (struct cursor){ (void *)(long)ctx->data, (void *)(long)ctx->data_end };
	}
	return merged_parse(bytes, bare ? ctx->protocol : FROM_ETHERNET, ctx->gso_size, &config, frame);
}

/*
 * The stack has already removed the first VLAN tag and set pkt_type. The verdict is TC_ACT_UNSPEC, not
 * TC_ACT_OK, so that programs behind this one run.
 */
SEC("tc")
int rollcall_tc(struct __sk_buff *ctx)
{
	enum rollcall_outcome outcome;
	struct frame frame;

	outcome = tc_parse(ctx, &frame);
	if (!outcome_is_ours(outcome))
		return TC_ACT_UNSPEC;
	if (ctx->pkt_type == PACKET_LOOPBACK) /* dev_loopback_xmit() in net/core/dev.c: this host sent it */
		return TC_ACT_UNSPEC;
	if (ctx->gso_size && (outcome == ROLLCALL_BAD_IP_LENGTH || outcome == PROCEED))
		outcome = tc_parse_merged(ctx, &frame);
	/* __vlan_hwaccel_clear_tag() in include/linux/if_vlan.h: up to Linux 6.1 a removed tag stays in vlan_tci */
	if (ctx->vlan_present && ctx->vlan_tci & VLAN_VID)
		outcome = ROLLCALL_FOREIGN_VLAN;
	else if (outcome == PROCEED && ctx->pkt_type == PACKET_OTHERHOST)
		outcome = ROLLCALL_OTHER_HOST;
	/* the datagrams merged behind the first one were not parsed: the stack must get the buffer */
	return hear(outcome, &frame, ctx->ifindex) && !ctx->gso_size ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}
