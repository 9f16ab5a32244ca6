// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Events to statements, by the identity of intervals. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "recorder.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
/* A change of the wall clock by more than this is a step. NTP slews smaller differences. */
#define STEP_MS 1000

#define END_UNKNOWN                                                                                      \
	"UPDATE intervals SET end = max(begin, (SELECT known_until FROM recorder)), reason = 'unknown' WHERE end IS NULL"

/*
 * An interval that was ended as unknown is among the last ones of its entry. Its beginning is computed again, because the
 * clock may have been stepped meanwhile.
 */
static const char *const statement_texts[] = {
	"INSERT INTO hosts (hostname, first_seen, last_seen) VALUES (?1, ?2, ?2)"
	" ON CONFLICT (hostname) DO UPDATE SET last_seen = max(last_seen, ?2) RETURNING id",
	"INSERT INTO entries (host, family, interface) VALUES (?1, ?2, ?3)"
	" ON CONFLICT (host, family, interface) DO UPDATE SET family = family RETURNING id",
	"UPDATE intervals SET end = NULL, reason = NULL, address = ?4,"
	" begin = CASE WHEN abs(begin - ?5) > 1000 THEN ?5 ELSE begin END"
	" WHERE entry = ?1 AND boot = ?2 AND first_seen_ns = ?3"
	" AND begin IN (SELECT begin FROM intervals WHERE entry = ?1 ORDER BY begin DESC LIMIT 8)",
	/* the interface was renamed: the interval is that of another entry of the host */
	"UPDATE intervals SET entry = ?1 WHERE boot = ?2 AND first_seen_ns = ?3 AND begin BETWEEN ?4 - 1000 AND ?4 + 1000"
	" AND entry IN (SELECT other.id FROM entries this JOIN entries other ON other.host = this.host"
	" AND other.family = this.family AND other.id <> this.id WHERE this.id = ?1)",
	END_UNKNOWN,
	END_UNKNOWN " AND entry = ?1",
	"INSERT INTO intervals (entry, begin, boot, first_seen_ns, address) VALUES (?1, ?5, ?2, ?3, ?4)",
	"UPDATE intervals SET end = max(begin, ?2), reason = ?3 WHERE entry = ?1 AND end IS NULL",
	"UPDATE hosts SET last_seen = max(last_seen, ?2) WHERE id = ?1",
	"UPDATE intervals SET address = ?2 WHERE entry = ?1 AND end IS NULL",
	"UPDATE recorder SET known_until = ?1",
	/* A host that joins stays for longer than a pulse, so a shorter gap hides nothing. The first gap begins at 0. */
	"INSERT INTO gaps SELECT known_until, ?1 FROM recorder WHERE ?1 - known_until > ?2",
};

static int64_t offset_of(const struct moment *now)
{
	return (int64_t)(now->real_ns - now->boot_ns) / (int64_t)NS_PER_MS;
}

static int64_t to_ms(const struct moment *now, uint64_t boot_ns)
{
	return (int64_t)(clock_real_ns(now, boot_ns) / NS_PER_MS);
}

static int64_t real_now_ms(void)
{
	return (int64_t)(clock_now().real_ns / NS_PER_MS);
}

static int prepare_all(struct recorder *r)
{
	sqlite3_stmt **const statements[] = {
#define X(name) &r->name,
		RECORDER_STATEMENTS(X)
#undef X
	};
	int err = 0;

	_Static_assert(sizeof(statements) / sizeof(statements[0]) == sizeof(statement_texts) / sizeof(statement_texts[0]),
		       "each statement has a text");
	for (size_t i = 0; !err && i < sizeof(statements) / sizeof(statements[0]); i++)
		err = database_prepare(&r->database, statements[i], statement_texts[i]);
	return err;
}

/* Returns 0, or -errno, reported. */
static int read_boot_id(char id[40])
{
	owned_fd fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
	ssize_t bytes = fd < 0 ? -1 : read(fd, id, 36);

	if (bytes < 0)
		return fail(-errno, NULL, "cannot read '" BOOT_ID "'");
	id[bytes] = '\0';
	return 0;
}

