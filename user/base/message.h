/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What is said to the user, on standard error, one line each. An error is said once, where its
 * meaning is known; what called returns the code on.
 */
#ifndef ROLLCALL_MESSAGE_H
#define ROLLCALL_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>

/* What a command returns for wrong usage; main makes it exit status 2. Never an errno. */
#define USAGE_ERROR (-4096)

/* How many lines were said so far: a picture on the same terminal has moved by as many. */
unsigned int message_count(void);

/* With -v, tell what is tried and what libbpf says. */
void message_set_verbose(bool verbose);
bool message_is_verbose(void);
/* From now on libbpf says what it says with -v only. */
void message_take_libbpf(void);
/* While it is on, failures too are told with -v only: the caller knows what to do about them. */
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

void warn(const char *what, ...) __attribute__((format(printf, 1, 2)));
void verbose(const char *what, ...) __attribute__((format(printf, 1, 2)));

#endif
