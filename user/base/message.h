/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Messages to the user: one line each, on standard error. An error is reported once, by the function that knows what it
 * means. The callers of that function only return the code.
 */
#ifndef ROLLCALL_MESSAGE_H
#define ROLLCALL_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A command returns this for wrong usage, and main() exits with status 2. It is not an errno. */
#define USAGE_ERROR (-4096)

/* The longest line, with its newline. It is less than PIPE_BUF, so a write to a pipe is atomic. */
#define MESSAGE_BYTES 2048

/* Takes a line with its newline. In a process that must not block, it must not block either. */
typedef void (*message_take)(const char *line, size_t bytes);

/* Pass each line to TAKE from now on. The default is message_write(). */
void message_divert(message_take take);

/*
 * Write to standard error. If standard error is full, message_write() waits at most a second for room, and then drops
 * the message. Later messages do not wait until one could be written. message_write_now() never waits.
 */
void message_write(const char *line, size_t bytes);
void message_write_now(const char *line, size_t bytes);

/*
 * Replace bytes that are not printable characters of the locale. A name or argument in a message can then not break the
 * line or control a terminal.
 */
void message_clean(char *text);

/* Write a line that is already formatted, such as a message of libbpf. It ends with a newline. */
void message_line(const char *line, size_t bytes);

/* Set the name that messages begin with. The default is "rollcall". NAME is not copied. */
void message_set_program(const char *name);
const char *message_program(void);

/* With -v, report each attempt, and the messages of libbpf. */
void message_set_verbose(bool verbose);
bool message_is_verbose(void);
/* While it is on, fail() reports only with -v, because the caller handles the failure. */
void message_expect_failure(bool on);

/*
 * Report "rollcall: WHAT: text of ERR (REMEDY)". ERR is a negative errno, or 0 for no text. REMEDY may be NULL. Returns
 * ERR, or -EINVAL when ERR is 0.
 */
int fail(int err, const char *remedy, const char *what, ...) __attribute__((format(printf, 3, 4)));

/*
 * Report that the kernel is older than the minimum. LACKING is what it lacks; it is printed with -v. Returns -EINVAL.
 */
int fail_too_old(const char *lacking);

/* Report "rollcall: WHAT (see 'rollcall COMMAND --help')". Returns USAGE_ERROR. */
int usage_error(const char *command, const char *what, ...) __attribute__((format(printf, 2, 3)));

/* Report normal progress. message_set_quiet() turns these messages off. */
void inform(const char *what, ...) __attribute__((format(printf, 1, 2)));
void message_set_quiet(bool quiet);

void warn(const char *what, ...) __attribute__((format(printf, 1, 2)));
void verbose(const char *what, ...) __attribute__((format(printf, 1, 2)));

#endif
