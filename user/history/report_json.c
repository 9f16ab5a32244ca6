// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The history as JSON, by json-c: one object at a time. */
#include <json-c/json.h>

#include "base/clock.h"
#include "report.h"

static void add_text(struct json_object *o, const char *key, const char *text)
{
	json_object_object_add(o, key, text ? json_object_new_string(text) : NULL);
}

static void add_when(struct json_object *o, const char *key, int64_t ms)
{
	char text[RFC3339_BYTES];

	add_text(o, key, clock_utc(ms, text));
}

static void add_where(struct json_object *o, const struct interval *i)
{
	char address[ROLLCALL_ADDRESS_TEXT];

	json_object_object_add(o, "family", json_object_new_int(i->entry.key.family));
	add_text(o, "address", interval_address_text(i, address));
	add_text(o, "interface", i->interface);
}

static void put_element(struct report *r, struct json_object *o)
{
	fputs(r->rows++ ? ",\n" : "[\n", r->out);
	fputs(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), r->out);
	json_object_put(o);
}

static void end_array(const struct report *r)
{
	fputs(r->rows ? "\n]\n" : "[]\n", r->out);
}

struct json_object *interval_json(const struct interval *i)
{
	struct json_object *o = json_object_new_object();
	char name[ROLLCALL_NAME_TEXT];

	add_text(o, "hostname", rollcall_name_text(&i->entry, name));
	add_where(o, i);
	add_when(o, "from", i->begin_ms);
	if (i->is_here)
		add_text(o, "until", NULL);
	else
		add_when(o, "until", i->end_ms);
	json_object_object_add(o, "duration_ms", json_object_new_int64(i->end_ms - i->begin_ms));
	add_text(o, "reason", i->is_here ? NULL : i->reason);
	return o;
}

static void write_intervals(struct report *r, struct past *past)
{
	for (size_t i = 0; i < past->count; i++)
		put_element(r, interval_json(&past->list[i]));
}

const struct report_writer report_json = { .host = write_intervals, .end = end_array };

static void write_last(struct report *r, struct past *past)
{
	struct json_object *o = json_object_new_object();
	const struct interval *newest = past_newest(past);
	char name[ROLLCALL_NAME_TEXT];

	add_text(o, "hostname", rollcall_name_text(&newest->entry, name));
	add_when(o, "last_seen", past->last_seen_ms);
	json_object_object_add(o, "here", json_object_new_boolean(past->is_here));
	add_where(o, newest);
	add_text(o, "reason", past->is_here ? NULL : newest->reason);
	put_element(r, o);
}

const struct report_writer report_last_json = { .host = write_last, .end = end_array };

static void begin_timeline(struct report *r)
{
	char since[RFC3339_BYTES], until[RFC3339_BYTES];

	report_fit_timeline(r);
	fprintf(r->out, "{\"since\":\"%s\",\"until\":\"%s\",\"slots\":%zu,\"hosts\":{", clock_utc(r->timeline.since_ms, since),
		clock_utc(r->timeline.until_ms, until), r->timeline.slots);
}

/* A name has only characters that JSON does not escape, or '?'. */
static void write_timeline(struct report *r, struct past *past)
{
	char name[ROLLCALL_NAME_TEXT], cells[TIMELINE_SLOTS_MAX + 1];

	timeline_fill(&r->timeline, past, cells);
	fprintf(r->out, "%s\n\"%s\":\"%s\"", r->rows++ ? "," : "", rollcall_name_text(&past->list[0].entry, name), cells);
}

static void end_timeline(const struct report *r)
{
	fputs("}}\n", r->out);
}

const struct report_writer report_timeline_json = { .begin = begin_timeline, .host = write_timeline, .end = end_timeline };
