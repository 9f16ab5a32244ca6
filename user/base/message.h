/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is said to the user, on standard error, one line each. An error is reported once, where its
 * meaning is known; what called returns the code on.
 */
#ifndef ROLLCALL_MESSAGE_H
#define ROLLCALL_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* What a command returns for wrong usage; main makes it exit status 2. Never an errno. */
#define USAGE_ERROR (-4096)

/* A line takes no more, its newline included: less than PIPE_BUF, so that a pipe takes it whole or not at all. */
#define MESSAGE_BYTES 2048

/* Takes a line with its newline. Must not wait where the caller must not. */
typedef void (*message_take)(const char *line, size_t bytes);

/* Hand each line to TAKE from now on. At the start it is message_write(). */
void message_divert(message_take take);

/*
 * To standard error. A full pipe delays the first message by at most a second, and later ones not at all: they are
 * dropped. message_write_now() never waits.
 */
void message_write(const char *line, size_t bytes);
void message_write_now(const char *line, size_t bytes);

/* One line that has its newline, such as another library's, where messages go. */
void message_line(const char *line, size_t bytes);

/* What messages begin with: "rollcall" at the start. NAME is not copied. */
void message_set_program(const char *name);
const char *message_program(void);

/* With -v, tell what is tried and what libbpf says. */
void message_set_verbose(bool verbose);
bool message_is_verbose(void);
/* While it is on, failures too are reported with -v only: the caller knows what to do about them. */
void message_expect_failure(bool on);

/*
 * "rollcall: WHAT: reason of ERR (REMEDY)". ERR is a negative errno, or 0 for no reason; REMEDY
 * may be NULL. Returns ERR, or -EINVAL when ERR is 0.
 */
int fail(int err, const char *remedy, const char *what, ...) __attribute__((format(printf, 3, 4)));

/* The one message below the minimum, whatever it is that is LACKING; -v tells. Returns -EINVAL. */
int fail_too_old(const char *lacking);

/* "rollcall: WHAT (see 'rollcall COMMAND --help')"; returns USAGE_ERROR. */
int usage_error(const char *command, const char *what, ...) __attribute__((format(printf, 2, 3)));

/* What goes as it should, which message_set_quiet() leaves out. */
void inform(const char *what, ...) __attribute__((format(printf, 1, 2)));
void message_set_quiet(bool quiet);

void warn(const char *what, ...) __attribute__((format(printf, 1, 2)));
void verbose(const char *what, ...) __attribute__((format(printf, 1, 2)));

#endif
