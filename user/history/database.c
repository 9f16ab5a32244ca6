// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Opens the database: the schema, the lock of the writer, and the ways of a reader who may not write. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "database.h"

#define APPLICATION_ID	0x726f6c6c /* "roll" */
#define SCHEMA_VERSION	1
#define SIGN_OFFSET	APPLICATION_ID /* SQLite locks bytes from 0x40000000 to 0x400001ff */
#define BUSY_TIMEOUT_MS 5000

#define TEXT_OF(x)  #x
#define VALUE_OF(x) TEXT_OF(x)

/*
 * The intervals of an entry are stored together and in order (WITHOUT ROWID), because nearly every question is about
 * some entries during some time. The partial index finds the open ones, and allows one per entry.
 */
static const char schema[] =
	"CREATE TABLE hosts (id INTEGER PRIMARY KEY, hostname TEXT NOT NULL UNIQUE,"
	" first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL);"
	"CREATE TABLE entries (id INTEGER PRIMARY KEY, host INTEGER NOT NULL REFERENCES hosts, family INTEGER NOT NULL,"
	" interface TEXT NOT NULL, UNIQUE (host, family, interface));"
	"CREATE TABLE boots (id INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE);"
	"CREATE TABLE intervals (entry INTEGER NOT NULL REFERENCES entries, begin INTEGER NOT NULL,"
	" boot INTEGER NOT NULL REFERENCES boots, first_seen_ns INTEGER NOT NULL, end INTEGER, reason TEXT, address BLOB NOT NULL,"
	" PRIMARY KEY (entry, begin, boot, first_seen_ns)) WITHOUT ROWID;"
	"CREATE UNIQUE INDEX open_intervals ON intervals (entry) WHERE end IS NULL;"
	"CREATE TABLE gaps (begin INTEGER NOT NULL, end INTEGER NOT NULL);"
	"CREATE TABLE recorder (known_until INTEGER NOT NULL);"
	"INSERT INTO recorder VALUES (0);"
	"PRAGMA application_id = " VALUE_OF(APPLICATION_ID) ";"
	"PRAGMA user_version = " VALUE_OF(SCHEMA_VERSION) ";";

int database_errno(const struct database *d)
{
	switch (sqlite.extended_errcode(d->db) & 0xff) {
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		return -EACCES;
	default:
		return -EIO;
	}
}

static const char *database_remedy(int err)
{
	switch (err) {
	case -EUCLEAN:
		return "if it was a history, move it away: 'rollcall record' creates a new one";
	case -ENOSPC:
		return "make room, or set --max-size";
	case -EROFS:
	case -EACCES:
		return "check the permissions of the file and of its directory";
	default:
		return NULL;
	}
}

int database_fail(const struct database *d, const char *what)
{
	int err = database_errno(d);

	fail(0, database_remedy(err), "history '%s': %s: %s", d->path, what, sqlite.errmsg(d->db));
	return err;
}

int database_run(struct database *d, const char *statements)
{
	return sqlite.exec(d->db, statements, NULL, NULL, NULL) ? database_errno(d) : 0;
}

int database_prepare(struct database *d, sqlite3_stmt **statement, const char *text)
{
	return sqlite.prepare_v3(d->db, text, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL) ? database_errno(d) : 0;
}

void database_bind(sqlite3_stmt *statement, const char *types, ...)
{
	const void *bytes;
	va_list values;

	sqlite.reset(statement);
	va_start(values, types);
	for (int i = 1; types[i - 1]; i++) {
		switch (types[i - 1]) {
		case 'i':
			sqlite.bind_int64(statement, i, va_arg(values, int64_t));
			break;
		case 't':
			sqlite.bind_text(statement, i, va_arg(values, const char *), -1, SQLITE_STATIC);
			break;
		case 'b':
			bytes = va_arg(values, const void *);
			sqlite.bind_blob(statement, i, bytes, (int)va_arg(values, size_t), SQLITE_STATIC);
			break;
		default:
			sqlite.bind_null(statement, i);
		}
	}
	va_end(values);
}

