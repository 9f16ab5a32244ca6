/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Which fields are written, and in which order: --fields. Text has the columns of a list of hosts (cells.h); TSV and JSON
 * have the fields of an entry.
 */
#ifndef ROLLCALL_FIELDS_H
#define ROLLCALL_FIELDS_H

#include <stddef.h>

/* In the order of the fields in TSV, which scripts rely on: a new field goes to the end. */
enum entry_field {
	FIELD_HOSTNAME, FIELD_FAMILY, FIELD_ADDRESS, FIELD_LLADDR, FIELD_INTERFACE, FIELD_FIRST_SEEN, FIELD_LAST_SEEN,
	FIELD_AGE_MS, FIELD_EXPIRES_MS, FIELD_ANNOUNCEMENTS, FIELD_NOTE, FIELD_OTHER_ADDRESS, FIELD_SELF, FIELD_COUNT,
};

#define FIELDS_MAX 32

struct fields {
	int list[FIELDS_MAX]; /* enum entry_field, or enum cell */
	int count;
};

/* "hostname", "age_ms", ... as the keys in JSON are called */
const char *entry_field_name(int field);
/* "hostname", "age", ... as the columns are called, in lower case */
const char *column_name(int cell);

/* A vocabulary: the names of COUNT fields. */
struct field_names {
	const char *(*name)(int field);
	int count;
};

extern const struct field_names entry_field_names, column_names;

/* The first COUNT fields, in their order. */
struct fields fields_first(int count);

/*
 * Parse "hostname,address". Returns 0, or -EINVAL with the first name that is not one of NAMES in UNKNOWN, cut to ROOM bytes;
 * not reported.
 */
int fields_parse(struct fields *f, const char *text, const struct field_names *names, char *unknown, size_t room);

/* The names as "hostname, address, ...". Returns TEXT. */
char *fields_list(const struct field_names *names, char *text, size_t room);

#endif
