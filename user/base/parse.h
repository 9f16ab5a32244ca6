/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From text to values. Unless stated otherwise, a function returns 0, or -EINVAL or -ERANGE, not reported. */
#ifndef ROLLCALL_PARSE_H
#define ROLLCALL_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/* Parse a whole number with its unit ("35s", "500ms", "2m", "1h", "7d") into nanoseconds. Without a unit it is seconds. */
int parse_duration(const char *text, uint64_t *ns);

/*
 * Parse a time into milliseconds since 1970: a duration before NOW_MS ("7d"), or a time of UTC as RFC 3339 has it, whole
 * or only its beginning: "2026-11-27T10:00:00Z", "2026-11-27 10:00", "2026-11-27".
 */
int parse_time(const char *text, int64_t now_ms, int64_t *ms);

/* Parse a number of bytes: a whole number, and K, M, G or T for a power of 1024. */
int parse_size(const char *text, uint64_t *bytes);

/* Parse a decimal number in MIN..MAX. No other characters are allowed. */
int parse_number(const char *text, uint32_t min, uint32_t max, uint32_t *number);

/* Parse a multicast address in its usual text form into bytes in network order. */
int parse_group4(const char *text, uint8_t group[4]);
int parse_group6(const char *text, uint8_t group[16]);

/*
 * Split a line of /proc at its blanks into at most ROOM fields. The other fields become "". Returns the number found.
 */
int parse_columns(char *line, char **fields, int room);

/* Does the filter accept the name? It has 1 to 64 of A-Z a-z 0-9 . _ -, and begins with a letter or digit. */
bool hostname_is_valid(const char *name);

#endif
