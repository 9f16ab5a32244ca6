/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The seal of a message: SipHash-2-4 (Aumasson and Bernstein, 2012) with a key of 128 bits. It covers, in this order:
 *
 *	16 bytes	source address, IPv4 as ::ffff:a.b.c.d (RFC 4291)
 *	20 bytes	of the message: prefix, flags, key id and sequence
 *	1 to 64 bytes	hostname, as sent
 *
 * The filter and the senders use this file. The address is two words of the hash. The prefix and the fields are two
 * words and a half, so that each word of eight bytes of the hostname is in two words of the hash.
 */
#ifndef ROLLCALL_SEAL_H
#define ROLLCALL_SEAL_H

#include <linux/types.h>

#include "wire.h"

#define SEAL_BYTES_BEFORE_NAME 36 /* the address, and the message up to the seal */

#define ROLLCALL_KEY_BYTES 16
#define ROLLCALL_KEYS	   255 /* ids 1 to 255 */

/* A key: map `keys`, BPF_MAP_TYPE_HASH. The key of the map is the id, in 4 bytes. Only root can read it. */
struct rollcall_key {
	__u8 bytes[ROLLCALL_KEY_BYTES];
};

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define SIPHASH_LE32(word) (word)
#define SIPHASH_LE64(word) (word)
#else
#define SIPHASH_LE32(word) __builtin_bswap32(word)
#define SIPHASH_LE64(word) __builtin_bswap64(word)
#endif

struct siphash {
	__u64 v0, v1, v2, v3;
};

static inline __attribute__((always_inline)) __u64 siphash_rotate(__u64 word, int bits)
{
	return word << bits | word >> (64 - bits);
}

static inline __attribute__((always_inline)) void siphash_round(struct siphash *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = siphash_rotate(s->v1, 13) ^ s->v0;
	s->v3 = siphash_rotate(s->v3, 16) ^ s->v2;
	s->v0 = siphash_rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = siphash_rotate(s->v1, 17) ^ s->v2;
	s->v3 = siphash_rotate(s->v3, 21) ^ s->v0;
	s->v2 = siphash_rotate(s->v2, 32);
}

/* K0 and K1: the two halves of the key, as little-endian numbers. */
static inline __attribute__((always_inline)) struct siphash siphash_begin(__u64 k0, __u64 k1)
{
	return (struct siphash){
		.v0 = k0 ^ 0x736f6d6570736575ULL,
		.v1 = k1 ^ 0x646f72616e646f6dULL,
		.v2 = k0 ^ 0x6c7967656e657261ULL,
		.v3 = k1 ^ 0x7465646279746573ULL,
	};
}

/* Add eight bytes, as a little-endian number. */
static inline __attribute__((always_inline)) void siphash_add(struct siphash *s, __u64 word)
{
	s->v3 ^= word;
	siphash_round(s);
	siphash_round(s);
	s->v0 ^= word;
}

/* LAST: the bytes behind the last whole word. BYTES: the number of all bytes. */
static inline __attribute__((always_inline)) __u64 siphash_end(struct siphash *s, __u64 last, __u64 bytes)
{
	siphash_add(s, last | bytes << 56);
	s->v2 ^= 0xff;
	siphash_round(s);
	siphash_round(s);
	siphash_round(s);
	siphash_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

#endif
