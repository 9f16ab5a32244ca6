/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The rule for messages (rollcall(7)), written independently of the filter: is this payload an announcement that a
 * plain table records, or a table with the key of sealed.h?
 */
#ifndef ROLLCALL_TESTS_ORACLE_MESSAGE_H
#define ROLLCALL_TESTS_ORACLE_MESSAGE_H

#include "sealed.h"

/* The time of the tables with a key, and how far sequences may be from it: the runs take minutes. */
#define ORACLE_TIME_US (1800000000ULL * 1000000)
#define ORACLE_SKEW_S  (3ULL * 24 * 3600)

static bool oracle_sealed; /* the table has the key, and records only what is sealed */

static inline uint64_t big_endian(const uint8_t *bytes, size_t count)
{
	uint64_t word = 0;

	while (count--)
		word = word << 8 | *bytes++;
	return word;
}

static inline bool message_begins(const uint8_t *payload, size_t bytes)
{
	return bytes >= 10 && !memcmp(payload, "rollcall1:", 10);
}

/* SOURCE: the source address, IPv4 as ::ffff:a.b.c.d. The hostname, from the 28th byte on, is not checked here. */
static inline bool message_announces(const uint8_t *payload, size_t bytes, const uint8_t source[16])
{
	uint8_t covered[16 + 20 + 64];
	uint64_t sequence;

	if (bytes < 29 || bytes > 28 + 64 || payload[10] || !payload[11])
		return false;
	if (!oracle_sealed)
		return true;
	sequence = big_endian(payload + 12, 8);
	if (sequence < ORACLE_TIME_US - ORACLE_SKEW_S * 1000000 || sequence > ORACLE_TIME_US + ORACLE_SKEW_S * 1000000)
		return false;
	memcpy(covered, source, 16);
	memcpy(covered + 16, payload, 20);
	memcpy(covered + 36, payload + 28, bytes - 28);
	return payload[11] == SEALED_KEY_ID &&
	       little_endian(payload + 20, 8) == sip_hash(sealed_key, covered, 36 + bytes - 28);
}

#endif
