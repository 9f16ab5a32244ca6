/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The table and what happens in it, as text and as JSON. Writers get what they write and look
 * nothing up; whatever came off the wire is escaped, though the filter lets nothing odd in.
 */
#ifndef ROLLCALL_WRITE_H
#define ROLLCALL_WRITE_H

#include <stdio.h>

#include "lib/put.h"
#include "snapshot.h"
#include "watch/event.h"

#define LLADDR_BYTES 17 /* "02:00:0a:4d:00:02" */

/* In put.h's way: the address that an entry came from before, and the MAC. */
char *put_rival(char *at, const struct rollcall_entry *entry, const char *ifname);
char *put_lladdr(char *at, const struct rollcall_entry *entry);

/* Room for what any of them makes of one entry. */
#define WRITE_LINE_BYTES 2048

/* What stands from LINE to END; who opened OUT tells of failure. Nobody else writes there meanwhile. */
static inline void write_line(FILE *out, const char *line, const char *end)
{
	fwrite_unlocked(line, 1, (size_t)(end - line), out);
}

/*
 * Has it come from another address within the last expiry? And twice: then two hosts claim its
 * name, and both addresses are worth showing.
 */
bool entry_is_moved(const struct table_info *info, const struct rollcall_entry *entry);
bool entry_is_contested(const struct table_info *info, const struct rollcall_entry *entry);

/* Since it was heard, and since it was heard first; never below zero, though it may have come after the info. */
uint64_t entry_age_ns(const struct table_info *info, const struct rollcall_entry *entry);
uint64_t entry_up_ns(const struct table_info *info, const struct rollcall_entry *entry);

/* A list of peers, an entry at a time, NUMBER counting from 0. */
struct peers_writer {
	void (*begin)(FILE *out, bool header);
	void (*entry)(FILE *out, const struct table_info *info, const struct rollcall_entry *entry, size_t number);
	void (*end)(FILE *out, size_t count);
};

extern const struct peers_writer write_peers_tsv, write_peers_json, write_peers_hosts;

/* May a file that goes before DNS give ENTRY this name? One with a dot only if DOTS. */
bool entry_is_for_hosts(const struct rollcall_entry *entry, bool dots);

struct text_style {
	bool header, colour;
	int columns; /* of the terminal that lines have to fit; 0: there is none */
};

/* Aligned: not an entry at a time, because the widths come of all of them. */
void write_peers_text(FILE *out, const struct table_info *info, const struct snapshot *s, const struct text_style *style);

/* Not more than ROWS lines and COLUMNS columns, with a bar of the expiry. Returns the lines written. */
int write_peers_live(FILE *out, const struct table_info *info, const struct snapshot *s, int rows, int columns);

/* One line. */
void write_event_text(FILE *out, const struct table_info *info, const struct event *event);
void write_event_json(FILE *out, const struct table_info *info, const struct event *event);

struct status;

void write_status_text(FILE *out, const struct status *status);
void write_status_json(FILE *out, const struct status *status);
void write_status_metrics(FILE *out, const struct status *status);

/* A Prometheus file_sd list: each entry is a target of its own, at PORT. */
void write_targets_json(FILE *out, const struct table_info *info, const struct snapshot *s, unsigned int port);

/* "joined", "bad_source", ...; and what it means, in a few words. */
const char *outcome_name(enum rollcall_outcome outcome);
const char *outcome_help(enum rollcall_outcome outcome);

#endif
