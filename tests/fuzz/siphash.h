/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SipHash-2-4 for tests, byte by byte and without the code of the filter and of the senders, so that a fault in that
 * code does not hide itself.
 */
#ifndef ROLLCALL_TESTS_SIPHASH_H
#define ROLLCALL_TESTS_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t little_endian(const uint8_t *bytes, size_t count)
{
	uint64_t word = 0;

	for (size_t i = 0; i < count; i++)
		word |= (uint64_t)bytes[i] << 8 * i;
	return word;
}

static inline void sip_rounds(uint64_t v[4], int rounds)
{
#define TURN(word, bits) ((word) = (word) << (bits) | (word) >> (64 - (bits)))
	while (rounds--) {
		v[0] += v[1], TURN(v[1], 13), v[1] ^= v[0], TURN(v[0], 32);
		v[2] += v[3], TURN(v[3], 16), v[3] ^= v[2];
		v[0] += v[3], TURN(v[3], 21), v[3] ^= v[0];
		v[2] += v[1], TURN(v[1], 17), v[1] ^= v[2], TURN(v[2], 32);
	}
#undef TURN
}

static inline uint64_t sip_hash(const uint8_t key[16], const uint8_t *bytes, size_t count)
{
	uint64_t k0 = little_endian(key, 8), k1 = little_endian(key + 8, 8), word;
	uint64_t v[4] = { k0 ^ 0x736f6d6570736575, k1 ^ 0x646f72616e646f6d, k0 ^ 0x6c7967656e657261, k1 ^ 0x7465646279746573 };

	for (size_t at = 0; at <= count; at += 8) {
		word = count - at >= 8 ? little_endian(bytes + at, 8) :
					 little_endian(bytes + at, count - at) | (uint64_t)count << 56;
		v[3] ^= word;
		sip_rounds(v, 2);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	sip_rounds(v, 4);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif
