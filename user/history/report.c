// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text: one line per stay of a host, per host, or per time line. */
#include "base/clock.h"
#include "report.h"

#define NAME_WIDTH_MIN 8 /* HOSTNAME */

static const char *name_text(const struct past *past, char text[ROLLCALL_NAME_TEXT])
{
	return rollcall_name_text(&past->list[0].entry, text);
}

static char *span_text(int64_t ms, char text[SPAN_BYTES])
{
	return clock_span(ms > 0 ? (uint64_t)ms * NS_PER_MS : 0, text);
}

static void begin_text(const struct report *r)
{
	if (r->header)
		fprintf(r->out, "%-*s  %-20s  %-20s  %8s  %-8s  %-9s  %s\n", r->name_width, "HOSTNAME", "FROM", "UNTIL", "DURATION",
			"REASON", "INTERFACE", "ADDRESS");
}

static void write_text(struct report *r, struct past *past)
{
	char name[ROLLCALL_NAME_TEXT], from[RFC3339_BYTES], until[RFC3339_BYTES], span[SPAN_BYTES], address[ROLLCALL_ADDRESS_TEXT];

	if (!r->per_entry)
		past_join(past);
	name_text(past, name);
	for (size_t i = 0; i < past->count; i++) {
		const struct interval *stay = &past->list[i];

		fprintf(r->out, "%-*s  %-20s  %-20s  %8s  %-8s  %-9s  %s\n", r->name_width, name,
			clock_utc_seconds(stay->begin_ms, from), stay->is_here ? "-" : clock_utc_seconds(stay->end_ms, until),
			span_text(stay->end_ms - stay->begin_ms, span), stay->is_here ? "here" : stay->reason, stay->interface,
			interval_address_text(stay, address));
		r->rows++;
	}
}

const struct report_writer report_text = { .begin = begin_text, .host = write_text };

static void begin_last(const struct report *r)
{
	if (r->header)
		fprintf(r->out, "%-*s  %-20s  %8s  %-8s  %-9s  %s\n", r->name_width, "HOSTNAME", "LAST_SEEN", "AGO", "REASON",
			"INTERFACE", "ADDRESS");
}

static void write_last(struct report *r, struct past *past)
{
	char name[ROLLCALL_NAME_TEXT], when[RFC3339_BYTES], span[SPAN_BYTES], address[ROLLCALL_ADDRESS_TEXT];
	const struct interval *newest = past_newest(past);

	fprintf(r->out, "%-*s  %-20s  %8s  %-8s  %-9s  %s\n", r->name_width, name_text(past, name),
		past->is_here ? "-" : clock_utc_seconds(past->last_seen_ms, when),
		past->is_here ? "-" : span_text(r->now_ms - past->last_seen_ms, span), past->is_here ? "here" : newest->reason,
		newest->interface, interval_address_text(newest, address));
	r->rows++;
}

const struct report_writer report_last_text = { .begin = begin_last, .host = write_last };

/* The times at both ends of the line, above it. */
static void begin_timeline(const struct report *r)
{
	char since[RFC3339_BYTES], until[RFC3339_BYTES];

	if (r->header)
		fprintf(r->out, "%-*s  %-*s%s\n", r->name_width, "HOSTNAME",
			r->timeline.slots > 40 ? (int)r->timeline.slots - 20 : 21, clock_utc_seconds(r->timeline.since_ms, since),
			clock_utc_seconds(r->timeline.until_ms, until));
}

static void write_timeline(struct report *r, struct past *past)
{
	static const char *const glyphs[2][4] = { { ".", "+", "#", "?" }, { "\u00b7", "\u2584", "\u2588", "?" } };
	char name[ROLLCALL_NAME_TEXT], cells[TIMELINE_SLOTS_MAX + 1];

	timeline_fill(&r->timeline, past, cells);
	fprintf(r->out, "%-*s  ", r->name_width, name_text(past, name));
	for (size_t i = 0; i < r->timeline.slots; i++)
		fputs(glyphs[r->unicode][cells[i] - CELL_ABSENT], r->out);
	fputc('\n', r->out);
	r->rows++;
}

const struct report_writer report_timeline_text = { .begin = begin_timeline, .host = write_timeline };

static int report_host(struct past *past, void *context)
{
	struct report *r = context;

	r->writer->host(r, past);
	return ferror(r->out); /* the caller reports the reason */
}

int report_write(struct report *r, const struct lookup *lookup)
{
	int width = (int)database_number(lookup->database, "SELECT max(length(hostname)) FROM hosts"), err;

	r->name_width = width > NAME_WIDTH_MIN ? width : NAME_WIDTH_MIN;
	r->now_ms = (int64_t)(clock_now().real_ns / NS_PER_MS);
	if (r->writer->begin)
		r->writer->begin(r);
	err = lookup_each(lookup, report_host, r);
	if (r->writer->end)
		r->writer->end(r);
	return err < 0 ? err : 0;
}
