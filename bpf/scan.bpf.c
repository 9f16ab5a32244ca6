// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The sweep's part inside the kernel: it finds the entries that are stale, and counts down the names
 * of the addresses whose entries were removed. Reading every entry out to look at one number of each
 * costs four times as much; so does changing a count from outside, by two calls, and not atomically.
 *
 * Taking out is the sweeper's, key by key (user/loader/sweeper.c): a deletion in the walk that scans loses
 * what was received in between. An object of its own: where a kernel rejects it, entries are read out.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/scan.h>

#include "peers.bpf.h"
#include "sources.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Keys of what is stale, the first ones. Written by the scan, read by its caller. Sized by the loader. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_peer_key);
} stale SEC(".maps");

/* Addresses of what was removed, one for each entry. Written by the caller, read here. As many. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_source);
} gone SEC(".maps");

/* Signed differences: an entry may be younger than our clock. Most entries end at the first test. */
static long look_at(const void *map, const struct rollcall_peer_key *key, const struct rollcall_peer *peer,
		    struct rollcall_scan *scan)
{
	__u64 last_seen_ns = peer->last_seen_ns;
	struct rollcall_peer_key *place;
	__u32 at;

	(void)map;
	if ((__s64)(last_seen_ns - scan->oldest_ns) >= 0)
		return 0;
	if ((__s64)(last_seen_ns - scan->stale_before_ns) >= 0) {
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

	ctx->seen = bpf_for_each_map_elem(&peers, look_at, &scan, 0);
	ctx->stale = scan.stale;
	ctx->oldest_ns = scan.oldest_ns;
	return 0;
}

static long release_one(const void *map, const __u32 *index, const struct rollcall_source *source,
			struct rollcall_release *release)
{
	struct rollcall_source_use *use;
	__u32 names;

	(void)map;
	if (*index >= release->count)
		return 1; /* enough */
	use = bpf_map_lookup_elem(&sources, source);
	if (!use)
		return 0;
	names = source_count_down(source, use);
	if (names > 1 && names <= release->limit)
		use->told = 0; /* it may have another one, and is told of again when it has its share again */
	return 0;
}

SEC("syscall")
int rollcall_release(struct rollcall_release *ctx)
{
	struct rollcall_release release = *ctx;

	bpf_for_each_map_elem(&gone, release_one, &release, 0);
	return 0;
}
