/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages for tests: the bytes before the hostname, as the prefix of a frame (frame_spec.h).
 *
 * The hash is written again here, byte by byte and without the code of the filter and of the senders, so that a fault
 * in that code does not hide itself.
 */
#ifndef ROLLCALL_TESTS_SEALED_H
#define ROLLCALL_TESTS_SEALED_H

#include <string.h>
#include <time.h>

#include "frame.h"

#define SEALED_KEY_ID 7
static const uint8_t sealed_key[16] = { 0xa1, 0x5e, 0, 0x11, 0x80, 0xff, 7, 0x42, 3, 0x99, 0x1c, 0xd0, 0x5b, 0x6a, 0x2f, 1 };

#define GOODBYE 1

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

static inline uint64_t realtime_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

struct message_spec {
	uint8_t flags, key_id; /* key_id 0: no seal */
	uint64_t sequence;
	const uint8_t *key;
};

/* The 16 bytes of the source address of a frame with SPEC, as the seal covers them. */
static inline void sealed_source(const struct frame_spec *spec, uint8_t source[16])
{
	struct frame f;

	frame_build(spec, &f);
	memset(source, 0, 16);
	if (frame_is_ipv6(spec)) {
		memcpy(source, f.bytes + f.network + 8, 16);
	} else {
		memset(source + 10, 0xff, 2);
		memcpy(source + 12, f.bytes + f.network + 12, 4);
	}
}

/* Make SPEC, whose name and addresses are set, the message M. */
static inline void sealed_prefix(struct frame_spec *spec, const struct message_spec *m)
{
	uint8_t covered[16 + 20 + FRAME_TEXT_MAX], *message = covered + 16, *prefix = spec->prefix.bytes;
	uint64_t seal;

	sealed_source(spec, covered);
	memcpy(message, "rollcall1:", 10);
	message[10] = m->flags;
	message[11] = m->key_id;
	for (int i = 0; i < 8; i++)
		message[12 + i] = (uint8_t)(m->sequence >> (56 - 8 * i));
	memcpy(message + 20, spec->name.bytes, spec->name.count);
	memcpy(prefix, message, 20);
	seal = m->key_id ? sip_hash(m->key, covered, 36 + spec->name.count) : 0;
	for (int i = 0; i < 8; i++)
		prefix[20 + i] = (uint8_t)(seal >> 8 * i);
	spec->prefix.count = 28;
}

#endif
