/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SQLite, loaded when the first database is opened. It is not linked, because the loader is the same program: its memory
 * and the libraries that it maps as root stay small.
 */
#ifndef ROLLCALL_SQLITE_H
#define ROLLCALL_SQLITE_H

#include <sqlite3.h>

#define SQLITE_FUNCTIONS(X)                                                                            \
	X(open_v2) X(close_v2) X(exec) X(prepare_v3) X(step) X(reset) X(finalize) X(bind_int64)        \
	X(bind_text) X(bind_blob) X(bind_null) X(column_int64) X(column_text) X(column_blob)           \
	X(column_bytes) X(column_type) X(errmsg) X(extended_errcode) X(extended_result_codes)          \
	X(busy_timeout) X(changes) X(file_control) X(get_autocommit) X(libversion)

/* Its functions: sqlite.step() is sqlite3_step(). */
struct sqlite {
#define X(name) __typeof__(&sqlite3_##name) name; /* NOLINT(bugprone-macro-parentheses): a declaration */
	SQLITE_FUNCTIONS(X)
#undef X
};

extern struct sqlite sqlite;

/* Returns 0 or -errno, reported. It may be called again. */
int sqlite_load(void);

#endif
