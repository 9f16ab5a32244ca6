/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps of a table and their required properties: name, type, key, value, entries and flags, as bpf/ defines
 * them. `settings` is pinned last: it completes a table.
 */
#ifndef ROLLCALL_LIB_MAPS_H
#define ROLLCALL_LIB_MAPS_H

#include <linux/bpf.h>

#include <rollcall/rollcall.h>
#include <rollcall/seal.h>

#define MAPS_PEERS 0 /* instead of a number of entries: at least max_peers of the settings */

/* clang-format off */
/* Only loaders open these. */
#define LOADERS_MAPS(X)                                                                            \
	X(own_names,     HASH,         struct rollcall_own_key,     struct rollcall_own_name, ROLLCALL_OWN_NAMES, 0) \
	X(own_addresses, HASH,         struct rollcall_own_address, __u8, ROLLCALL_OWN_ADDRESSES, BPF_F_NO_PREALLOC) \
	X(keys,          HASH,         __u32,                       struct rollcall_key, ROLLCALL_KEYS, BPF_F_RDONLY_PROG)
/* Loaders and readers open these. */
#define READERS_MAPS(X)                                                                            \
	X(peers,         LRU_HASH,     struct rollcall_peer_key,    struct rollcall_peer, MAPS_PEERS, 0) \
	X(state,         ARRAY,        __u32,                       struct rollcall_state, 1, BPF_F_MMAPABLE) \
	X(outcomes,      PERCPU_ARRAY, __u32,                       struct rollcall_counts, ROLLCALL_SLOTS, 0) \
	X(sources,       HASH,         struct rollcall_source,      struct rollcall_source_use, MAPS_PEERS, 0) \
	X(interfaces,    ARRAY,        __u32,                       struct rollcall_attachment, ROLLCALL_SLOTS, BPF_F_MMAPABLE) \
	X(settings,      ARRAY,        __u32,                       struct rollcall_settings, 1, 0)
/* clang-format on */
#define PINNED_MAPS(X) LOADERS_MAPS(X) READERS_MAPS(X)

#endif
