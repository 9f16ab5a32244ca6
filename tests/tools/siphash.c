// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Compare the hash of <rollcall/seal.h> with that of libsodium, which was written independently:
 *
 *	siphash vectors			the published vectors, and each length in 0..128
 *	siphash random COUNT SEED	random keys, lengths in 0..256, at any alignment
 *	siphash hash KEY BYTES		print the hash of BYTES as the wire has it; both are hexadecimal
 *	siphash sequence LAST NOW	print the sequence of the next message, in microseconds
 *
 * libsodium is loaded at run time, so that building the tools for other architectures does not require it.
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rollcall/seal.h>

#include "announce/seal.h"

#define MOST 256

typedef int (*sodium_siphash24)(unsigned char *out, const unsigned char *in, unsigned long long bytes, const unsigned char *key);

static sodium_siphash24 theirs;

static void load(void)
{
	void *library = dlopen("libsodium.so", RTLD_NOW);

	if (library)
		theirs = (sodium_siphash24)dlsym(library, "crypto_shorthash_siphash24");
	if (!theirs) {
		fprintf(stderr, "siphash: libsodium: %s: run scripts/deps\n", dlerror());
		exit(1);
	}
}

static void put(uint64_t hash, uint8_t out[8])
{
	const uint64_t wire = SIPHASH_LE64(hash);

	memcpy(out, &wire, sizeof(wire));
}

static void compare(const uint8_t *key, const uint8_t *bytes, size_t count)
{
	uint8_t own[8], other[8];

	put(seal_hash(key, bytes, count), own);
	theirs(other, bytes, count, key);
	if (!memcmp(own, other, 8))
		return;
	fprintf(stderr, "siphash: %zu bytes: another hash than that of libsodium\n", count);
	exit(1);
}

/* The key is 00..0f, the input is 00..n-1: Aumasson and Bernstein, SipHash, appendix A and the reference code. */
static void vectors(void)
{
	static const struct {
		size_t count;
		uint8_t hash[8];
	} published[] = {
		{ 0, { 0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72 } },
		{ 1, { 0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74 } },
		{ 8, { 0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93 } },
		{ 15, { 0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1 } },
		{ 63, { 0x72, 0x45, 0x06, 0xeb, 0x4c, 0x32, 0x8a, 0x95 } },
	};
	uint8_t bytes[129], own[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	for (size_t count = 0; count < sizeof(bytes); count++)
		compare(bytes, bytes, count);
	for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++) {
		put(seal_hash(bytes, bytes, published[i].count), own);
		if (!memcmp(own, published[i].hash, 8))
			continue;
		fprintf(stderr, "siphash: %zu bytes: another hash than the published one\n", published[i].count);
		exit(1);
	}
	puts("129 lengths, 5 published vectors");
}

static void random_inputs(unsigned long count, unsigned int seed)
{
	uint8_t bytes[MOST + 8], key[KEY_BYTES];

	srandom(seed);
	for (unsigned long i = 0; i < count; i++) {
		size_t length = (size_t)random() % (MOST + 1), offset = (size_t)random() % 8;

		for (size_t at = 0; at < sizeof(key); at++)
			key[at] = (uint8_t)random();
		for (size_t at = 0; at < length; at++)
			bytes[offset + at] = (uint8_t)random();
		compare(key, bytes + offset, length);
	}
	printf("%lu inputs\n", count);
}

static size_t from_hex(const char *text, uint8_t *bytes, size_t room)
{
	size_t count = 0;

	for (; count < room && strlen(text) >= 2; text += 2) {
		const char digits[3] = { text[0], text[1] };

		bytes[count++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return count;
}

static void print_hash(const char *key_text, const char *text)
{
	uint8_t key[KEY_BYTES] = {}, bytes[MOST] = {}, hash[8];
	size_t count = from_hex(text, bytes, sizeof(bytes));

	from_hex(key_text, key, sizeof(key));
	put(seal_hash(key, bytes, count), hash);
	for (int i = 0; i < 8; i++)
		printf("%02x", hash[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "hash")) {
		print_hash(argv[2], argv[3]);
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "sequence")) {
		printf("%llu\n", (unsigned long long)seal_next_sequence(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10)));
		return 0;
	}
	load();
	if (argc == 2 && !strcmp(argv[1], "vectors")) {
		vectors();
	} else if (argc == 4 && !strcmp(argv[1], "random")) {
		random_inputs(strtoul(argv[2], NULL, 10), (unsigned int)strtoul(argv[3], NULL, 10));
	} else {
		fputs("usage: siphash vectors | random COUNT SEED | hash KEY BYTES | sequence LAST NOW\n", stderr);
		return 2;
	}
	return 0;
}
