/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Third stage, only in a table with keys: the seal of a message. This file uses no map; key.bpf.h finds the key.
 */
#ifndef ROLLCALL_SEAL_BPF_H
#define ROLLCALL_SEAL_BPF_H

#include <rollcall/seal.h>

#include "message.bpf.h"

/* Add the 16 bytes of the source address, which are the first ones. IPv4 is ::ffff:a.b.c.d. */
static __always_inline void seal_add_source(struct siphash *hash, const struct rollcall_peer *peer, __u8 family)
{
	if (family == ROLLCALL_FAMILY_IPV4) {
		siphash_add(hash, 0);
		siphash_add(hash, 0xffff0000ULL | (__u64)SIPHASH_LE32(LOAD(__u32, peer->ipv4)) << 32);
	} else {
		siphash_add(hash, SIPHASH_LE64(LOAD(__u64, peer->ipv6)));
		siphash_add(hash, SIPHASH_LE64(LOAD(__u64, peer->ipv6 + 8)));
	}
}

/* Is the seal of the message right? KEY has 16 bytes. The order of the words is described in <rollcall/seal.h>. */
static __always_inline bool seal_good(const struct frame *f, const struct announcement *a, const char *key)
{
	const char *message = f->payload.pos, *at = message + MESSAGE_HEAD_BYTES;
	__u64 bytes = (__u64)f->payload_bytes - MESSAGE_HEAD_BYTES, done, rest, word, half;
	struct siphash hash = siphash_begin(SIPHASH_LE64(LOAD(__u64, key)), SIPHASH_LE64(LOAD(__u64, key + 8)));

	if (at > (const char *)f->payload.end)
		return false; /* never true, because message_parse() tested it; the verifier requires the test */
	seal_add_source(&hash, &a->peer, a->key.family);
	siphash_add(&hash, SIPHASH_LE64(LOAD(__u64, message)));
	siphash_add(&hash, SIPHASH_LE64(LOAD(__u64, message + 8)));
	half = SIPHASH_LE32(LOAD(__u32, message + 16));

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
	rest &= 7; /* it is less already; the verifier of Linux 6.1 knows it only by this */
	if (rest) {
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
	return siphash_end(&hash, half, SEAL_BYTES_BEFORE_NAME + bytes) == SIPHASH_LE64(LOAD(__u64, message + MESSAGE_SEAL));
}

#endif
