// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Messages to the user. Nothing here decides anything. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "message.h"

static bool is_verbose, is_expected;
static unsigned int count;

void message_set_verbose(bool on)
{
	is_verbose = on;
}

bool message_is_verbose(void)
{
	return is_verbose;
}

unsigned int message_count(void)
{
	return count;
}

/* A whole line at once, so that lines of several processes do not mix; REMEDY may be NULL. */
static void say(int err, const char *remedy, const char *what, va_list args)
{
	char line[1024];

	vsnprintf(line, sizeof(line), what, args);
	fprintf(stderr, "rollcall: %s%s%s%s%s%s\n", line, err ? ": " : "", err ? strerror(-err) : "",
		remedy ? " (" : "", remedy ? remedy : "", remedy ? ")" : "");
	count++;
}

void message_expect_failure(bool on)
{
	is_expected = on;
}

static int say_of_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	return is_verbose && level != LIBBPF_DEBUG ? vfprintf(stderr, format, args) : 0;
}

void message_take_libbpf(void)
{
	libbpf_set_print(say_of_libbpf);
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

	snprintf(remedy, sizeof(remedy), "see 'rollcall%s%s --help'", command ? " " : "", command ? command : "");
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

void verbose(const char *what, ...)
{
	va_list args;

	if (!is_verbose)
		return;
	va_start(args, what);
	say(0, NULL, what, args);
	va_end(args);
}
