// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Formatting messages, and writing them to standard error. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "message.h"
#include "nowait.h"

/* How long a message waits for room on standard error. After a timeout, messages do not wait until one was written. */
#define WAIT_MS 1000

static const char *program = "rollcall";
static bool is_verbose, is_quiet, is_expected;
static message_take take_line = message_write;

void message_set_program(const char *name)
{
	program = name;
}

const char *message_program(void)
{
	return program;
}

void message_set_verbose(bool on)
{
	is_verbose = on;
}

bool message_is_verbose(void)
{
	return is_verbose;
}

void message_divert(message_take take)
{
	take_line = take;
}

void message_write_now(const char *line, size_t bytes)
{
	while (bytes) {
		ssize_t written = nowait_write(STDERR_FILENO, line, bytes);

		if (written <= 0)
			return; /* standard error failed: there is nowhere to report it */
		line += written;
		bytes -= (size_t)written;
	}
}

void message_write(const char *line, size_t bytes)
{
	static bool has_waited;
	struct pollfd room = { .fd = STDERR_FILENO, .events = POLLOUT };

	has_waited = poll(&room, 1, has_waited ? 0 : WAIT_MS) <= 0;
	if (!has_waited)
		message_write_now(line, bytes);
}

void message_clean(char *text)
{
	mbstate_t state = {};

	while (*text) {
		wchar_t character;
		size_t bytes = mbrtowc(&character, text, strlen(text), &state);

		if (bytes <= MB_LEN_MAX && iswprint((wint_t)character)) {
			text += bytes;
			continue;
		}
		*text++ = '?';
		state = (mbstate_t){};
	}
}

/* Write the line in one piece, so that lines of several processes do not mix. REMEDY may be NULL. */
static void say(int err, const char *remedy, const char *what, va_list args)
{
	char line[MESSAGE_BYTES], text[MESSAGE_BYTES / 2];
	int bytes;

	vsnprintf(text, sizeof(text), what, args);
	message_clean(text);
	bytes = snprintf(line, sizeof(line), "%s: %s%s%s%s%s%s\n", program, text, err ? ": " : "", err ? strerror(-err) : "",
			 remedy ? " (" : "", remedy ? remedy : "", remedy ? ")" : "");
	if (bytes >= (int)sizeof(line)) {
		bytes = (int)sizeof(line) - 1;
		line[bytes - 1] = '\n';
	}
	take_line(line, (size_t)bytes);
}

void message_expect_failure(bool on)
{
	is_expected = on;
}

void message_line(const char *line, size_t bytes)
{
	take_line(line, bytes);
}

int fail(int err, const char *remedy, const char *what, ...)
{
	va_list args;

	if (is_expected && !is_verbose)
		return err ? err : -EINVAL;
	va_start(args, what);
	say(err, remedy, what, args);
	va_end(args);
	return err ? err : -EINVAL;
}

int fail_too_old(const char *lacking)
{
	struct utsname here;

	verbose("this kernel lacks %s", lacking);
	return fail(0, NULL, "this kernel is too old: rollcall needs Linux 5.15 or newer, this is %s",
		    uname(&here) ? "an older one" : here.release);
}

int usage_error(const char *command, const char *what, ...)
{
	char remedy[64];
	va_list args;

	snprintf(remedy, sizeof(remedy), "see '%s%s%s --help'", program, command ? " " : "", command ? command : "");
	va_start(args, what);
	say(0, remedy, what, args);
	va_end(args);
	return USAGE_ERROR;
}

void warn(const char *what, ...)
{
	va_list args;

	va_start(args, what);
	say(0, NULL, what, args);
	va_end(args);
}

void message_set_quiet(bool quiet)
{
	is_quiet = quiet;
}

void inform(const char *what, ...)
{
	va_list args;

	if (is_quiet)
		return;
	va_start(args, what);
	say(0, NULL, what, args);
	va_end(args);
}

void verbose(const char *what, ...)
{
	va_list args;

	if (!is_verbose)
		return;
	va_start(args, what);
	say(0, NULL, what, args);
	va_end(args);
}
