/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps, all of them pinned by the loader but the ring of events.
 *
 * The filter touches all but `settings`, which belongs to the loaders and is declared here so
 * that it has BTF and bpftool shows its fields by name.
 */
#ifndef ROLLCALL_MAPS_BPF_H
#define ROLLCALL_MAPS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/event.h>
#include <rollcall/outcome.h>
#include <rollcall/settings.h>
#include <rollcall/state.h>
#include <rollcall/table.h>

#include "interfaces.bpf.h"
#include "peers.bpf.h"
#include "sources.bpf.h"

/*
 * Names that are this host's own; the key is the hostname of a peer's key. Written by loaders
 * when a name changes, read by the filter for new hosts. Full: the loader says so.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ROLLCALL_OWN_NAMES);
	__type(key, struct rollcall_own_key);
	__type(value, struct rollcall_own_name);
} own_names SEC(".maps");

/*
 * This host's IP and MAC addresses. Written by loaders when one changes, read by the filter for
 * new hosts and moves. Full: the loader warns and leaves out the rest.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, ROLLCALL_OWN_ADDRESSES);
	__type(key, struct rollcall_own_address);
	__type(value, __u8);
} own_addresses SEC(".maps");

/* Places taken. Counted by the filter and by the loader that sweeps; read by all. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_state);
} state SEC(".maps");

/* How frames ended, by slot of the interface. Written by the filter, each CPU its own. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ROLLCALL_SLOTS);
	__type(key, __u32);
	__type(value, struct rollcall_counts);
} outcomes SEC(".maps");

/* Hints for the loader that has this filter. Full: dropped and counted (events_lost). */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, ROLLCALL_EVENT_RING_BYTES);
} events SEC(".maps");

/* Written once, by the loader that makes the table; read by all. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_settings);
} settings SEC(".maps");

#endif
