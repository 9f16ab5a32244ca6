/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sequences: no sealed message is accepted twice, and none is lost to an older one.
 *
 * The entry has the sequence of the last message. A refresh compares and swaps it, and only then stores the time. So
 * of two CPUs with one message, or of two messages, one has read a sequence that is no longer there, and decides
 * again. The comparison also fails if the kernel has reused the node for another host: two hosts have the same
 * sequence only if they sent in the same microsecond.
 *
 * A whole entry is written to another node. A refresh of the previous node would be lost. So the CPU that writes
 * first swaps the sequence of the previous node for ROLLCALL_SEQUENCE_REPLACED, which is greater than all others. It
 * is then the only one that may write, until its entry is in the map. The other CPUs wait for that entry, with a
 * bound (table_wait()).
 *
 * The sweeper may have found an entry stale before its host returned. It then removes a fresh entry, and puts it back
 * (user/loader/sweeper.c). A refresh of the removed node would be lost. So a message is not stored in place in the
 * first second after a join or return: a whole entry is written, or found to be missing. The sweeper looks at an entry
 * again before it removes it, so that a second is much longer than the time from that look to the removal. It does not
 * put back an entry that has ROLLCALL_SEQUENCE_REPLACED: the CPU that replaces it finds no entry, and records its
 * message as that of a new host.
 */
#ifndef ROLLCALL_SEQUENCE_BPF_H
#define ROLLCALL_SEQUENCE_BPF_H

#include "announcement.bpf.h"
#include "maps.bpf.h"

/* ROLLCALL_SETTLED_NS is in <rollcall/table.h>: the sweeper must not hold an entry for so long. */
static __always_inline bool
sequence_take(const struct announcement *a, struct rollcall_peer *entry, __u64 now_ns)
{
	__u64 seen = *(volatile __u64 *)&entry->sequence;

	return a->sequence > seen && (__s64)(now_ns - entry->first_seen_ns) > (__s64)ROLLCALL_SETTLED_NS &&
	       __sync_val_compare_and_swap(&entry->sequence, seen, a->sequence) == seen;
}

/* Become the only CPU that may replace ENTRY, whose sequence was SEEN. Returns false if another CPU was faster. */
static __always_inline bool sequence_begin(struct rollcall_peer *entry, __u64 seen)
{
	return seen != ROLLCALL_SEQUENCE_REPLACED &&
	       __sync_val_compare_and_swap(&entry->sequence, seen, ROLLCALL_SEQUENCE_REPLACED) == seen;
}

/* ENTRY stays in the table. If it was removed, its node may belong to another host, which has another sequence. */
static __always_inline void sequence_cancel(struct rollcall_peer *entry, __u64 seen)
{
	__sync_val_compare_and_swap(&entry->sequence, ROLLCALL_SEQUENCE_REPLACED, seen);
}

/*
 * Is the message not newer than SEEN, the sequence of a sealed entry that is AGE_NS old? After a step back of this
 * host's clock the stored sequence may be later than any that is accepted now: then it does not count.
 */
static __always_inline bool
sequence_is_stale(const struct announcement *a, __u64 seen, __s64 age_ns, const volatile struct rollcall_settings *s,
		  __u64 now_ns)
{
	__u32 zero = 0;
	const struct rollcall_state *st;

	if (a->sequence > seen || seen == ROLLCALL_SEQUENCE_REPLACED || age_ns > (__s64)s->expiry_ns)
		return false;
	st = bpf_map_lookup_elem(&state, &zero);
	return st && (__s64)(seen * 1000 - now_ns - st->realtime_offset_ns) <= (__s64)s->max_skew_ns;
}

#endif
