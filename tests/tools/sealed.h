/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages for tests: the bytes before the hostname, as the prefix of a frame (frame_spec.h).
 */
#ifndef ROLLCALL_TESTS_SEALED_H
#define ROLLCALL_TESTS_SEALED_H

#include <string.h>
#include <time.h>

#include "frame.h"
#include "../fuzz/siphash.h"

#define SEALED_KEY_ID 7
static const uint8_t sealed_key[16] = { 0xa1, 0x5e, 0, 0x11, 0x80, 0xff, 7, 0x42, 3, 0x99, 0x1c, 0xd0, 0x5b, 0x6a, 0x2f, 1 };

#define GOODBYE 1

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
