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
	void (*begin)(const struct report *report); /* or NULL */
	void (*host)(struct report *report, struct past *past);
	void (*end)(const struct report *report); /* or NULL */
};

struct report {
	FILE *out;
	const struct report_writer *writer;
	int name_width;	  /* of text: of the longest hostname */
	bool header;	  /* of text */
	bool per_entry;	  /* one line per interval of an entry, else per stay of a host */
	bool unicode;	  /* of time lines: cells are blocks, else ASCII */
	struct timeline timeline;
	int64_t now_ms;
	size_t rows;	  /* written so far */
};

/* Intervals: HOSTNAME FROM UNTIL DURATION REASON INTERFACE ADDRESS. JSON has an object per interval of an entry. */
extern const struct report_writer report_text, report_json;
/* One row per host: when it was last seen. */
extern const struct report_writer report_last_text, report_last_json;
/* One row per host: its time line. JSON is one object with a member per host. */
extern const struct report_writer report_timeline_text, report_timeline_json;

struct json_object;
/* An interval as the object of `history -j`. The caller puts it. */
struct json_object *interval_json(const struct interval *i);

/* Write the selected hosts. Returns 0 or -errno, reported. Failed writes are found by ferror(3) of the stream. */
int report_write(struct report *report, const struct lookup *lookup);

#endif
