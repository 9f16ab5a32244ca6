// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Text: one line per stay of a host, per host, or per time line. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "report.h"

#define NAME_WIDTH_MIN	 8  /* HOSTNAME */
#define NAME_WIDTH_USUAL 20 /* for the sake of other columns a name is not shortened below this */
#define COLUMN_GAP	 2
#define SLOTS_MIN	 10
#define SLOTS_USUAL	 72 /* without a terminal */
#define TIME_WIDTH	 20

/* A column that is 0 wide is left out. */
static const int widths[REPORT_COLUMNS] = {
	[REPORT_FROM] = TIME_WIDTH, [REPORT_UNTIL] = TIME_WIDTH, [REPORT_SPAN] = 8, [REPORT_REASON] = 8, [REPORT_INTERFACE] = 9,
	[REPORT_ADDRESS] = sizeof("255.255.255.255") - 1,
};

/* If there is no room, these columns are left out, in this order. */
static const int spared[] = { REPORT_INTERFACE, REPORT_SPAN, REPORT_ADDRESS, REPORT_REASON, REPORT_UNTIL };

/* The text of each column, or NULL: the report does not have it. */
struct row {
	char *text[REPORT_COLUMNS];
};

static int at_least(int value, int least)
{
	return value > least ? value : least;
}

/* Set the width of each column of TITLES, so that lines fit into the terminal. */
static void fit_columns(struct report *r, const struct row *titles)
{
	int longest = r->widths[REPORT_HOSTNAME], usual = longest < NAME_WIDTH_USUAL ? longest : NAME_WIDTH_USUAL;
	int room = r->terminal_columns - usual;

	for (int c = REPORT_HOSTNAME + 1; c < REPORT_COLUMNS; c++) {
		r->widths[c] = titles->text[c] ? widths[c] : 0;
		room -= r->widths[c] ? r->widths[c] + COLUMN_GAP : 0;
	}
	if (!r->terminal_columns)
		return;
	for (size_t i = 0; room < 0 && i < sizeof(spared) / sizeof(spared[0]); i++) {
		room += r->widths[spared[i]] ? r->widths[spared[i]] + COLUMN_GAP : 0;
		r->widths[spared[i]] = 0;
	}
	if (usual + room < longest)
		r->widths[REPORT_HOSTNAME] = at_least(usual + room, NAME_WIDTH_MIN);
	else if (r->widths[REPORT_ADDRESS])
		r->widths[REPORT_ADDRESS] += usual + room - longest; /* it is the last one */
}

static void write_row(const struct report *r, const struct row *row)
{
	int gap = 0;

	for (int c = 0; c < REPORT_COLUMNS; c++) {
		int width = r->widths[c], last = c + 1;

		if (!width)
			continue;
		while (last < REPORT_COLUMNS && !r->widths[last])
			last++;
		if (r->terminal_columns)
			text_shorten(row->text[c], width);
		/* the last column is not padded */
		fprintf(r->out, "%*s%*s", gap, "", c == REPORT_SPAN ? width : last < REPORT_COLUMNS ? -width : 0, row->text[c]);
		gap = COLUMN_GAP;
	}
	fputc('\n', r->out);
}

static char *span_text(int64_t ms, char text[SPAN_BYTES])
{
	return clock_span(ms > 0 ? (uint64_t)ms * NS_PER_MS : 0, text);
}

static void begin_rows(struct report *r, const struct row *titles)
{
	fit_columns(r, titles);
	if (r->header)
		write_row(r, titles);
}

static void begin_text(struct report *r)
{
	char texts[][10] = { "HOSTNAME", "FROM", "UNTIL", "DURATION", "REASON", "INTERFACE", "ADDRESS" };

	begin_rows(r, &(struct row){ { texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6] } });
}

static void write_text(struct report *r, struct past *past)
{
	if (!r->per_entry)
		past_join(past);
	for (size_t i = 0; i < past->count; i++) {
		struct interval *stay = &past->list[i];
		char name[ROLLCALL_NAME_TEXT], from[RFC3339_BYTES], until[RFC3339_BYTES] = "-", span[SPAN_BYTES], reason[sizeof(stay->reason)] = "here";
		char address[ROLLCALL_ADDRESS_TEXT];

		if (!stay->is_here) {
			clock_utc_seconds(stay->end_ms, until);
			memcpy(reason, stay->reason, sizeof(reason));
		}
		interval_address_text(stay, address);
		write_row(r, &(struct row){ { rollcall_name_text(&stay->entry, name), clock_utc_seconds(stay->begin_ms, from), until,
					      span_text(stay->end_ms - stay->begin_ms, span), reason, stay->interface, address } });
		r->rows++;
	}
}

