// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Removal in transactions of bounded size, so that the log stays small. */
#include <errno.h>

#include "base/clock.h"
#include "base/message.h"
#include "retention.h"

#define ENTRIES_PER_TRANSACTION 256
/* To make the database smaller, this part of the time that it covers is removed at once. */
#define SHRINK_PART  50
#define SHRINK_STEPS 200 /* with the last ones half of it */

/* Intervals of one entry do not overlap, so those that ended before a time are the first ones of the entry. */
#define REMOVE_TEXT                                                                                     \
	"DELETE FROM intervals WHERE entry > ?1 AND entry <= ?2 AND begin < ?3 AND end < ?3"

static int remove_before(struct database *d, int64_t before_ms)
{
	sqlite3_stmt *statement = NULL;
	int64_t last = database_number(d, "SELECT max(id) FROM entries");
	int err = database_prepare(d, &statement, REMOVE_TEXT);

	for (int64_t id = 0; !err && id < last; id += ENTRIES_PER_TRANSACTION) {
		database_bind(statement, "iii", id, id + ENTRIES_PER_TRANSACTION, before_ms);
		err = database_step(d, statement);
	}
	sqlite.finalize(statement);
	statement = NULL;
	if (!err)
		err = database_prepare(d, &statement, "DELETE FROM gaps WHERE end < ?1");
	if (!err) {
		database_bind(statement, "i", before_ms);
		err = database_step(d, statement);
	}
	sqlite.finalize(statement);
	return err;
}

/* Entries and hosts without an interval are removed too, and the pages that became free. */
static int remove_empty(struct database *d)
{
	int err = database_run(d, "DELETE FROM entries WHERE NOT EXISTS (SELECT 1 FROM intervals WHERE entry = entries.id)");

	if (!err)
		err = database_run(d, "DELETE FROM hosts WHERE NOT EXISTS (SELECT 1 FROM entries WHERE host = hosts.id)");
	if (!err)
		err = database_run(d, "PRAGMA incremental_vacuum");
	return err;
}

static uint64_t size_of(struct database *d)
{
	return (uint64_t)((database_number(d, "PRAGMA page_count") - database_number(d, "PRAGMA freelist_count")) *
			  database_number(d, "PRAGMA page_size"));
}

/* Remove the oldest intervals until the database is small enough, or only the open ones are left. */
static int shrink(struct database *d, uint64_t max_bytes, int64_t now_ms)
{
	int err = 0;

	for (int step = 0; !err && step < SHRINK_STEPS && size_of(d) > max_bytes; step++) {
		int64_t oldest_ms = database_number(d, "SELECT min(first) FROM (SELECT (SELECT min(begin) FROM intervals"
						       " WHERE entry = entries.id) AS first FROM entries)");
		int64_t before_ms = oldest_ms + (now_ms - oldest_ms) / (step < SHRINK_STEPS / 2 ? SHRINK_PART : 2);

		err = remove_before(d, before_ms);
		if (!err)
			err = remove_empty(d);
	}
	return err;
}

int retention_apply(struct database *d, const struct retention *retention)
{
	struct moment now = clock_now();
	int64_t now_ms = (int64_t)(now.real_ns / NS_PER_MS);
	int err = 0;

	if (retention->age_ns) {
		err = remove_before(d, now_ms - (int64_t)(retention->age_ns / NS_PER_MS));
		if (!err)
			err = remove_empty(d);
	}
	if (!err && retention->max_bytes)
		err = shrink(d, retention->max_bytes, now_ms);
	return err ? database_fail(d, "cannot remove old intervals") : 0;
}
