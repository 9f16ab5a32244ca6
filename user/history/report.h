/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Writes the history as text and as JSON. It gets one host at a time, so memory does not grow with the history. */
#ifndef ROLLCALL_REPORT_H
#define ROLLCALL_REPORT_H

#include <stdio.h>

#include "interval.h"
#include "timeline.h"

struct report;

/* Writes one host. */
struct report_writer {
	void (*begin)(struct report *report); /* or NULL */
	void (*host)(struct report *report, struct past *past);
	void (*end)(const struct report *report); /* or NULL */
};

/* The columns of text, in their order. With --last, FROM is LAST_SEEN, SPAN is AGO, and there is no UNTIL. */
enum report_column {
	REPORT_HOSTNAME, REPORT_FROM, REPORT_UNTIL, REPORT_SPAN, REPORT_REASON, REPORT_INTERFACE, REPORT_ADDRESS, REPORT_COLUMNS,
};

struct report {
	FILE *out;
	const struct report_writer *writer;
	int terminal_columns; /* lines fit into them; 0: they are whole */
	int widths[REPORT_COLUMNS]; /* of text; 0: it is left out */
	bool header;	  /* of text */
	bool per_entry;	  /* one line per interval of an entry, else per stay of a host */
	bool unicode;	  /* of time lines: cells are blocks, else ASCII */
	struct timeline timeline; /* 0 slots: as many as fit */
	int64_t now_ms;
	size_t rows;	  /* written so far */
};

/* Intervals: HOSTNAME FROM UNTIL DURATION REASON INTERFACE ADDRESS. JSON has an object per interval of an entry. */
extern const struct report_writer report_text, report_json;
/* One row per host: when it was last seen. */
extern const struct report_writer report_last_text, report_last_json;
/* One row per host: its time line. JSON is one object with a member per host. */
extern const struct report_writer report_timeline_text, report_timeline_json;

/* Set the number of slots, if it is 0, and shorten names that would leave no room for them. */
void report_fit_timeline(struct report *report);

struct json_object;
/* An interval as the object of `history -j`. The caller puts it. */
struct json_object *interval_json(const struct interval *i);

/* Write the selected hosts. Returns 0 or -errno, reported. Failed writes are found by ferror(3) of the stream. */
int report_write(struct report *report, const struct lookup *lookup);

#endif
