// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The filter: two entries, one way.
 *
 *	frame.bpf.h		bytes -> checked headers of a datagram to our group and port
 *	announcement.bpf.h	payload -> prefix and hostname
 *	table.bpf.h		announcement -> entry in the table
 *	outcome.bpf.h		how it ended -> one count
 *
 * UAPI types alone, no CO-RE: this object loads on kernels without BTF too, and, with the
 * defaults compiled in, by any BPF loader.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>
#include <stddef.h>
#include <bpf/bpf_helpers.h>

#include "announcement.bpf.h"
#include "maps.bpf.h"
#include "outcome.bpf.h"
#include "table.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Set by the loader between open and load; `slot` is in outcome.bpf.h. */
const volatile struct rollcall_settings config = ROLLCALL_DEFAULT_SETTINGS;
const volatile bool consume = false;

/* The whole way of a frame; returns true if it is to be kept from the stack. */
static __always_inline bool hear(struct cursor frame_bytes, __u32 ifindex)
{
	struct frame frame;
	enum rollcall_outcome outcome = frame_parse(frame_bytes, &config, &frame);

	if (outcome == ROLLCALL_NOT_OURS)
		return false;
	if (outcome == PROCEED) {
		struct announcement announcement = {};

		outcome = announcement_parse(&frame, &config, ifindex, &announcement);
		if (outcome == PROCEED)
			outcome = table_record(&announcement, &config, bpf_ktime_get_boot_ns());
	}
	outcome_count(outcome);
	return consume && outcome_is_registration(outcome);
}

SEC("xdp")
int rollcall_xdp(struct xdp_md *ctx)
{
	struct cursor frame = { (void *)(long)ctx->data, (void *)(long)ctx->data_end };

	return hear(frame, ctx->ingress_ifindex) ? XDP_DROP : XDP_PASS;
}

/* TC_ACT_UNSPEC, not TC_ACT_OK, so that programs behind this one run as well. */
SEC("tc")
int rollcall_tc(struct __sk_buff *ctx)
{
	struct cursor frame = { (void *)(long)ctx->data, (void *)(long)ctx->data_end };

	return hear(frame, ctx->ifindex) ? TC_ACT_SHOT : TC_ACT_UNSPEC;
}