const struct report_writer report_text = { .begin = begin_text, .host = write_text };

static void begin_last(struct report *r)
{
	char texts[][10] = { "HOSTNAME", "LAST_SEEN", "AGO", "REASON", "INTERFACE", "ADDRESS" };

	begin_rows(r, &(struct row){ { texts[0], texts[1], NULL, texts[2], texts[3], texts[4], texts[5] } });
}

static void write_last(struct report *r, struct past *past)
{
	const struct interval *newest = past_newest(past);
	char name[ROLLCALL_NAME_TEXT], when[RFC3339_BYTES] = "-", span[SPAN_BYTES] = "-", reason[sizeof(newest->reason)] = "here";
	char interface[ROLLCALL_IFNAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];

	if (!past->is_here) {
		clock_utc_seconds(past->last_seen_ms, when);
		span_text(r->now_ms - past->last_seen_ms, span);
		memcpy(reason, newest->reason, sizeof(reason));
	}
	interval_address_text(newest, address);
	memcpy(interface, newest->interface, sizeof(interface));
	write_row(r, &(struct row){ { rollcall_name_text(&newest->entry, name), when, NULL, span, reason, interface, address } });
	r->rows++;
}

const struct report_writer report_last_text = { .begin = begin_last, .host = write_last };

void report_fit_timeline(struct report *r)
{
	int columns = r->terminal_columns, *name = &r->widths[REPORT_HOSTNAME], slots = SLOTS_USUAL;

	if (columns) {
		if (*name > columns / 2)
			*name = at_least(columns / 2, NAME_WIDTH_MIN);
		slots = at_least(columns - *name - COLUMN_GAP, SLOTS_MIN);
	}
	if (!r->timeline.slots)
		r->timeline.slots = slots < TIMELINE_SLOTS_MAX ? (size_t)slots : TIMELINE_SLOTS_MAX;
}

/* The times at both ends of the line, above it, if there is room. */
static void begin_timeline(struct report *r)
{
	char since[RFC3339_BYTES], until[RFC3339_BYTES] = "";
	int between;

	report_fit_timeline(r);
	if (!r->header)
		return;
	between = (int)r->timeline.slots - 2 * TIME_WIDTH;
	clock_utc_seconds(r->timeline.since_ms, since);
	if (between > 0 || !r->terminal_columns)
		clock_utc_seconds(r->timeline.until_ms, until);
	else if ((int)r->timeline.slots < TIME_WIDTH)
		*since = '\0';
	fprintf(r->out, "%-*s%*s%s%*s%s\n", *since ? r->widths[REPORT_HOSTNAME] : 0, "HOSTNAME", *since ? COLUMN_GAP : 0, "", since,
		*until ? at_least(between, 1) : 0, "", until);
}

static void write_timeline(struct report *r, struct past *past)
{
	static const char *const glyphs[2][4] = { { ".", "+", "#", "?" }, { "\u00b7", "\u2584", "\u2588", "?" } };
	char name[ROLLCALL_NAME_TEXT], cells[TIMELINE_SLOTS_MAX + 1];

	timeline_fill(&r->timeline, past, cells);
	rollcall_name_text(&past->list[0].entry, name);
	text_shorten(name, r->widths[REPORT_HOSTNAME]);
	fprintf(r->out, "%-*s%*s", r->widths[REPORT_HOSTNAME], name, COLUMN_GAP, "");
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
	int err;

	r->widths[REPORT_HOSTNAME] = at_least((int)database_number(lookup->database, "SELECT max(length(hostname)) FROM hosts"), NAME_WIDTH_MIN);
	r->now_ms = (int64_t)(clock_now().real_ns / NS_PER_MS);
	if (r->writer->begin)
		r->writer->begin(r);
	err = lookup_each(lookup, report_host, r);
	if (r->writer->end)
		r->writer->end(r);
	return err < 0 ? err : 0;
}
