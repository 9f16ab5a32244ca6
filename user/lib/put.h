/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Composing text where printf() would take most of the time: a million peers are listed by these.
 * Each writes at AT, where the caller has room, adds no NUL, and returns where it goes on.
 */
#ifndef ROLLCALL_LIB_PUT_H
#define ROLLCALL_LIB_PUT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <rollcall/rollcall.h>

#define PUT_DECIMAL_BYTES 20 /* of UINT64_MAX */

static inline char *put_bytes(char *at, const void *bytes, size_t count)
{
	memcpy(at, bytes, count);
	return at + count;
}

static inline char *put_text(char *at, const char *text)
{
	return put_bytes(at, text, strlen(text));
}

static inline char *put_char(char *at, char c)
{
	*at = c;
	return at + 1;
}

/* The last DIGITS of N, with zeros in front. */
static inline char *put_digits(char *at, uint64_t n, int digits)
{
	for (int i = digits - 1; i >= 0; i--, n /= 10)
		at[i] = (char)('0' + n % 10);
	return at + digits;
}

static inline char *put_decimal(char *at, uint64_t n)
{
	char text[PUT_DECIMAL_BYTES], *first = text + sizeof(text);

	do
		*--first = (char)('0' + n % 10);
	while (n /= 10);
	return put_bytes(at, first, (size_t)(text + sizeof(text) - first));
}

static inline char *rollcall_put_name(char *at, const struct rollcall_entry *entry)
{
	return at + strlen(rollcall_name_text(entry, at));
}

static inline char *rollcall_put_address(char *at, const struct rollcall_entry *entry, const char *ifname)
{
	return at + strlen(rollcall_address_text(entry, ifname, at));
}

#endif
