// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* <rollcall/seal.h> has the hash, and the order of what it covers. */
#include <string.h>

#include <rollcall/seal.h>

#include "seal.h"

#define WINDOW_US (ROLLCALL_MAX_SKEW_NS / 1000)

_Static_assert(KEY_BYTES == ROLLCALL_KEY_BYTES && KEY_ID_MOST == ROLLCALL_KEYS, "the two names of one thing");

static uint64_t word_at(const uint8_t *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return SIPHASH_LE64(word);
}

/* Not inlined, so that its traces of the key on the stack are where the next call writes. */
__attribute__((noinline)) uint64_t seal_hash(const uint8_t key[KEY_BYTES], const uint8_t *bytes, size_t count)
{
	struct siphash hash = siphash_begin(word_at(key), word_at(key + 8));
	uint8_t rest[8] = {};
	size_t done = 0;
	uint64_t seal;

	for (; done + 8 <= count; done += 8)
		siphash_add(&hash, word_at(bytes + done));
	memcpy(rest, bytes + done, count - done);
	seal = siphash_end(&hash, word_at(rest), count);
	explicit_bzero(&hash, sizeof(hash));
	return seal;
}

static void seal_put(struct seal_message *m, size_t name_bytes, const struct key *key, const uint8_t source[16])
{
	uint8_t covered[SEAL_BYTES_BEFORE_NAME + ROLLCALL_HOSTNAME_MAX];
	uint64_t seal;

	memcpy(covered, source, 16);
	memcpy(covered + 16, &m->head, SEAL_BYTES_BEFORE_NAME - 16);
	memcpy(covered + SEAL_BYTES_BEFORE_NAME, m->hostname, name_bytes);
	seal = SIPHASH_LE64(seal_hash(key->bytes, covered, SEAL_BYTES_BEFORE_NAME + name_bytes));
	memcpy(m->head.seal, &seal, sizeof(m->head.seal));
}

size_t seal_make(struct seal_message *m, uint8_t flags, const struct key *key, uint64_t sequence, const uint8_t source[16],
		 const char *hostname)
{
	size_t name_bytes = strnlen(hostname, sizeof(m->hostname));

	*m = (struct seal_message){ .head.flags = flags, .head.key_id = key ? key->id : 0 };
	memcpy(m->head.prefix, ROLLCALL_MESSAGE_PREFIX, sizeof(m->head.prefix));
	for (size_t i = 0; i < sizeof(m->head.sequence); i++)
		m->head.sequence[i] = (uint8_t)(sequence >> (56 - 8 * i));
	memcpy(m->hostname, hostname, name_bytes);
	if (key)
		seal_put(m, name_bytes, key, source);
	return sizeof(m->head) + name_bytes;
}

uint64_t seal_next_sequence(uint64_t last, uint64_t now)
{
	if (now > last || last - now > WINDOW_US)
		return now;
	return last + 1;
}