static int find_boot(struct recorder *r)
{
	sqlite3_stmt *statement = NULL;
	char id[40];
	int err = read_boot_id(id);

	if (err)
		return err;
	err = database_prepare(&r->database, &statement,
			       "INSERT INTO boots (boot_id) VALUES (?1)"
			       " ON CONFLICT (boot_id) DO UPDATE SET boot_id = boot_id RETURNING id");
	if (!err) {
		database_bind(statement, "t", id);
		err = database_step_number(&r->database, statement, &r->boot);
	}
	sqlite.finalize(statement);
	return err ? database_fail(&r->database, "cannot write it") : 0;
}

int recorder_open(struct recorder *r, const char *path)
{
	struct moment now = clock_now();
	int err;

	*r = (struct recorder){ .resuming = true, .offset_ms = offset_of(&now) };
	err = database_open_to_write(&r->database, path);
	if (err)
		return err;
	err = prepare_all(r);
	return err ? database_fail(&r->database, "cannot open it") : find_boot(r);
}

/* Begin the transaction with the first statement of a turn. Returns 0 or -errno, not reported. */
static int recorder_write(struct recorder *r)
{
	if (r->err || r->in_transaction)
		return r->err;
	r->err = database_run(&r->database, "BEGIN IMMEDIATE");
	r->in_transaction = !r->err;
	return r->err;
}

/* Run a bound statement in the transaction. */
static void run(struct recorder *r, sqlite3_stmt *statement)
{
	if (!r->err)
		r->err = database_step(&r->database, statement);
}

static void run_number(struct recorder *r, sqlite3_stmt *statement, int64_t *number)
{
	*number = 0;
	if (!r->err)
		r->err = database_step_number(&r->database, statement, number);
}

/* The times of open intervals were computed from the boot clock, so they follow a step of the wall clock. */
static void follow_clock(struct recorder *r)
{
	struct moment now = clock_now();
	int64_t step_ms = offset_of(&now) - r->offset_ms;
	char text[160];

	r->offset_ms += step_ms;
	if (llabs(step_ms) <= STEP_MS || r->resuming || recorder_write(r))
		return;
	snprintf(text, sizeof(text), "UPDATE intervals SET begin = begin + %" PRId64 " WHERE end IS NULL", step_ms);
	r->err = database_run(&r->database, text);
	if (!r->err)
		inform("clock stepped by %" PRId64 " ms: the times of %d open intervals were changed", step_ms,
		       sqlite.changes(r->database.db));
}

void recorder_begin_turn(struct recorder *r)
{
	r->err = 0;
	follow_clock(r);
	if (!r->resuming || recorder_write(r))
		return;
	database_bind(r->end_all, "");
	run(r, r->end_all);
	database_bind(r->gap, "ii", real_now_ms(), (int64_t)(RECORDER_PULSE_NS / NS_PER_MS));
	run(r, r->gap);
}

static const void *address_of(const struct rollcall_entry *entry, size_t *bytes)
{
	bool is_ipv4 = entry->key.family == ROLLCALL_FAMILY_IPV4;

	*bytes = is_ipv4 ? sizeof(entry->peer.ipv4) : sizeof(entry->peer.ipv6);
	return is_ipv4 ? entry->peer.ipv4 : entry->peer.ipv6;
}

/* Take the interval of E over from another entry of its host, if it has one. Returns whether it was there. */
static bool adopt(struct recorder *r, const struct table_info *info, const struct rollcall_entry *e, int64_t entry)
{
	database_bind(r->adopt, "iiii", entry, r->boot, (int64_t)e->peer.first_seen_ns, to_ms(&info->now, e->peer.first_seen_ns));
	run(r, r->adopt);
	return !r->err && sqlite.changes(r->database.db);
}