int database_step(struct database *d, sqlite3_stmt *statement)
{
	int result = sqlite.step(statement), err = result == SQLITE_DONE || result == SQLITE_ROW ? 0 : database_errno(d);

	sqlite.reset(statement);
	return err;
}

int database_step_number(struct database *d, sqlite3_stmt *statement, int64_t *number)
{
	int result = sqlite.step(statement), err = 0;

	if (result == SQLITE_ROW)
		*number = sqlite.column_int64(statement, 0);
	else
		err = result == SQLITE_DONE ? -ENOENT : database_errno(d);
	sqlite.reset(statement);
	return err;
}

int64_t database_number(struct database *d, const char *text)
{
	sqlite3_stmt *statement = NULL;
	int64_t number = 0;

	if (!database_prepare(d, &statement, text))
		database_step_number(d, statement, &number);
	sqlite.finalize(statement);
	return number;
}

/* A new file has neither number. Returns 0, or -errno, reported. */
static int database_check(struct database *d, bool *is_new)
{
	int64_t application, version;

	*is_new = false;
	/* the first statement that reads the file, so it finds what is wrong with the file */
	if (database_run(d, "SELECT count(*) FROM sqlite_master"))
		return database_errno(d);
	application = database_number(d, "PRAGMA application_id");
	version = database_number(d, "PRAGMA user_version");
	*is_new = !application && !version && !database_number(d, "SELECT count(*) FROM sqlite_master");
	if (*is_new || (application == APPLICATION_ID && version == SCHEMA_VERSION))
		return 0;
	if (application != APPLICATION_ID)
		return fail(0, "--db FILE names another file", "history '%s': this is a database of another program", d->path);
	return fail(0, "--db FILE names another file, or install that version", "history '%s': it was written by another version of rollcall (schema %lld, not %d)",
		    d->path, (long long)version, SCHEMA_VERSION);
}

/* Only the directory that is directly above the file is created. */
static int database_make_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	if (!slash || slash == path)
		return 0;
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	if (!mkdir(dir, 0755) || errno == EEXIST)
		return 0;
	return fail(-errno, NULL, "cannot create '%s'", dir);
}

/* The lock is a file that only the writer's user can open, so that no other user can hold it. */
static int database_lock(struct database *d)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s.lock", d->path) >= (int)sizeof(path))
		return fail(-ENAMETOOLONG, NULL, "history '%s'", d->path);
	d->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (d->lock < 0)
		return fail(-errno, errno == EACCES ? "record as the user that owns it" : NULL, "cannot open '%s'", path);
	if (!flock(d->lock, LOCK_EX | LOCK_NB))
		return 0;
	if (errno != EWOULDBLOCK)
		return fail(-errno, NULL, "cannot lock '%s'", path);
	fail(0, "stop it first, or choose another --db", "history '%s': another 'rollcall record' writes it", d->path);
	return -EBUSY;
}

/*
 * The kernel releases the lock when the writer exits, however it does. It is a read lock, because every user can read the
 * file: another user can hold one too, but cannot keep the writer from it. It belongs to the open file (F_OFD_SETLK),
 * because locks of the process are SQLite's.
 */
static int database_sign(struct database *d)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = SIGN_OFFSET, .l_len = 1 };

	d->sign = open(d->path, O_RDONLY | O_CLOEXEC);
	if (d->sign < 0 || fcntl(d->sign, F_OFD_SETLK, &lock))
		return fail(-errno, NULL, "cannot lock '%s'", d->path);
	d->has_writer = true;
	return 0;
}

/* Whether a writer runs. Closing the file removes the locks of SQLite in this process, so it must not be open there. */
static bool database_is_signed(const char *path)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = SIGN_OFFSET, .l_len = 1 };
	owned_fd fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd >= 0 && !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
}

/*
 * The files of the write-ahead log stay when the database is closed: a user who may not create them could not open the
 * database without them. auto_vacuum must be set before the first table is created.
 */
