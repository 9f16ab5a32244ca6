/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The map `sources` by itself: the filter's object makes it, the sweep's counts down in it. */
#ifndef ROLLCALL_SOURCES_BPF_H
#define ROLLCALL_SOURCES_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/state.h>
#include <rollcall/table.h>

/*
 * Names held by each address. Written by the filter and by the loader that sweeps. As many as
 * peers: none holds less than one. Full of such as hold none any more: the kernel recycles one.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2 * ROLLCALL_MAX_PEERS);
	__type(key, struct rollcall_source);
	__type(value, struct rollcall_source_use);
} sources SEC(".maps");

#endif
