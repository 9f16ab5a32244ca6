// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Makes messages (version 1), also those that a real sender would not send: with any sequence, key and source address.
 *
 *	seal [--goodbye] [--key ID:BASE64] [--sequence N] ADDRESS HOSTNAME
 *
 * prints the payload of the datagram in hexadecimal. ADDRESS is the source address that the seal covers. N is a number
 * of microseconds since 1970, or with a sign a number of milliseconds from now: "+500", "-20000". Without --key the
 * message has no seal.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <rollcall/seal.h>

#define NAME_MAX_BYTES 255 /* longer than the filter accepts */

struct message {
	uint8_t address[16];
	struct rollcall_message head;
	char hostname[NAME_MAX_BYTES];
};

static int usage(void)
{
	fputs("usage: seal [--goodbye] [--key ID:BASE64] [--sequence MICROSECONDS|+-MILLISECONDS] ADDRESS HOSTNAME\n", stderr);
	return 2;
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static uint64_t sequence_parse(const char *text)
{
	if (*text == '+' || *text == '-')
		return now_us() + (uint64_t)(strtoll(text, NULL, 10) * 1000);
	return strtoull(text, NULL, 10);
}

/* Returns false unless TEXT is ID:BASE64 with a key of 16 bytes. */
static bool key_parse(const char *text, uint8_t *id, uint8_t key[ROLLCALL_KEY_BYTES])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = 0, have = 0, bytes = 0;
	char *at;

	*id = (uint8_t)strtoul(text, &at, 10);
	if (!*id || *at != ':')
		return false;
	for (at++; *at && *at != '='; at++) {
		const char *digit = strchr(digits, *at);

		if (!digit)
			return false;
		bits = bits << 6 | (uint32_t)(digit - digits);
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		if (bytes == ROLLCALL_KEY_BYTES)
			return false;
		key[bytes++] = (uint8_t)(bits >> have);
	}
	return bytes == ROLLCALL_KEY_BYTES;
}

static bool address_parse(const char *text, uint8_t address[16])
{
	memset(address, 0, 16);
	if (inet_pton(AF_INET6, text, address) == 1)
		return true;
	address[10] = address[11] = 0xff;
	return inet_pton(AF_INET, text, address + 12) == 1;
}

static uint64_t read_le64(const uint8_t *bytes)
{
	uint64_t word = 0;

	for (int i = 7; i >= 0; i--)
		word = word << 8 | bytes[i];
	return word;
}

static uint64_t siphash(const uint8_t key[ROLLCALL_KEY_BYTES], const uint8_t *bytes, size_t count)
{
	struct siphash hash = siphash_begin(read_le64(key), read_le64(key + 8));
	uint8_t last[8] = {};
	size_t whole = count / 8 * 8;

	for (size_t i = 0; i < whole; i += 8)
		siphash_add(&hash, read_le64(bytes + i));
	memcpy(last, bytes + whole, count - whole);
	return siphash_end(&hash, read_le64(last), count);
}

static void message_seal(struct message *m, size_t name_bytes, const uint8_t key[ROLLCALL_KEY_BYTES])
{
	uint8_t covered[SEAL_BYTES_BEFORE_NAME + NAME_MAX_BYTES] = {};
	uint64_t seal;

	memcpy(covered, m->address, sizeof(m->address));
	memcpy(covered + sizeof(m->address), &m->head, offsetof(struct rollcall_message, seal));
	memcpy(covered + SEAL_BYTES_BEFORE_NAME, m->hostname, name_bytes);
	seal = siphash(key, covered, SEAL_BYTES_BEFORE_NAME + name_bytes);
	for (int i = 0; i < 8; i++)
		m->head.seal[i] = (uint8_t)(seal >> 8 * i);
}

static void print_hex(const void *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		printf("%02x", ((const uint8_t *)bytes)[i]);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "goodbye", no_argument, NULL, 'g' },
		{ "key", required_argument, NULL, 'k' },
		{ "sequence", required_argument, NULL, 's' },
		{},
	};
	uint8_t key[ROLLCALL_KEY_BYTES] = {};
	uint64_t sequence = now_us();
	struct message m = {};
	size_t name_bytes;
	int got;

	memcpy(m.head.prefix, ROLLCALL_MESSAGE_PREFIX, sizeof(m.head.prefix));
	while ((got = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (got == 'g')
			m.head.flags = ROLLCALL_MESSAGE_GOODBYE;
		else if (got == 's')
			sequence = sequence_parse(optarg);
		else if (got != 'k' || !key_parse(optarg, &m.head.key_id, key))
			return usage();
	}
	if (argc - optind != 2 || !address_parse(argv[optind], m.address) || strlen(argv[optind + 1]) > NAME_MAX_BYTES)
		return usage();
	name_bytes = strlen(argv[optind + 1]);
	memcpy(m.hostname, argv[optind + 1], name_bytes);
	for (int i = 0; i < 8; i++)
		m.head.sequence[i] = (uint8_t)(sequence >> (56 - 8 * i));
	if (m.head.key_id)
		message_seal(&m, name_bytes, key);
	print_hex(&m.head, sizeof(m.head));
	print_hex(m.hostname, name_bytes);
	putchar('\n');
	return 0;
}
