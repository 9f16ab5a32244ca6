/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The fields that are written, and their order: --fields. Text has the columns of a list of hosts (cells.h). TSV and
 * JSON have the fields of an entry.
 */
#ifndef ROLLCALL_FIELDS_H
#define ROLLCALL_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

/* In the order of the fields in TSV. Scripts rely on the order, so a new field is added at the end. */
enum entry_field {
	FIELD_HOSTNAME, FIELD_FAMILY, FIELD_ADDRESS, FIELD_LLADDR, FIELD_INTERFACE, FIELD_FIRST_SEEN, FIELD_LAST_SEEN,
	FIELD_AGE_MS, FIELD_EXPIRES_MS, FIELD_ANNOUNCEMENTS, FIELD_NOTE, FIELD_OTHER_ADDRESS, FIELD_SELF, FIELD_SEALED,
	FIELD_COUNT,
};

#define FIELDS_MAX 32

struct fields {
	int list[FIELDS_MAX]; /* enum entry_field, or enum cell */
	int count;
};

/* Is the value known only of an entry that was received? This host's own has none. */
static inline bool entry_field_is_received(enum entry_field field)
{
	return (field >= FIELD_FIRST_SEEN && field <= FIELD_ANNOUNCEMENTS) || field == FIELD_SEALED;
}

/* The key in JSON: "hostname", "age_ms", ... */
const char *entry_field_name(int field);
/* The title of the column in lower case: "hostname", "age", ... */
const char *column_name(int cell);

/* The names of COUNT fields. */
struct field_names {
	const char *(*name)(int field);
	int count;
};

extern const struct field_names entry_field_names, column_names;

/* The first COUNT fields, in their order. */
struct fields fields_first(int count);

/* All fields of a JSON object, if SELF with "self". */
struct fields fields_of_object(bool self);

/*
 * Parse a list such as "hostname,address". Returns 0, or -EINVAL, not reported: then UNKNOWN has the first name that is
 * not one of NAMES, cut to ROOM bytes.
 */
int fields_parse(struct fields *f, const char *text, const struct field_names *names, char *unknown, size_t room);

/* Write the names as "hostname, address, ...". Returns TEXT. */
char *fields_list(const struct field_names *names, char *text, size_t room);

#endif
