/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The map `sources` by itself: the filter's object makes it, the sweep's counts down in it. */
#ifndef ROLLCALL_SOURCES_BPF_H
#define ROLLCALL_SOURCES_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/state.h>
#include <rollcall/table.h>

/*
 * Names held by each address (state.h). Written by the filter and by the loader that sweeps. It has as many
 * entries as `peers` at most: each address holds a name. Full, which only wrong counts or the absence of a
 * sweeper can bring about: the new host is admitted and not counted, until the sweeper counts again.
 *
 * Not an LRU map: one name that moves over many addresses would evict the counts of all others.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2 * ROLLCALL_MAX_PEERS);
	__type(key, struct rollcall_source);
	__type(value, struct rollcall_source_use);
} sources SEC(".maps");

/*
 * An address holds a name less. The last one takes the entry with it. Returns how many names it held; 0: the
 * count was wrong, and nothing was changed.
 */
static __always_inline __u32 source_count_down(const struct rollcall_source *source, struct rollcall_source_use *use)
{
	__u32 names = use->names;

	if (!names || names >= ROLLCALL_SOURCE_REMOVED)
		return 0;
	names = __sync_fetch_and_add(&use->names, -1);
	if (!names || names >= ROLLCALL_SOURCE_REMOVED) { /* another CPU was faster */
		__sync_fetch_and_add(&use->names, 1);
		return 0;
	}
	if (names == 1 && !__sync_val_compare_and_swap(&use->names, 0, ROLLCALL_SOURCE_REMOVED))
		bpf_map_delete_elem(&sources, source);
	return names;
}

#endif
