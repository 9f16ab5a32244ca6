/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Writes the table and its events as text and as JSON. A writer does not read the table: it gets the data. Received
 * data is escaped, although the filter records only harmless hostnames.
 */
#ifndef ROLLCALL_WRITE_H
#define ROLLCALL_WRITE_H

#include <stdio.h>

#include "fields.h"
#include "snapshot.h"
#include "watch/event.h"

#define LLADDR_TEXT sizeof("02:00:0a:4d:00:02")

/* Returns TEXT. */
char *entry_lladdr_text(const struct rollcall_entry *entry, char text[LLADDR_TEXT]);

/*
 * The note of ENTRY: "self" for this host, "moved" if its address changed within the last expiry, "conflict" if it
 * changed twice within an expiry, because then two hosts announce the name; else NULL. The other address of "moved" and
 * "conflict" is the previous one.
 */
const char *entry_note(const struct table_info *info, const struct rollcall_entry *entry);
char *entry_other_address_text(const struct rollcall_entry *entry, const char *ifname, char text[ROLLCALL_ADDRESS_TEXT]);

/* Did the announcement of ENTRY have a valid seal? Never in a plain table, which checks none. */
bool entry_is_sealed(const struct table_info *info, const struct rollcall_entry *entry);

/* "plain", "sealed" or "mixed" */
const char *sealing_name(const struct rollcall_settings *settings);

/* Is its note "moved" or "conflict", so that it has another address? */
bool entry_has_other_address(const struct table_info *info, const struct rollcall_entry *entry);

/* Nanoseconds from BOOT_NS to the time of INFO; 0 if BOOT_NS is later. */
uint64_t info_since(const struct table_info *info, uint64_t boot_ns);

struct host;
struct hosts;

/* Where to write a list of peers, and which fields. */
struct peers_output {
	FILE *out;
	const struct table_info *info;
	const struct fields *fields; /* of an entry; ignored by writers with a row per host */
	size_t number;	      /* of the row, from 0 */
};

/* Writes a list of peers, row by row, or all rows at once. */
struct peers_writer {
	bool per_host;	    /* one row per host, else per entry */
	const char *header; /* not written with --no-header; NULL: none */
	/* Returns whether the row was written. */
	bool (*row)(const struct peers_output *o, const struct host *host);
	void (*end)(FILE *out, size_t count); /* or NULL */
	void (*all)(FILE *out, const struct table_info *info, const struct hosts *h); /* instead of the others, or NULL */
};

extern const struct peers_writer write_peers_tsv, write_peers_json, write_peers_names, write_peers_ansible;
/* The first leaves out hostnames with a dot, the second writes them too. */
extern const struct peers_writer write_peers_hosts, write_peers_any_hosts;

struct text_style {
	bool header, colour;
	int columns; /* the width of the terminal that lines must fit; 0: no terminal */
	const struct fields *fields; /* the columns (enum cell) in order; NULL: all that fit */
};

/* Write aligned columns. It gets all rows at once, because their widths depend on all of them. */
void write_peers_text(FILE *out, const struct table_info *info, const struct hosts *h, const struct text_style *style);

/* Write an event as one line. */
void write_event_text(FILE *out, const struct table_info *info, const struct event *event);
void write_event_json(FILE *out, const struct table_info *info, const struct event *event);

struct json_object;

/* An entry as the object of `peers -j`, with the fields FIELDS. The caller puts it. */
struct json_object *entry_json(const struct table_info *info, const struct rollcall_entry *entry, const struct fields *fields);

/*
 * A host as one object: the primary address, the sums and extremes of its entries, and "entries", an array of the
 * objects of `peers -j`. The caller puts it.
 */
struct json_object *host_json(const struct table_info *info, const struct host *host);

struct status;

void write_status_text(FILE *out, const struct status *status, bool colour);
/*
 * Write one line per interface that is blocked or unknown, or, if QUIET_IS_ONE, quiet, and one per interface without a
 * loader. Returns the number of lines.
 */
size_t write_status_problems(FILE *out, const struct status *status, bool quiet_is_one);
void write_status_json(FILE *out, const struct status *status);
void write_status_metrics(FILE *out, const struct status *status);

/* Write rollcall_host_up for each of COUNT hosts that are expected: 1 if it is here, else 0. */
void write_up_metrics(FILE *out, char *const *names, const bool *up, size_t count);
/* Write rollcall_host_info for the first MAX hosts, and how many were left out. */
void write_host_metrics(FILE *out, const struct table_info *info, const struct hosts *h, size_t max);

/* Write a list for Prometheus' file_sd. The target of a host is its primary address with PORT. */
void write_targets_json(FILE *out, const struct table_info *info, const struct hosts *h, unsigned int port);

/* The name of an outcome, as "joined" or "bad_source", and its short description. */
const char *outcome_name(enum rollcall_outcome outcome);
const char *outcome_help(enum rollcall_outcome outcome);

#endif
