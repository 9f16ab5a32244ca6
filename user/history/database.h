/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The database of the history: an SQLite file in WAL mode. One process writes it (recorder.h), any number of processes
 * of any user read it (lookup.h), also while no recorder runs, or from a read-only file system.
 *
 *	hosts		a row per hostname
 *	entries		a row per hostname, family and interface, as in the table
 *	intervals	when an entry was present. END is NULL while it is. The intervals of an entry do not overlap.
 *			An interval is identified by its entry, the boot and first_seen_ns.
 *	gaps		when no recorder wrote, so that hosts may have come and left
 *	recorder	one row: until when the recorder knows that the open intervals are present
 *
 * Times are milliseconds since 1970, addresses bytes in network order.
 */
#ifndef ROLLCALL_DATABASE_H
#define ROLLCALL_DATABASE_H

#include <stdbool.h>
#include <stdint.h>

#include "sqlite.h"

#define HISTORY_FILE "/var/lib/rollcall/history.db"

struct database {
	sqlite3 *db;
	const char *path; /* not owned */
	int lock;	  /* of the writer: a locked file; or -1 */
	int sign;	  /* of the writer, for readers: the database itself, with a lock on one byte; or -1 */
	bool has_writer;  /* a process had it open for writing when this one opened it; true for the writer */
};

#define DATABASE_NONE { .lock = -1, .sign = -1 }

/*
 * Open for writing. The file, and its directory, are created if they are missing. Returns 0 or -errno, reported: -EBUSY if
 * another recorder writes it. Close it in either case.
 */
int database_open_to_write(struct database *d, const char *path);

/* Open for reading. Returns 0 or -errno, reported: -ENOENT if there is no file. Close it in either case. */
int database_open_to_read(struct database *d, const char *path);

void database_close(struct database *d);

/* The errno for the last failure of D, not reported. */
int database_errno(const struct database *d);

/* Report that WHAT failed, with the reason and the remedy. Returns the errno. */
int database_fail(const struct database *d, const char *what);

/* Run statements without results. Returns 0 or -errno, not reported. */
int database_run(struct database *d, const char *statements);

/* Compile a statement that is used several times. Returns 0 or -errno, not reported. */
int database_prepare(struct database *d, sqlite3_stmt **statement, const char *text);

/*
 * Reset STATEMENT and bind its parameters. TYPES has a letter for each: 'i' an int64_t, 't' a text, 'b' bytes and their
 * number (size_t), 'n' NULL without an argument. Texts and bytes must outlive the next step.
 */
void database_bind(sqlite3_stmt *statement, const char *types, ...);

/* Run a bound statement until its end. Returns 0 or -errno, not reported. */
int database_step(struct database *d, sqlite3_stmt *statement);

/* Run a bound statement that returns one number. Returns 0 or -errno, not reported; -ENOENT if there is no row. */
int database_step_number(struct database *d, sqlite3_stmt *statement, int64_t *number);

/* The one number that the statement TEXT returns, or 0 if there is none or reading fails. */
int64_t database_number(struct database *d, const char *text);

#endif
