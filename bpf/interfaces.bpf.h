/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The map `interfaces`, separate from maps.bpf.h: the filter's object creates it, the table iterator reads it. */
#ifndef ROLLCALL_INTERFACES_BPF_H
#define ROLLCALL_INTERFACES_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/attachment.h>

/* The attachments, by slot. Loaders and `detach` write it under their lock; all programs read it, also by mmap(). */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, ROLLCALL_SLOTS);
	__type(key, __u32);
	__type(value, struct rollcall_attachment);
} interfaces SEC(".maps");

#endif
