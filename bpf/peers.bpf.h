/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The map `peers` by itself: the filter's object makes it, the sweep's scan reads it. */
#ifndef ROLLCALL_PEERS_BPF_H
#define ROLLCALL_PEERS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/table.h>

/*
 * Who is here. Written by the filter; the sweeper removes what has expired. When it is full
 * the kernel recycles the entry unused for longest. The loader sets the size, with headroom;
 * what is compiled in serves other loaders on up to 127 CPUs.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2 * ROLLCALL_MAX_PEERS);
	__type(key, struct rollcall_peer_key);
	__type(value, struct rollcall_peer);
} peers SEC(".maps");

#endif