/* Run a bound statement on the interval of E, and again if that was adopted. Returns whether there is one. */
static bool run_on(struct recorder *r, sqlite3_stmt *statement, const struct table_info *info, const struct rollcall_entry *e,
		   int64_t entry)
{
	run(r, statement);
	if (!r->err && !sqlite.changes(r->database.db) && adopt(r, info, e, entry))
		run(r, statement);
	return r->err || sqlite.changes(r->database.db);
}

static void join(struct recorder *r, const struct table_info *info, const struct rollcall_entry *e, int64_t entry)
{
	size_t bytes;
	const void *address = address_of(e, &bytes);
	int64_t begin = to_ms(&info->now, e->peer.first_seen_ns), first = (int64_t)e->peer.first_seen_ns;

	database_bind(r->resume, "iiibi", entry, r->boot, first, address, bytes, begin);
	if (run_on(r, r->resume, info, e, entry))
		return;
	database_bind(r->end_open, "i", entry); /* none, unless an event was missed */
	run(r, r->end_open);
	database_bind(r->begin, "iiibi", entry, r->boot, first, address, bytes, begin);
	run(r, r->begin);
}

static void move(struct recorder *r, const struct table_info *info, const struct rollcall_entry *e, int64_t entry)
{
	size_t bytes;
	const void *address = address_of(e, &bytes);

	database_bind(r->move, "ib", entry, address, bytes);
	run_on(r, r->move, info, e, entry);
}

/* The interval ends when the entry expires; the host was seen last at its last announcement. */
static void leave(struct recorder *r, const struct table_info *info, const struct event *event, int64_t host, int64_t entry)
{
	database_bind(r->leave, "iit", entry, to_ms(&info->now, event->boot_ns), event->reason);
	run_on(r, r->leave, info, event->entry, entry);
	database_bind(r->seen, "ii", host, to_ms(&info->now, event->entry->peer.last_seen_ns));
	run(r, r->seen);
}

void recorder_take(const struct table_info *info, const struct event *event, void *context)
{
	struct recorder *r = context;
	const struct rollcall_entry *e = event->entry;
	char name[ROLLCALL_NAME_TEXT], interface[ROLLCALL_IFNAME_TEXT];
	int64_t host, entry;

	if (!e || recorder_write(r))
		return;
	rollcall_name_text(e, name);
	rollcall_ifname_text(info->slots, e->key.ifindex, interface);
	database_bind(r->host, "ti", name, to_ms(&info->now, e->peer.first_seen_ns));
	run_number(r, r->host, &host);
	database_bind(r->entry, "iit", host, (int64_t)e->key.family, interface);
	run_number(r, r->entry, &entry);
	if (!strcmp(event->event, "join"))
		join(r, info, e, entry);
	else if (!strcmp(event->event, "leave"))
		leave(r, info, event, host, entry);
	else
		move(r, info, e, entry);
}

static int recorder_failed(struct recorder *r)
{
	if (!r->failing)
		database_fail(&r->database, "events are not recorded until it can be written");
	r->failing = r->resuming = true;
	if (r->in_transaction && !sqlite.get_autocommit(r->database.db))
		database_run(&r->database, "ROLLBACK");
	r->in_transaction = false;
	return r->err;
}

int recorder_end_turn(struct recorder *r)
{
	struct moment now = clock_now();

	if (!r->err && !r->in_transaction && now.boot_ns < r->due_ns)
		return 0;
	if (!recorder_write(r)) {
		database_bind(r->pulse, "i", (int64_t)(now.real_ns / NS_PER_MS));
		run(r, r->pulse);
	}
	if (!r->err)
		r->err = database_run(&r->database, "COMMIT");
	if (r->err)
		return recorder_failed(r);
	r->in_transaction = r->resuming = false;
	r->due_ns = now.boot_ns + RECORDER_PULSE_NS;
	if (r->failing)
		inform("history '%s': events are recorded again", r->database.path);
	r->failing = false;
	return 0;
}

void recorder_close(struct recorder *r)
{
#define X(name) sqlite.finalize(r->name);
	if (r->database.db) {
		RECORDER_STATEMENTS(X)
	}
#undef X
	database_close(&r->database);
}