static int database_set_up(struct database *d)
{
	int keep = 1;
	bool is_new;
	int err = database_check(d, &is_new);

	if (err)
		return err;
	sqlite.file_control(d->db, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
	if (is_new)
		err = database_run(d, "PRAGMA auto_vacuum = INCREMENTAL");
	if (!err)
		err = database_run(d, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 4194304");
	if (!err && is_new) {
		err = database_run(d, "BEGIN IMMEDIATE");
		if (!err)
			err = database_run(d, schema);
		if (!err)
			err = database_run(d, "COMMIT");
	}
	return err;
}

static int open_file(struct database *d, const char *name, int flags)
{
	int result = sqlite.open_v2(name, &d->db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (!d->db)
		return -ENOMEM;
	sqlite.extended_result_codes(d->db, 1);
	sqlite.busy_timeout(d->db, BUSY_TIMEOUT_MS);
	return result ? database_errno(d) : 0;
}

/* A FIFO would block, a device would be written. A file that is missing is created. */
static int database_check_type(const char *path)
{
	struct stat st;

	if (!stat(path, &st) && !S_ISREG(st.st_mode))
		return fail(0, "--db FILE names another file", "history '%s': not a regular file", path);
	return 0;
}

int database_open_to_write(struct database *d, const char *path)
{
	int err = sqlite_load();

	*d = (struct database)DATABASE_NONE;
	d->path = path;
	if (!err)
		err = database_check_type(path);
	if (!err)
		err = database_make_directory(path);
	if (!err)
		err = database_lock(d);
	if (err)
		return err;
	err = open_file(d, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	if (!err)
		err = database_set_up(d);
	if (err)
		return err != -EINVAL ? database_fail(d, "cannot open it") : err;
	return database_sign(d);
}

/* Write "file:PATH?OPTION", with the characters of PATH escaped that have a meaning in a URI. */
static void write_uri(const char *path, const char *option, char *uri, size_t room)
{
	size_t used = (size_t)snprintf(uri, room, "file:");

	for (; *path && used + 4 < room; path++)
		used += (size_t)snprintf(uri + used, room - used, strchr("%?#", *path) ? "%%%02X" : "%c", *path);
	snprintf(uri + used, room - used, "?%s", option);
}

static bool has_log(const char *path)
{
	char log[PATH_MAX];
	struct stat st;

	snprintf(log, sizeof(log), "%s-wal", path);
	return !stat(log, &st) && st.st_size > 0;
}

/*
 * A file without a log is complete in itself. If SQLite cannot create the files of the log beside it, because the file
 * system is read-only or this user may not, it is opened as a file that nobody changes.
 */
static int open_to_read(struct database *d, bool immutable, bool *is_new)
{
	char uri[3 * PATH_MAX];
	int err;

	write_uri(d->path, immutable ? "mode=ro&immutable=1" : "mode=ro", uri, sizeof(uri));
	err = open_file(d, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
	return err ? err : database_check(d, is_new);
}

int database_open_to_read(struct database *d, const char *path)
{
	bool is_new = false;
	int err = sqlite_load();

	*d = (struct database)DATABASE_NONE;
	d->path = path;
	if (!err)
		err = database_check_type(path);
	if (err)
		return err;
	if (access(path, R_OK))
		return fail(-errno, errno == ENOENT ? "'rollcall record' keeps a history" : NULL, "cannot read history '%s'", path);
	d->has_writer = database_is_signed(path);
	err = open_to_read(d, false, &is_new);
	if ((err == -EACCES || err == -EROFS) && !has_log(path)) {
		sqlite.close_v2(d->db);
		err = open_to_read(d, true, &is_new);
	}
	if (!err && is_new)
		return fail(0, "'rollcall record' keeps a history", "history '%s' is empty", path);
	return err && err != -EINVAL ? database_fail(d, "cannot read it") : err;
}

void database_close(struct database *d)
{
	if (d->db)
		sqlite.close_v2(d->db);
	cleanup_fd(&d->sign);
	cleanup_fd(&d->lock);
	*d = (struct database)DATABASE_NONE;
}
