/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The map `peers`, separate from maps.bpf.h: the filter's object creates it, the sweeper's scan reads it. */
#ifndef ROLLCALL_PEERS_BPF_H
#define ROLLCALL_PEERS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/table.h>

/*
 * The recorded hosts. The filter writes entries; the sweeper removes expired ones. When the map is
 * full, the kernel recycles the least recently used entry. The loader sets the size, with headroom.
 * The size that is compiled in is enough for other loaders on up to 127 CPUs.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2 * ROLLCALL_MAX_PEERS);
	__type(key, struct rollcall_peer_key);
	__type(value, struct rollcall_peer);
} peers SEC(".maps");

#endif
