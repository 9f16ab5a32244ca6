/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps. The loader pins all of them except the ring of events.
 *
 * The filter uses all of them except `settings`, which belongs to the loaders. It is declared here so
 * that it has BTF, and bpftool shows its fields by name.
 */
#ifndef ROLLCALL_MAPS_BPF_H
#define ROLLCALL_MAPS_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/event.h>
#include <rollcall/outcome.h>
#include <rollcall/seal.h>
#include <rollcall/settings.h>
#include <rollcall/state.h>
#include <rollcall/table.h>

#include "interfaces.bpf.h"
#include "peers.bpf.h"
#include "sources.bpf.h"

/*
 * The names of this host. The key is the hostname of a peer's key. Loaders write it when a name
 * changes; the filter reads it for new hosts. When it is full, the loader reports it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ROLLCALL_OWN_NAMES);
	__type(key, struct rollcall_own_key);
	__type(value, struct rollcall_own_name);
} own_names SEC(".maps");

/*
 * This host's IP and MAC addresses. Loaders write it when an address changes; the filter reads it for
 * new hosts and moves. When it is full, the loader warns and leaves out the rest.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, ROLLCALL_OWN_ADDRESSES);
	__type(key, struct rollcall_own_address);
	__type(value, __u8);
} own_addresses SEC(".maps");

/*
 * The keys of sealed messages, by id; none in a plain table. Loaders write it, the filter reads it. It is pinned with
 * mode 0600 and not again for readers, because who can read a key can forge seals.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_RDONLY_PROG);
	__uint(max_entries, ROLLCALL_KEYS);
	__type(key, __u32);
	__type(value, struct rollcall_key);
} keys SEC(".maps");

/* The number of entries. The filter and the loader that sweeps count it; all programs read it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_state);
} state SEC(".maps");

/* Counts of outcomes, by slot of the interface. The filter writes it, each CPU its own copy. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ROLLCALL_SLOTS);
	__type(key, __u32);
	__type(value, struct rollcall_counts);
} outcomes SEC(".maps");

/* Hints for the loader of this filter. When it is full, events are dropped and counted (events_lost). */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, ROLLCALL_EVENT_RING_BYTES);
} events SEC(".maps");

/* The loader that creates the table writes it once; all programs read it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rollcall_settings);
} settings SEC(".maps");

#endif
