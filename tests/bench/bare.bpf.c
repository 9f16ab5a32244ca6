// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The bare programs that the benchmark compares with: they do only what any program with such a table must do. The
 * carousel, also here, makes frames of many hosts from one frame.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/udp.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/table.h>

#include "carousel.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Key and value have the sizes of `peers`, and it has as many entries as the table that it is compared with. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct rollcall_peer_key);
	__type(value, struct rollcall_peer);
} bare_peers SEC(".maps");

/* The table itself, for bare_walk. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct rollcall_peer_key);
	__type(value, struct rollcall_peer);
} peers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, CAROUSEL_TARGETS);
	__type(key, __u32);
	__type(value, __u32);
} targets SEC(".maps");

/* Two arrays, because a program array has programs of only one type. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, CAROUSEL_TARGETS);
	__type(key, __u32);
	__type(value, __u32);
} targets_tc SEC(".maps");

const volatile __u32 redirect_to = 0; /* the interface that bare_redirect sends from */

struct carousel turn; /* set between runs */
struct rollcall_peer_key turned = { .hostname = CAROUSEL_NAME, .family = ROLLCALL_FAMILY_IPV4, .ifindex = 1 };
struct rollcall_peer newcomer;
__u64 walked;

static const struct rollcall_peer_key constant = { .hostname = "node-constan", .family = ROLLCALL_FAMILY_IPV4, .ifindex = 1 };

/* Define BODY, which may read CTX, as an XDP program and as a tc program. If it is true, the frame is passed. */
#define BARE(name, body)                                                 \
	SEC("xdp.frags")                                                 \
	int name(struct xdp_md *ctx)                                     \
	{                                                                \
		return (body) ? XDP_PASS : XDP_ABORTED;                  \
	}                                                                \
	SEC("tc")                                                        \
	int name##_tc(struct __sk_buff *ctx)                             \
	{                                                                \
		return (body) ? TC_ACT_UNSPEC : TC_ACT_SHOT;             \
	}

BARE(bare_pass, true)

SEC("xdp.frags")
int bare_drop(struct xdp_md *ctx)
{
	return XDP_DROP;
}

SEC("xdp.frags")
int bare_redirect(struct xdp_md *ctx)
{
	return bpf_redirect(redirect_to, 0);
}

static __always_inline bool refresh(const struct rollcall_peer_key *key)
{
	__u64 now_ns = bpf_ktime_get_boot_ns();
	struct rollcall_peer *entry = bpf_map_lookup_elem(&bare_peers, key);

	if (!entry)
		return false;
	*(volatile __u64 *)&entry->last_seen_ns = now_ns;
	return true;
}

BARE(bare_refresh, refresh(&constant))
/* The key is in memory already, where the carousel put it. */
BARE(bare_refresh_turned, refresh(&turned))

static __always_inline bool join(void)
{
	__u64 now_ns = bpf_ktime_get_boot_ns();

	if (bpf_map_lookup_elem(&bare_peers, &turned))
		return false;
	newcomer.first_seen_ns = newcomer.last_seen_ns = now_ns;
	return !bpf_map_update_elem(&bare_peers, &turned, &newcomer, BPF_ANY);
}

BARE(bare_join_turned, join())

static __always_inline __u16 fold(__u64 sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (sum & 0xffff) + (sum >> 16);
}

/*
 * BPF_PROG_TEST_RUN repeats one frame. This program changes it into the frame of another host at each run, with valid
 * checksums, and continues in the measured program by a tail call. The measured program is not changed, and each of its
 * frames is of another host than the previous one.
 */
static __always_inline bool turn_frame(void *data, void *data_end)
{
	struct carousel_frame *f = data;
	__be32 source;
	__u64 host, word;

	if ((void *)(f + 1) > data_end)
		return false;
	host = turn.first + turn.next * CAROUSEL_STRIDE % turn.hosts;
	turn.next = turn.next + 1 == turn.hosts ? 0 : turn.next + 1;
	word = carousel_letters(host);
	source = bpf_htonl(CAROUSEL_SOURCE + host / turn.names_per_source);
	__builtin_memcpy(f->name + CAROUSEL_NAME_FIXED, &word, sizeof(word));
	__builtin_memcpy(turned.hostname + CAROUSEL_NAME_FIXED, &word, sizeof(word));
	f->ip.saddr = source;
	f->ip.check = ~fold((__u64)turn.ip_sum + source);
	f->udp.check = ~fold((__u64)turn.udp_sum + source + (word & 0xffffffff) + (word >> 32));
	return true;
}

SEC("xdp.frags")
int carousel(struct xdp_md *ctx)
{
	if (turn_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end))
		bpf_tail_call(ctx, &targets, turn.target);
	return XDP_ABORTED;
}

SEC("tc")
int carousel_tc(struct __sk_buff *ctx)
{
	if (turn_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end))
		bpf_tail_call(ctx, &targets_tc, turn.target);
	return TC_ACT_SHOT;
}

struct rollcall_peer_key rewound; /* set between runs */

/* A sealed message counts once: forget that it was received, and continue in the measured program. */
static __always_inline bool rewind_entry(void)
{
	struct rollcall_peer *entry = bpf_map_lookup_elem(&peers, &rewound);

	if (entry)
		entry->sequence = 0;
	return entry;
}

/* Give the frame, which has no UDP checksum, the next source address. */
static __always_inline bool turn_source(void *data, void *data_end)
{
	struct carousel_frame *f = data;
	__be32 source;

	if (data + sizeof(f->eth) + sizeof(f->ip) > data_end)
		return false;
	source = bpf_htonl(CAROUSEL_SOURCE + (__u32)(turn.next++ * CAROUSEL_STRIDE % turn.hosts));
	f->ip.saddr = source;
	f->ip.check = ~fold((__u64)turn.ip_sum + source);
	return true;
}

#define TURNING(name, section, context, map, turned_well, failure)                                   \
	SEC(section)                                                                                 \
	int name(struct context *ctx)                                                                \
	{                                                                                            \
		if (turned_well)                                                                     \
			bpf_tail_call(ctx, &(map), turn.target);                                     \
		return failure;                                                                      \
	}

TURNING(rewind, "xdp.frags", xdp_md, targets, rewind_entry(), XDP_ABORTED)
TURNING(rewind_tc, "tc", __sk_buff, targets_tc, rewind_entry(), TC_ACT_SHOT)
TURNING(sources, "xdp.frags", xdp_md, targets, turn_source((void *)(long)ctx->data, (void *)(long)ctx->data_end), XDP_ABORTED)
TURNING(sources_tc, "tc", __sk_buff, targets_tc, turn_source((void *)(long)ctx->data, (void *)(long)ctx->data_end), TC_ACT_SHOT)

static long walk_entry(void *map, const void *key, void *value, void *context)
{
	walked++;
	return 0;
}

SEC("syscall")
int bare_walk(void *context)
{
	walked = 0;
	bpf_for_each_map_elem(&peers, walk_entry, NULL, 0);
	return 0;
}
