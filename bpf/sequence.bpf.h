/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sequences: no sealed message is accepted twice, and none is lost to an older one.
 *
 * The entry has the sequence of the last message. A refresh compares and swaps it, and only then stores the time. So
 * of two CPUs with one message, or of two messages, one has read a sequence that is no longer there, and decides
 * again. The comparison also fails if the kernel has reused the node for another host: two sealed hosts have the same
 * sequence only if they sent in the same microsecond. Hosts without a seal all have 0. A CPU that was stopped may then
 * own the entry of another host; it is refreshed in place as before, and the sweeper removes it (scan.bpf.c).
 *
 * A whole entry is written to another node. A refresh of the previous node would be lost. So the CPU that writes
 * first swaps the sequence of the previous node for ROLLCALL_SEQUENCE_REPLACED, which is greater than all others. It
 * then owns the entry: only it may write, until its entry is in the map. The other CPUs wait for that entry, with a
 * bound (table_wait()). The sweeper owns an entry in the same way before it deletes it (scan.bpf.c). In a table with
 * keys, announcements without a seal do likewise. So nobody replaces or deletes another entry than the one he owns.
 *
 * tests/tools/sequence_model.c runs every order of these steps. It knows neither of two exceptions: a CPU that is
 * stopped for so long that the others give up (their messages are counted as unrecorded), and a full map without a
 * sweeper, in which the kernel recycles a node between the swap and the write.
 */
#ifndef ROLLCALL_SEQUENCE_BPF_H
#define ROLLCALL_SEQUENCE_BPF_H

#include "announcement.bpf.h"
#include "maps.bpf.h"
#include "owner.bpf.h"

/* Store the sequence of A in ENTRY if it is newer. Returns false if it is not, or if another CPU was faster. */
static __always_inline bool sequence_take(const struct announcement *a, struct rollcall_peer *entry)
{
	__u64 seen = *(volatile __u64 *)&entry->sequence;

	return a->sequence > seen && __sync_val_compare_and_swap(&entry->sequence, seen, a->sequence) == seen;
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
