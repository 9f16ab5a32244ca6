/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Third stage, only in a table with keys: is the message from a host that has a key, and is its time about ours?
 *
 * It does not read the table, so that a flood of bad seals touches no entry and no order of use. sequence.bpf.h
 * rejects messages that were received before.
 */
#ifndef ROLLCALL_SEAL_BPF_H
#define ROLLCALL_SEAL_BPF_H

#include <rollcall/seal.h>

#include "announcement.bpf.h"
#include "event.bpf.h"
#include "maps.bpf.h"

#define SKEW_TOLD_EVERY_NS 1000000000ULL
#define SEQUENCE_MOST (1ULL << 54) /* in nanoseconds it would not fit in 64 bits: the year 2540 */

/* The hash of the 16 bytes of the source address, which are the first ones. IPv4 is ::ffff:a.b.c.d. */
static __always_inline void seal_add_source(struct siphash *hash, const struct rollcall_peer *peer, __u8 family)
{
	if (family == ROLLCALL_FAMILY_IPV4) {
		__u8 mapped[8] = { 0, 0, 0xff, 0xff };

		__builtin_memcpy(mapped + 4, peer->ipv4, sizeof(peer->ipv4));
		siphash_add(hash, 0);
		siphash_add(hash, SIPHASH_LE64(LOAD(__u64, mapped)));
	} else {
		siphash_add(hash, SIPHASH_LE64(LOAD(__u64, peer->ipv6)));
		siphash_add(hash, SIPHASH_LE64(LOAD(__u64, peer->ipv6 + 8)));
	}
}

/* Is the seal of the message right? The order of the words is described in <rollcall/seal.h>. */
static __always_inline bool
seal_good(const struct frame *f, const struct announcement *a, const struct rollcall_key *key)
{
	const struct rollcall_message *m = f->payload.pos;
	__u64 bytes = (__u64)f->payload_bytes - sizeof(*m), done, rest, word, half;
	const char *at = (const char *)(m + 1);
	struct siphash hash = siphash_begin(SIPHASH_LE64(LOAD(__u64, key->bytes)), SIPHASH_LE64(LOAD(__u64, key->bytes + 8)));

	if ((const void *)(m + 1) > f->payload.end)
		return false; /* never true, because message_parse() tested it; the verifier requires the test */
	seal_add_source(&hash, &a->peer, a->key.family);
	siphash_add(&hash, SIPHASH_LE64(LOAD(__u64, (const char *)m)));
	siphash_add(&hash, SIPHASH_LE64(LOAD(__u64, (const char *)m + 8)));
	half = SIPHASH_LE64((__u64)LOAD(__u32, (const char *)m + 16) << (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 32 : 0));

	barrier_var(bytes); /* as in hostname_copy() */
	for (done = 0; done + 8 <= bytes && done < ROLLCALL_HOSTNAME_MAX; done += 8) {
		if (at + 8 > (const char *)f->payload.end)
			return false; /* as above */
		word = SIPHASH_LE64(LOAD(__u64, at));
		siphash_add(&hash, half | word << 32);
		half = word >> 32;
		at += 8;
	}
	rest = bytes - done;
	barrier_var(rest);
	if (rest && rest <= 7) {
		at += rest;
		if (at > (const char *)f->payload.end)
			return false; /* as above */
		word = SIPHASH_LE64(hostname_tail(LOAD(__u64, at - 8), rest));
		half |= word << 32;
		if (rest >= 4) {
			siphash_add(&hash, half);
			half = word >> 32;
		}
	}
	return siphash_end(&hash, half, SEAL_BYTES_BEFORE_NAME + bytes) == SIPHASH_LE64(LOAD(__u64, m->seal));
}

/* Is the sequence, which is a time, further than the maximum from this host's clock? The loader gets an event per second. */
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
	const struct rollcall_message *m = f->payload.pos;
	const struct rollcall_key *key;
	__u32 id;

	if (!(a->peer.flags & ROLLCALL_PEER_SEALED))
		return s->sealing == ROLLCALL_SEALED ? ROLLCALL_UNSEALED : PROCEED;
	if ((const void *)(m + 1) > f->payload.end)
		return ROLLCALL_BAD_MESSAGE; /* never true: for the verifier */
	id = m->key_id;
	key = bpf_map_lookup_elem(&keys, &id);
	if (!key)
		return ROLLCALL_UNKNOWN_KEY;
	if (!seal_good(f, a, key))
		return ROLLCALL_BAD_SEAL;
	return seal_skewed(a, s, now_ns) ? ROLLCALL_STALE : PROCEED;
}

#endif
