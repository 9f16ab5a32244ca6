// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The sweeper's programs in the kernel. They find stale entries, and count down the names of the
 * addresses whose entries were removed. To read every entry in user space for one number costs four times
 * as much. So does a change of a count by two system calls, which is also not atomic.
 *
 * The sweeper deletes entries itself, key by key (user/loader/sweeper.c): a deletion during the scan would lose
 * announcements received in between. This is a separate object: if a kernel rejects it, the sweeper reads the entries.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#include <rollcall/scan.h>

#include "owner.bpf.h"
#include "peers.bpf.h"
#include "sources.bpf.h"

const volatile bool mixed; /* a table with keys that also records announcements without a seal */

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* Keys of stale entries, as many as fit. The scan writes it, its caller reads it. The loader sets the size. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_peer_key);
} stale SEC(".maps");

/* Addresses of removed entries, one per entry. The caller writes it, this program reads it. It has the same size. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_source);
} gone SEC(".maps");

/* Differences are signed: an entry may be newer than the sweeper's clock. For most entries the first test decides. */
static long look_at(const void *map, const struct rollcall_peer_key *key, const struct rollcall_peer *peer,
		    struct rollcall_scan *scan)
{
	__u64 last_seen_ns = peer->last_seen_ns;
	struct rollcall_peer_key *place;
	__u32 at;

	(void)map;
	if (mixed && !(peer->flags & ROLLCALL_PEER_SEALED))
		scan->unsealed++;
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
	struct rollcall_scan scan = *ctx; /* a callback cannot take a pointer to the context */

	ctx->seen = bpf_for_each_map_elem(&peers, look_at, &scan, 0);
	ctx->stale = scan.stale;
	ctx->oldest_ns = scan.oldest_ns;
	ctx->unsealed = scan.unsealed;
	return 0;
}

/*
 * In a table with keys a removed entry must not be put back, because a message that was received meanwhile would be
 * accepted again. So this program first owns the entry: then nobody writes it, and it cannot become fresh.
 */
SEC("syscall")
int rollcall_remove(struct rollcall_removal *ctx)
{
	struct rollcall_peer_key key = ctx->key; /* a helper cannot take a pointer to the context */
	struct rollcall_peer *entry = bpf_map_lookup_elem(&peers, &key), peer;
	__u64 seen;

	if (!entry)
		return 0;
	seen = *(volatile __u64 *)&entry->sequence;
	/* an owner takes microseconds: one that has not finished after an expiry has lost the entry to another host */
	if (!entry_own(entry, seen) && (__s64)(entry->last_seen_ns - ctx->abandoned_before_ns) >= 0)
		return 0;
	peer = *entry;
	if ((__s64)(peer.last_seen_ns - ctx->stale_before_ns) >= 0 || bpf_map_delete_elem(&peers, &key)) {
		entry_disown(entry, seen);
		return 0;
	}
	peer.sequence = seen;
	ctx->peer = peer;
	ctx->removed = 1;
	return 0;
}

static long release_one(const void *map, const __u32 *index, const struct rollcall_source *source,
			struct rollcall_release *release)
{
	struct rollcall_source_use *use;
	__u32 names;

	(void)map;
	if (*index >= release->count)
		return 1; /* stop */
	use = bpf_map_lookup_elem(&sources, source);
	if (!use)
		return 0;
	names = source_count_down(source, use);
	if (names > 1 && names <= release->limit)
		use->told = 0; /* below its maximum: when it reaches the maximum again, the event is sent again */
	return 0;
}

SEC("syscall")
int rollcall_release(struct rollcall_release *ctx)
{
	struct rollcall_release release = *ctx;

	bpf_for_each_map_elem(&gone, release_one, &release, 0);
	return 0;
}
