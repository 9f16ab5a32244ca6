// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The commands, who may run them and how they are called: one table dispatches and prints the usage. */
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "base/message.h"
#include "base/output.h"
#include "base/privilege.h"
#include "base/signals.h"
#include "base/version.h"

static const struct command {
	const char *name;
	const char *args;
	int bit; /* in options.h */
	int min_args, max_args;
	enum privilege privilege;
	int (*run)(const struct options *o);
	const char *help;
} commands[] = {
	{ "attach", "IFACE...", FOR_ATTACH, 1, ROLLCALL_SLOTS, PRIVILEGE_ATTACH, command_attach,
	  "attach the filter, sweep, and print the live table until stopped" },
	{ "detach", "IFACE...|--all", FOR_DETACH, 0, ROLLCALL_SLOTS, PRIVILEGE_ATTACH, command_detach,
	  "detach the filter; the last one out removes the table" },
	{ "peers", "[GLOB]", FOR_PEERS, 0, 1, PRIVILEGE_NONE, command_peers,
	  "who is here now" },
	{ "get", "NAME", FOR_GET, 1, 1, PRIVILEGE_NONE, command_get,
	  "the address of one host; exit status 1 if it is not here" },
	{ "watch", "[GLOB]", FOR_WATCH, 0, 1, PRIVILEGE_NONE, command_watch,
	  "joins, moves and leaves as they happen" },
	{ "wait", "NAME...|--count N", FOR_WAIT, 0, INT_MAX, PRIVILEGE_NONE, command_wait,
	  "until they are here; exit status 1 if they are not in time" },
	{ "announce", "IFACE...", FOR_ANNOUNCE, 1, ROLLCALL_SLOTS, PRIVILEGE_NONE, command_announce,
	  "call this host's name" },
	{ "status", "", FOR_STATUS, 0, 0, PRIVILEGE_NONE, command_status,
	  "what is attached, how, and how every frame ended" },
	{ "metrics", "", FOR_METRICS, 0, 0, PRIVILEGE_NONE, command_metrics,
	  "the same for Prometheus; with --sd, the live peers as its targets" },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *out)
{
	fputs("Usage: rollcall COMMAND [OPTION]...\n\nWhich Linux hosts are on this LAN, right now.\n\n", out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-10s %-18s %s\n", commands[i].name, commands[i].args, commands[i].help);
	fputs("\nOptions:\n", out);
	options_print(out, FOR_PROGRAM);
	fputs("\n'rollcall COMMAND --help' tells the rest.\n", out);
}

static void print_version(void)
{
	puts("rollcall " VERSION);
}

static void print_command_usage(const struct command *c)
{
	printf("Usage: rollcall %s [OPTION]... %s\n\n%s\n\n", c->name, c->args, c->help);
	options_print(stdout, c->bit);
}

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	return NULL;
}

static int command_start(const struct command *c, struct options *o)
{
	int err = options_parse(o, c->bit, c->name, o->arg_count, o->args);

	if (err)
		return err;
	if (option_given(o, OPT_VERSION)) {
		print_version();
		return 0;
	}
	if (option_given(o, OPT_HELP)) {
		print_command_usage(c);
		return 0;
	}
	if (o->arg_count < c->min_args)
		return usage_error(c->name, "'%s' wants %s", c->name, c->args);
	if (o->arg_count > c->max_args)
		return usage_error(c->name, "unexpected argument '%s'", o->args[c->max_args]);
	err = privilege_check(c->privilege, c->name);
	if (err)
		return err;
	return c->run(o);
}

static int main_run(struct options *o, int argc, char **argv)
{
	const struct command *command;
	int err = options_parse(o, FOR_PROGRAM, NULL, argc, argv);

	if (err)
		return err;
	if (option_given(o, OPT_VERSION)) {
		print_version();
		return 0;
	}
	if (option_given(o, OPT_HELP)) {
		print_usage(stdout);
		return 0;
	}
	if (!o->arg_count) {
		print_usage(stderr);
		return USAGE_ERROR;
	}
	command = command_find(o->args[0]);
	if (!command)
		return usage_error(NULL, "unknown command '%s'", o->args[0]);
	return command_start(command, o);
}

int main(int argc, char **argv)
{
	struct options options;
	int err;

	signals_begin();
	err = output_take_stdout();
	setlocale(LC_CTYPE, "");
	options_init(&options);
	if (!err)
		err = output_finish_stdout(main_run(&options, argc, argv));
	return err == USAGE_ERROR ? 2 : err != 0;
}
