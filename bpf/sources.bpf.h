/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The map `sources`, separate from maps.bpf.h: the filter's object creates it, the sweeper's counts down in it. */
#ifndef ROLLCALL_SOURCES_BPF_H
#define ROLLCALL_SOURCES_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/state.h>
#include <rollcall/table.h>

/*
 * The number of names per address (state.h). The filter and the loader that sweeps write it. It has at most
 * as many entries as `peers`, because each address has a name. It can be full only if counts are wrong or if
 * there is no sweeper. The new host is then admitted and not counted, until the sweeper counts again.
 *
 * It is not an LRU map: one name that moves over many addresses would evict the counts of all other addresses.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2 * ROLLCALL_MAX_PEERS);
	__type(key, struct rollcall_source);
	__type(value, struct rollcall_source_use);
} sources SEC(".maps");

/*
 * Count one name less for an address, and remove its entry with the last name. Returns the number of names
 * before; 0: the count was wrong, and nothing was changed.
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
