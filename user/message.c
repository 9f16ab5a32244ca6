// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Messages to the user. Nothing here decides anything. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "message.h"

static bool is_verbose;

void message_set_verbose(bool on)
{
	is_verbose = on;
}

bool message_is_verbose(void)
{
	return is_verbose;
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

	fputs("rollcall: ", stderr);
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	if (err)
		fprintf(stderr, ": %s", strerror(-err));
	if (remedy)
		fprintf(stderr, " (%s)", remedy);
	fputc('\n', stderr);
	return err ? err : -EINVAL;
}

int usage_error(const char *command, const char *what, ...)
{
	va_list args;

	fputs("rollcall: ", stderr);
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fprintf(stderr, " (see 'rollcall%s%s --help')\n", command ? " " : "", command ? command : "");
	return USAGE_ERROR;
}

static void say(const char *what, va_list args)
{
	fputs("rollcall: ", stderr);
	vfprintf(stderr, what, args);
	fputc('\n', stderr);
}

void warn(const char *what, ...)
{
	va_list args;

	va_start(args, what);
	say(what, args);
	va_end(args);
}

void verbose(const char *what, ...)
{
	va_list args;

	if (!is_verbose)
		return;
	va_start(args, what);
	say(what, args);
	va_end(args);
}
