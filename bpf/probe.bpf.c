// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Does an announcement reach the stack? The loader attaches this program at the tc hook behind all other programs until
 * an announcement was received. So it finds out whether a driver still runs the filter in native mode
 * (user/loader/probe.c). The program recognizes only plain announcements, without tags, options and extension headers,
 * because the rules of the filter would cost the verifier 200 times as much.
 */
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "ipv4.bpf.h"
#include "ipv6.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Set by the loader between open and load. */
const volatile struct rollcall_settings config = ROLLCALL_DEFAULT_SETTINGS;

/* One byte per announcement, until the loader reads it. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} seen SEC(".maps");

static __always_inline bool is_announcement4(const void *at, const void *end)
{
	const struct ethhdr *eth = at;
	const struct iphdr *ip = (const void *)(eth + 1);
	const struct udphdr *udp = (const void *)(ip + 1);

	return !ipv4_is_off && (const void *)(udp + 1) <= end && eth->h_proto == bpf_htons(ETH_P_IP) && ip->ihl == 5 &&
	       !(ip->frag_off & bpf_htons(IP_FRAG_MORE | IP_FRAG_OFFSET)) && ip->protocol == IPPROTO_UDP && udp->dest == bpf_htons(config.port) &&
	       ip->daddr == *(const volatile __be32 *)config.group4;
}

static __always_inline bool is_announcement6(const void *at, const void *end)
{
	const struct ethhdr *eth = at;
	const struct ipv6hdr *ip = (const void *)(eth + 1);
	const struct udphdr *udp = (const void *)(ip + 1);

	return !ipv6_is_off && (const void *)(udp + 1) <= end && eth->h_proto == bpf_htons(ETH_P_IPV6) &&
	       ip->nexthdr == IPPROTO_UDP && udp->dest == bpf_htons(config.port) && ipv6_is_group(&ip->daddr, &config);
}

SEC("tc")
int rollcall_probe(struct __sk_buff *ctx)
{
	const void *data = (const void *)(long)ctx->data, *end = (const void *)(long)ctx->data_end;
	__u8 one = 1;

	/* frames of this host were looped back and did not pass the driver: dev_loopback_xmit() in net/core/dev.c */
	if (ctx->pkt_type != PACKET_LOOPBACK && (is_announcement4(data, end) || is_announcement6(data, end)))
		bpf_ringbuf_output(&seen, &one, sizeof(one), 0);
	return TC_ACT_UNSPEC;
}
