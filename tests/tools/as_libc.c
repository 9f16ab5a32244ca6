// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * as_libc SEED: what is composed and compared by hand, because libc takes too long over it, is what
 * libc would have made of it: addresses, dates and the order of names. At random, from SEED.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "view/natural.h"
#include "lib/put.h"

#define ADDRESSES 200000
#define DATES	  200000
#define NAMES	  1500

static int differ(const char *what, const char *ours, const char *theirs)
{
	fprintf(stderr, "%s: '%s', but libc has '%s'\n", what, ours, theirs);
	return 1;
}

static unsigned int below(unsigned int limit)
{
	return (unsigned int)random() % limit;
}

/* Words that are zero, small or all ones, in all mixtures. */
static void random_ipv6(uint8_t bytes[16])
{
	for (int i = 0; i < 16; i += 2) {
		unsigned int word = below(0x10000) >> 4 * below(4);

		word = below(2) ? word : below(8) ? 0 : 0xffff;
		bytes[i] = (uint8_t)(word >> 8);
		bytes[i + 1] = (uint8_t)word;
	}
}

static int check_addresses(void)
{
	for (int i = 0; i < ADDRESSES; i++) {
		struct rollcall_entry e = { .key.family = i % 8 ? ROLLCALL_FAMILY_IPV6 : ROLLCALL_FAMILY_IPV4 };
		char ours[ROLLCALL_ADDRESS_TEXT], theirs[ROLLCALL_ADDRESS_TEXT];

		random_ipv6(e.peer.ipv6);
		if (i % 16 == 1)
			memcpy(e.peer.ipv6, (uint8_t[]){ 0xfe, (uint8_t)(0x80 + below(64)) }, 2);
		memcpy(e.peer.ipv4, e.peer.ipv6, sizeof(e.peer.ipv4));
		if (e.key.family == ROLLCALL_FAMILY_IPV4)
			inet_ntop(AF_INET, e.peer.ipv4, theirs, sizeof(theirs));
		else
			inet_ntop(AF_INET6, e.peer.ipv6, theirs, sizeof(theirs));
		if (e.key.family == ROLLCALL_FAMILY_IPV6 && IN6_IS_ADDR_LINKLOCAL((struct in6_addr *)e.peer.ipv6))
			memcpy(theirs + strlen(theirs), "%eth0", sizeof("%eth0"));
		if (strcmp(rollcall_address_text(&e, "eth0", ours), theirs) != 0)
			return differ("address", ours, theirs);
	}
	return 0;
}

/* Now and then the first and the last second of a day; up to where nanoseconds of 64 bits end. */
static int check_dates(void)
{
	for (int i = 0; i < DATES; i++) {
		uint64_t days = below(213503), second = i % 4 ? below(86400) : i % 8 ? 0 : 86399, ms = below(1000);
		struct moment now = { .real_ns = (days * 86400 + second) * NS_PER_S + ms * NS_PER_MS };
		char ours[RFC3339_BYTES], theirs[RFC3339_BYTES + 8];
		time_t at = (time_t)(days * 86400 + second);
		struct tm tm;

		strftime(theirs, sizeof(theirs), "%Y-%m-%dT%H:%M:%S", gmtime_r(&at, &tm));
		snprintf(theirs + strlen(theirs), 8, ".%03uZ", (unsigned int)ms);
		if (strcmp(clock_rfc3339(&now, 0, ours), theirs) != 0)
			return differ("date", ours, theirs);
	}
	return 0;
}

static int check_spans(void)
{
	for (uint64_t s = 0; s < UINT64_C(200) * 86400; s += s < 100000 ? 1 : 997) {
		char text[SPAN_BYTES];

		if (put_span(text, s * NS_PER_S) - text != span_bytes(s * NS_PER_S))
			return differ("bytes of a span", clock_span(s * NS_PER_S, text), "another length");
	}
	return 0;
}

/* Few different characters, so that many names begin alike; half of them differ little from the first. */
static void random_name(char name[NATURAL_TEXT_MAX + 1], const char *like)
{
	static const char characters[] = "000112399ab-._:/A\xbc\xbd\xff";
	unsigned int length = below(2) ? below(6) : below(NATURAL_TEXT_MAX + 1);

	memset(name, 0, NATURAL_TEXT_MAX + 1);
	for (unsigned int i = 0; i < length; i++)
		name[i] = (char)(like && below(20) ? like[i] : characters[below(sizeof(characters) - 1)]);
}

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

static int check_names(void)
{
	static char names[NAMES][NATURAL_TEXT_MAX + 1];
	static uint8_t keys[NAMES][NATURAL_BYTES];

	for (int i = 0; i < NAMES; i++) {
		random_name(names[i], i % 2 ? names[0] : NULL);
		if (put_natural(keys[i], names[i]) - keys[i] > NATURAL_BYTES)
			return differ("key", names[i], "no such room");
	}
	for (int i = 0; i < NAMES; i++)
		for (int j = 0; j < NAMES; j++)
			if (sign(memcmp(keys[i], keys[j], NATURAL_BYTES)) != sign(strverscmp(names[i], names[j])))
				return differ("order", names[i], names[j]);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s SEED\n", argv[0]);
		return 2;
	}
	srandom((unsigned int)strtoul(argv[1], NULL, 10));
	return check_addresses() || check_dates() || check_spans() || check_names();
}
