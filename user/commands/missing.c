// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall missing: hosts that are known or expected, and not here. For cron and monitoring. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/hostlist.h"
#include "base/message.h"
#include "command.h"
#include "history/lookup.h"
#include "view/self.h"
#include "watch/reader.h"

struct missing_report {
	const struct options *options;
	const struct rollcall_table *table;
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	FILE *out; /* memory: nothing is printed if the check fails half way */
	size_t known, missing;
};

static bool is_here(const struct missing_report *m, const char *name)
{
	struct rollcall_entry found;

	return self_is_named(m->slots, name) || rollcall_find(m->table, name, 0, &found, 1) > 0;
}

/* PAST is what the history has of the host, or NULL. */
static void put_json(const struct missing_report *m, const char *name, const struct past *past)
{
	struct json_object *o = json_object_new_object();
	char text[RFC3339_BYTES], address[ROLLCALL_ADDRESS_TEXT];

	json_object_object_add(o, "hostname", json_object_new_string(name));
	if (past) {
		const struct interval *newest = past_newest(past);

		json_object_object_add(o, "last_seen", json_object_new_string(clock_utc(past->last_seen_ms, text)));
		json_object_object_add(o, "address", json_object_new_string(interval_address_text(newest, address)));
		json_object_object_add(o, "interface", json_object_new_string(newest->interface));
	}
	fprintf(m->out, "%s%s", m->missing ? ",\n" : "[\n", json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

static void check(struct missing_report *m, const char *name, const struct past *past)
{
	m->known++;
	if (is_here(m, name))
		return;
	if (option_given(m->options, OPT_JSON))
		put_json(m, name, past);
	else
		fprintf(m->out, "%s%s", m->missing ? ", " : "missing: ", name);
	m->missing++;
}

static int check_past(struct past *past, void *context)
{
	struct missing_report *m = context;
	char name[ROLLCALL_NAME_TEXT];

	if (past->last_seen_ms >= m->options->since_ms)
		check(m, rollcall_name_text(&past->list[0].entry, name), past);
	return 0;
}

/* Returns 0 or -errno, reported. */
static int check_history(struct missing_report *m)
{
	struct database d = DATABASE_NONE;
	struct lookup lookup = { .database = &d, .last = 1 };
	int err = database_open_to_read(&d, m->options->db);

	if (!err)
		err = lookup_each(&lookup, check_past, m);
	database_close(&d);
	return err;
}

static int check_expected(struct missing_report *m)
{
	struct hostlist list;
	int err = hostlist_read(&list, m->options->expect);

	for (size_t i = 0; !err && i < list.count; i++)
		check(m, list.names[i], NULL);
	hostlist_free(&list);
	return err;
}

static int missing(const struct options *o, const struct rollcall_table *t)
{
	struct missing_report m = { .options = o, .table = t };
	owned_heap char *text = NULL;
	size_t bytes = 0;
	int err = reader_slots(t, m.slots);

	if (err)
		return err;
	m.out = open_memstream(&text, &bytes);
	if (!m.out)
		return fail(-errno, NULL, "cannot list the missing hosts");
	err = o->expect ? check_expected(&m) : check_history(&m);
	if (option_given(o, OPT_JSON))
		fputs(m.missing ? "\n]\n" : "[]\n", m.out);
	else if (m.missing)
		fprintf(m.out, " (%zu of %zu hosts)\n", m.missing, m.known);
	fclose(m.out);
	if (err)
		return err;
	fputs(text, stdout);
	return m.missing ? -ENOENT : 0; /* the line is the report: no further message */
}

int command_missing(const struct options *o)
{
	if (o->expect && (option_given(o, OPT_SINCE) || option_given(o, OPT_DB)))
		return usage_error("missing", "--expect reads no history: leave %s out", option_given(o, OPT_DB) ? "--db" : "--since");
	return command_read(o, missing);
}
