/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * From text to values. Every function returns 0, or -EINVAL / -ERANGE and says nothing,
 * but for those that say what they return.
 */
#ifndef ROLLCALL_PARSE_H
#define ROLLCALL_PARSE_H

#include <stdbool.h>
#include <stdint.h>

/* "35s", "500ms", "2m", "1h": a whole number and its unit, into nanoseconds. */
int parse_duration(const char *text, uint64_t *ns);

/* A decimal number in MIN..MAX, nothing before or behind it. */
int parse_number(const char *text, uint32_t min, uint32_t max, uint32_t *number);

/* A multicast address in its usual text form, into bytes in network order. */
int parse_group4(const char *text, uint8_t group[4]);
int parse_group6(const char *text, uint8_t group[16]);

/* Cut a line of /proc at its blanks into at most ROOM fields. Returns how many; the rest are "". */
int parse_columns(char *line, char **fields, int room);

/* 1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or digit: what the filter takes. */
bool hostname_is_valid(const char *name);

#endif
