// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Two statements: all hosts, and the intervals of one host. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/message.h"
#include "lookup.h"
#include "recorder.h"

#define HOSTS_TEXT "SELECT id, hostname, last_seen FROM hosts"

#define COLUMNS "e.family, e.interface, i.begin, i.end, i.reason, i.address"

/*
 * Intervals of an entry do not overlap. So the first one that may reach into the time is the last one that began before
 * it. The order of the tables is fixed (CROSS JOIN): a host has few entries, an entry may have many intervals.
 */
#define DURING_TEXT                                                                                     \
	"SELECT " COLUMNS " FROM entries e CROSS JOIN intervals i ON i.entry = e.id"                    \
	" AND i.begin >= coalesce((SELECT max(begin) FROM intervals WHERE entry = e.id AND begin <= ?2), ?2)" \
	" AND i.begin < ?3 WHERE e.host = ?1 AND (i.end IS NULL OR i.end >= ?2) ORDER BY i.begin"

/* The last ?2 intervals of each entry. Fewer begin at 0. */
#define LAST_TEXT                                                                                       \
	"SELECT " COLUMNS " FROM entries e CROSS JOIN intervals i ON i.entry = e.id"                    \
	" AND i.begin >= coalesce((SELECT begin FROM intervals WHERE entry = e.id ORDER BY begin DESC LIMIT 1 OFFSET ?2 - 1), 0)" \
	" WHERE e.host = ?1 ORDER BY i.begin"

/* A recorder that is stopped, or cannot write, is taken for dead after this many pulses. */
#define PULSES 2

struct host_row {
	int64_t id, last_seen_ms;
	char hostname[ROLLCALL_NAME_TEXT];
};

struct reading {
	const struct lookup *lookup;
	sqlite3_stmt *intervals;
	int64_t now_ms, known_until_ms;
	bool recorder_runs;
	struct host_row *hosts;
	size_t host_count, host_room;
	struct interval *list; /* of one host */
	size_t room;
};

static int64_t now_ms(void)
{
	return (int64_t)(clock_now().real_ns / NS_PER_MS);
}

int64_t lookup_known_until(struct database *d, bool *runs)
{
	int64_t until_ms = database_number(d, "SELECT known_until FROM recorder");
	int64_t age_ms = now_ms() - until_ms;

	*runs = d->has_writer && llabs(age_ms) < PULSES * (int64_t)(RECORDER_PULSE_NS / NS_PER_MS);
	return until_ms;
}

static int compare_hosts(const void *left, const void *right)
{
	const struct host_row *a = left, *b = right;

	return strverscmp(a->hostname, b->hostname);
}

static void copy_text(sqlite3_stmt *statement, int column, char *text, size_t room)
{
	const char *found = (const char *)sqlite.column_text(statement, column);

	snprintf(text, room, "%s", found ? found : "");
}

/* Returns 0 or -errno, not reported. */
static int add_host(struct reading *r, sqlite3_stmt *statement)
{
	struct host_row *row;

	if (r->host_count == r->host_room) {
		size_t room = r->host_room ? 2 * r->host_room : 256;
		struct host_row *hosts = reallocarray(r->hosts, room, sizeof(*hosts));

		if (!hosts)
			return -ENOMEM;
		r->hosts = hosts;
		r->host_room = room;
	}
	row = &r->hosts[r->host_count++];
	row->id = sqlite.column_int64(statement, 0);
	copy_text(statement, 1, row->hostname, sizeof(row->hostname));
	row->last_seen_ms = sqlite.column_int64(statement, 2);
	return 0;
}

static int read_hosts(struct reading *r)
{
	struct database *d = r->lookup->database;
	sqlite3_stmt *statement = NULL;
	int result = SQLITE_DONE, err = database_prepare(d, &statement, HOSTS_TEXT);

	while (!err && (result = sqlite.step(statement)) == SQLITE_ROW)
		err = add_host(r, statement);
	if (!err && result != SQLITE_DONE)
		err = database_errno(d);
	sqlite.finalize(statement);
	if (r->host_count > 1)
		qsort(r->hosts, r->host_count, sizeof(*r->hosts), compare_hosts);
	return err;
}

static void read_address(sqlite3_stmt *statement, struct rollcall_entry *entry)
{
	bool is_ipv4 = entry->key.family == ROLLCALL_FAMILY_IPV4;
	size_t bytes = is_ipv4 ? sizeof(entry->peer.ipv4) : sizeof(entry->peer.ipv6);
	const void *address = sqlite.column_blob(statement, 5);

	if (address && (size_t)sqlite.column_bytes(statement, 5) == bytes)
		memcpy(is_ipv4 ? entry->peer.ipv4 : entry->peer.ipv6, address, bytes);
}

static struct interval read_interval(const struct reading *r, const struct host_row *host)
{
	sqlite3_stmt *statement = r->intervals;
	struct interval i = {
		.entry.key.family = (uint8_t)sqlite.column_int64(statement, 0), .begin_ms = sqlite.column_int64(statement, 2),
	};
	bool is_open = sqlite.column_type(statement, 3) == SQLITE_NULL;

