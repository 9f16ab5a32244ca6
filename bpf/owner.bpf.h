/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Owning an entry of a table with keys, to replace or to delete it. sequence.bpf.h gives the reasons. The filter and
 * the sweeper's programs use this file.
 */
#ifndef ROLLCALL_OWNER_BPF_H
#define ROLLCALL_OWNER_BPF_H

#include <stdbool.h>
#include <bpf/bpf_helpers.h>

#include <rollcall/table.h>

/* Own ENTRY, whose sequence was SEEN. Returns false if another CPU was faster. */
static __always_inline bool entry_own(struct rollcall_peer *entry, __u64 seen)
{
	return seen != ROLLCALL_SEQUENCE_REPLACED &&
	       __sync_val_compare_and_swap(&entry->sequence, seen, ROLLCALL_SEQUENCE_REPLACED) == seen;
}

/* ENTRY stays in the table. If it was removed, its node may belong to another host, which has another sequence. */
static __always_inline void entry_disown(struct rollcall_peer *entry, __u64 seen)
{
	__sync_val_compare_and_swap(&entry->sequence, ROLLCALL_SEQUENCE_REPLACED, seen);
}

#endif
