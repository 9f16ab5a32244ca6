/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table and its events, as text and as JSON. A writer gets what it writes and looks nothing up. What came
 * off the wire is escaped, although the filter records only harmless hostnames.
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
 * What is unusual about ENTRY: "moved" if its address changed within the last expiry, "conflict" if it
 * changed twice, because then two hosts announce its name; else NULL. With either, the other address is the
 * one that it had before.
 */
const char *entry_note(const struct table_info *info, const struct rollcall_entry *entry);
char *entry_other_address_text(const struct rollcall_entry *entry, const char *ifname, char text[ROLLCALL_ADDRESS_TEXT]);

/* Does it have another address, which its note is about? */
bool entry_has_other_address(const struct table_info *info, const struct rollcall_entry *entry);

/* Nanoseconds from BOOT_NS to INFO; 0 if it came after the info was taken. */
uint64_t info_since(const struct table_info *info, uint64_t boot_ns);

struct host;
struct hosts;

/* Where a list of peers is written, and which fields of it. */
struct peers_output {
	FILE *out;
	const struct table_info *info;
	const struct fields *fields; /* of an entry; writers with rows of hosts ignore them */
	size_t number;	      /* of the row, counting from 0 */
};

/* A list of peers, a row at a time, or all rows at once. */
struct peers_writer {
	bool per_host;	    /* a row is a host, else an entry */
	const char *header; /* unless --no-header; NULL: none */
	/* Returns whether the row was written. */
	bool (*row)(const struct peers_output *o, const struct host *host);
	void (*end)(FILE *out, size_t count); /* or NULL */
	void (*all)(FILE *out, const struct table_info *info, const struct hosts *h); /* instead of the others, or NULL */
};

extern const struct peers_writer write_peers_tsv, write_peers_json, write_peers_names, write_peers_ansible;
/* Without and with hostnames that have a dot. */
extern const struct peers_writer write_peers_hosts, write_peers_any_hosts;

struct text_style {
	bool header, colour;
	int columns; /* of the terminal that lines have to fit; 0: there is none */
	const struct fields *fields; /* the columns (enum cell) in their order; NULL: all that fit */
};

/* Aligned: not an entry at a time, because the widths come of all of them. */
void write_peers_text(FILE *out, const struct table_info *info, const struct hosts *h, const struct text_style *style);

/* Not more than ROWS lines and COLUMNS columns, with a bar of the expiry. Returns the lines written. */
int write_peers_live(FILE *out, const struct table_info *info, const struct hosts *h, int rows, int columns);

/* One line. */
void write_event_text(FILE *out, const struct table_info *info, const struct event *event);
void write_event_json(FILE *out, const struct table_info *info, const struct event *event);

struct status;

void write_status_text(FILE *out, const struct status *status, bool colour);
/*
 * One line for each interface that is blocked or unknown, or, if QUIET_IS_ONE, quiet, and for each without a loader. Returns
 * how many lines there are.
 */
size_t write_status_problems(FILE *out, const struct status *status, bool quiet_is_one);
void write_status_json(FILE *out, const struct status *status);
void write_status_metrics(FILE *out, const struct status *status);

/* A Prometheus file_sd list: the primary address of each host is a target, at PORT. */
void write_targets_json(FILE *out, const struct table_info *info, const struct hosts *h, unsigned int port);

/* "joined", "bad_source", ...; and what it means, in a few words. */
const char *outcome_name(enum rollcall_outcome outcome);
const char *outcome_help(enum rollcall_outcome outcome);

#endif
