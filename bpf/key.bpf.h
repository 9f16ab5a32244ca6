/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Third stage, only in a table with keys: is the message from a host that has a key, and is its time about ours?
 *
 * It does not read the table, so that a flood of bad seals touches no entry and no order of use. sequence.bpf.h
 * rejects messages that were received before.
 */
#ifndef ROLLCALL_KEY_BPF_H
#define ROLLCALL_KEY_BPF_H

#include "event.bpf.h"
#include "maps.bpf.h"
#include "seal.bpf.h"

#define SKEW_TOLD_EVERY_NS 50000000ULL /* short, so that of two hosts that send in turn both are reported */
#define SEQUENCE_MOST (1ULL << 54) /* in nanoseconds it would not fit in 64 bits: the year 2540 */

/* Is the sequence, which is a time, further than the maximum from this host's clock? The loader gets at most 20 events per second. */
static __always_inline bool
seal_skewed(struct announcement *a, const volatile struct rollcall_settings *s, __u64 now_ns)
{
	__u32 zero = 0;
	struct rollcall_state *st = bpf_map_lookup_elem(&state, &zero);
	__u64 max_skew_ns = s->max_skew_ns;

	if (!st)
		return true; /* never true: the array has one element */
	if (a->sequence < SEQUENCE_MOST &&
	    a->sequence * 1000 - (now_ns + st->realtime_offset_ns) + max_skew_ns <= 2 * max_skew_ns)
		return false;
	if (now_ns - st->skew_told_ns >= SKEW_TOLD_EVERY_NS) {
		st->skew_told_ns = now_ns;
		__builtin_memset((char *)&a->peer + PEER_SENDER_BYTES, 0, sizeof(a->peer) - PEER_SENDER_BYTES);
		a->peer.last_seen_ns = now_ns;
		a->peer.sequence = a->sequence;
		event_send(ROLLCALL_EVENT_SKEW, a);
	}
	return true;
}

/* Returns PROCEED if the announcement may be recorded. NOW_NS: CLOCK_BOOTTIME. */
static __noinline enum rollcall_outcome
seal_check(const struct frame *f, struct announcement *a, const volatile struct rollcall_settings *s, __u64 now_ns)
{
	const char *message = f->payload.pos, *key;
	__u32 id;

	if (!(a->peer.flags & ROLLCALL_PEER_SEALED))
		return s->sealing == ROLLCALL_SEALED ? ROLLCALL_UNSEALED : PROCEED;
	if (message + MESSAGE_HEAD_BYTES > (const char *)f->payload.end)
		return ROLLCALL_BAD_MESSAGE; /* never true: for the verifier */
	id = (__u8)message[MESSAGE_KEY_ID];
	key = bpf_map_lookup_elem(&keys, &id);
	if (!key)
		return ROLLCALL_UNKNOWN_KEY;
	if (!seal_good(f, a, key))
		return ROLLCALL_BAD_SEAL;
	return seal_skewed(a, s, now_ns) ? ROLLCALL_STALE : PROCEED;
}

#endif
