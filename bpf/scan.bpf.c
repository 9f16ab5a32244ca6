// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The sweep's scan, inside the kernel: it finds the entries that are stale and takes none out. Reading
 * every entry out to look at one number of each costs four times as much.
 *
 * Taking out is the sweeper's, key by key (user/sweeper.c): a deletion in the walk that scans loses
 * what was heard in between. An object of its own: where a kernel refuses it, entries are read out.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/scan.h>

#include "peers.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Keys of what is stale, the first ones. Written by the scan, read by its caller. Sized by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_peer_key);
} stale SEC(".maps");

static long look_at(const void *map, const struct rollcall_peer_key *key, const struct rollcall_peer *peer,
		    struct rollcall_scan *scan)
{
	__u64 last_seen_ns = peer->last_seen_ns;
	struct rollcall_peer_key *place;
	__u32 at;

	(void)map;
	scan->seen++;
	if ((__s64)(scan->now_ns - last_seen_ns) <= (__s64)scan->expiry_ns) { /* signed: it may be younger than our clock */
		if (last_seen_ns < scan->oldest_ns)
			scan->oldest_ns = last_seen_ns;
		return 0;
	}
	at = scan->stale++;
	place = bpf_map_lookup_elem(&stale, &at);
	if (place)
		__builtin_memcpy(place, key, sizeof(*place));
	return 0;
}

SEC("syscall")
int rollcall_scan(struct rollcall_scan *ctx)
{
	struct rollcall_scan scan = *ctx; /* a callback takes no pointer to the context */

	scan.seen = scan.stale = 0;
	scan.oldest_ns = ~0ULL;
	bpf_for_each_map_elem(&peers, look_at, &scan, 0);
	ctx->seen = scan.seen;
	ctx->stale = scan.stale;
	ctx->oldest_ns = scan.oldest_ns;
	return 0;
}