	memcpy(i.entry.key.hostname, host->hostname, sizeof(host->hostname));
	copy_text(statement, 1, i.interface, sizeof(i.interface));
	i.entry.peer.first_seen_ns = (uint64_t)i.begin_ms;
	read_address(statement, &i.entry);
	i.is_here = is_open && r->recorder_runs;
	i.end_ms = i.is_here ? r->now_ms : is_open ? r->known_until_ms : sqlite.column_int64(statement, 3);
	if (i.end_ms < i.begin_ms)
		i.end_ms = i.begin_ms; /* it began after the recorder last wrote the time */
	if (is_open)
		snprintf(i.reason, sizeof(i.reason), "%s", i.is_here ? "" : "unknown");
	else
		copy_text(statement, 4, i.reason, sizeof(i.reason));
	return i;
}

static bool takes(const struct lookup *lookup, const struct interval *i)
{
	const char *ifname = lookup->selection.ifname;

	if (!lookup->last && i->end_ms < lookup->since_ms)
		return false; /* open, and not known to have been here so late */
	return (!ifname || !strcmp(ifname, i->interface)) && selection_takes(&lookup->selection, &i->entry);
}

/* Returns 0 or -errno, not reported. */
static int add_interval(struct reading *r, struct past *past, const struct interval *i)
{
	if (past->count == r->room) {
		size_t room = r->room ? 2 * r->room : 64;
		struct interval *list = reallocarray(r->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		r->list = list;
		r->room = room;
	}
	past->list = r->list;
	past->list[past->count++] = *i;
	past->is_here = past->is_here || i->is_here;
	/* an end that is unknown is the last time at which the host is known to have been here */
	if (i->is_here && r->known_until_ms > past->last_seen_ms)
		past->last_seen_ms = r->known_until_ms;
	if (!strcmp(i->reason, "unknown") && i->end_ms > past->last_seen_ms)
		past->last_seen_ms = i->end_ms;
	return 0;
}

static int read_intervals(struct reading *r, const struct host_row *host, struct past *past)
{
	const struct lookup *lookup = r->lookup;
	int result, err = 0;

	*past = (struct past){ .hostname = host->hostname, .last_seen_ms = host->last_seen_ms };
	if (lookup->last)
		database_bind(r->intervals, "ii", host->id, (int64_t)lookup->last);
	else
		database_bind(r->intervals, "iii", host->id, lookup->since_ms, lookup->until_ms);
	while (!err && (result = sqlite.step(r->intervals)) == SQLITE_ROW) {
		struct interval i = read_interval(r, host);

		if (takes(lookup, &i))
			err = add_interval(r, past, &i);
	}
	if (!err && result != SQLITE_DONE)
		err = database_errno(lookup->database);
	sqlite.reset(r->intervals);
	return err;
}

/* Patterns may also match addresses, so they can only rule out a host if they have no character of an address. */
static bool may_take(const struct selection *s, const char *hostname)
{
	for (int i = 0; i < s->pattern_count; i++)
		if (!fnmatch(s->patterns[i], hostname, FNM_CASEFOLD) || strpbrk(s->patterns[i], ".:*?["))
			return true;
	return !s->pattern_count;
}

static int visit_all(struct reading *r, lookup_visit visit, void *context, int *err)
{
	const struct lookup *l = r->lookup;
	int result = 0;

	for (size_t i = 0; !*err && !result && i < r->host_count; i++) {
		struct past past;

		if (!may_take(&l->selection, r->hosts[i].hostname) || (l->takes_host && !l->takes_host(r->hosts[i].hostname, context)))
			continue;
		*err = read_intervals(r, &r->hosts[i], &past);
		if (!*err && past.count)
			result = visit(&past, context);
	}
	return result;
}

int lookup_each(const struct lookup *lookup, lookup_visit visit, void *context)
{
	struct reading r = { .lookup = lookup, .now_ms = now_ms() };
	struct database *d = lookup->database;
	int result = 0, err = database_run(d, "BEGIN");

	if (!err)
		err = database_prepare(d, &r.intervals, lookup->last ? LAST_TEXT : DURING_TEXT);
	if (!err) {
		r.known_until_ms = lookup_known_until(d, &r.recorder_runs);
		err = read_hosts(&r);
	}
	if (!err)
		result = visit_all(&r, visit, context, &err);
	sqlite.finalize(r.intervals);
	free(r.hosts);
	free(r.list);
	if (err == -ENOMEM)
		fail(err, NULL, "cannot read the history");
	else if (err)
		database_fail(d, "cannot read it");
	database_run(d, "COMMIT");
	return err ? err : result;
}

/* Returns 0 or -ENOMEM. */
static int add_gap(struct gap **list, size_t *count, struct gap gap)
{
	struct gap *more = reallocarray(*list, *count + 1, sizeof(gap));

	if (!more)
		return -ENOMEM;
	more[(*count)++] = gap;
	*list = more;
	return 0;
}

int lookup_gaps(struct database *d, int64_t since_ms, int64_t until_ms, struct gap **gaps, size_t *count)
{
	sqlite3_stmt *statement = NULL;
	bool runs;
	int64_t known_until_ms = lookup_known_until(d, &runs);
	int err = database_prepare(d, &statement, "SELECT begin, end FROM gaps WHERE end > ?1 AND begin < ?2 ORDER BY begin");

	*gaps = NULL;
	*count = 0;
	if (!err)
		database_bind(statement, "ii", since_ms, until_ms);
	while (!err && sqlite.step(statement) == SQLITE_ROW)
		err = add_gap(gaps, count, (struct gap){ sqlite.column_int64(statement, 0), sqlite.column_int64(statement, 1) });
	if (!err && !runs) /* the gap that has not ended */
		err = add_gap(gaps, count, (struct gap){ known_until_ms, now_ms() });
	sqlite.finalize(statement);
	return err ? database_fail(d, "cannot read it") : 0;
}
