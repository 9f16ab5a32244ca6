// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The names of fields, and lists of fields. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "fields.h"
#include "order.h"

const char *entry_field_name(int field)
{
	static const char *const names[FIELD_COUNT] = {
		[FIELD_HOSTNAME] = "hostname",
		[FIELD_FAMILY] = "family",
		[FIELD_ADDRESS] = "address",
		[FIELD_LLADDR] = "lladdr",
		[FIELD_INTERFACE] = "interface",
		[FIELD_FIRST_SEEN] = "first_seen",
		[FIELD_LAST_SEEN] = "last_seen",
		[FIELD_AGE_MS] = "age_ms",
		[FIELD_EXPIRES_MS] = "expires_ms",
		[FIELD_ANNOUNCEMENTS] = "announcements",
		[FIELD_NOTE] = "note",
		[FIELD_OTHER_ADDRESS] = "other_address",
		[FIELD_SELF] = "self",
		[FIELD_SEALED] = "sealed",
	};

	return names[field];
}

const char *column_name(int cell)
{
	return order_name((enum order)cell);
}

const struct field_names entry_field_names = { entry_field_name, FIELD_COUNT };
const struct field_names column_names = { column_name, CELL_COUNT };

struct fields fields_first(int count)
{
	struct fields f = { .count = count };

	for (int i = 0; i < count; i++)
		f.list[i] = i;
	return f;
}

struct fields fields_of_object(bool self)
{
	struct fields f = fields_first(self ? FIELD_SELF + 1 : FIELD_SELF);

	f.list[f.count++] = FIELD_SEALED;
	return f;
}

static int field_find(const struct field_names *names, const char *name, size_t bytes)
{
	for (int field = 0; field < names->count; field++)
		if (strlen(names->name(field)) == bytes && !memcmp(names->name(field), name, bytes))
			return field;
	return -EINVAL;
}

int fields_parse(struct fields *f, const char *text, const struct field_names *names, char *unknown, size_t room)
{
	*f = (struct fields){};
	for (;;) {
		size_t bytes = strcspn(text, ",");
		int field = field_find(names, text, bytes);

		if (field < 0 || f->count == FIELDS_MAX) {
			snprintf(unknown, room, "%.*s", (int)bytes, text);
			return -EINVAL;
		}
		f->list[f->count++] = field;
		if (!text[bytes])
			return 0;
		text += bytes + 1;
	}
}

char *fields_list(const struct field_names *names, char *text, size_t room)
{
	size_t used = 0;

	for (int field = 0; field < names->count && used < room; field++)
		used += (size_t)snprintf(text + used, room - used, "%s%s", field ? ", " : "", names->name(field));
	return text;
}
