// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The table of commands: their usage, the privilege they require, and their functions. */
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "announcing.h"
#include "command.h"
#include "base/message.h"
#include "base/privilege.h"
#include "base/signals.h"
#include "base/stdout.h"
#include "spelling.h"

static const struct command {
	struct usage usage;
	enum privilege privilege;
	int (*run)(const struct options *o);
} commands[] = {
	{ { "attach", "IFACE...", FOR_ATTACH, 1, ROLLCALL_SLOTS,
	    "Attach the filter, remove expired entries, and show the hosts until stopped",
	    "  rollcall attach eth0                list the hosts on eth0\n"
	    "  rollcall attach eth0 --announce     also announce this host there\n"
	    "  rollcall attach eth0 --mode native  where floods of announcements are expected\n" },
	  PRIVILEGE_ATTACH, command_attach },
	{ { "detach", "IFACE...|--all", FOR_DETACH, 0, ROLLCALL_SLOTS,
	    "Detach the filter; with the last interface the table is removed",
	    "  rollcall detach eth0   detach it from eth0\n"
	    "  rollcall detach --all  detach it everywhere and remove everything\n" },
	  PRIVILEGE_ATTACH, command_detach },
	{ { "peers", "[PATTERN...]", FOR_PEERS, 0, INT_MAX,
	    "List the hosts that are here",
	    "  rollcall peers                   one line per host\n"
	    "  rollcall peers 'web*' -f names   only hostnames, for scripts\n"
	    "  rollcall peers -f hosts -o FILE  a file like /etc/hosts\n" },
	  PRIVILEGE_NONE, command_peers },
	{ { "top", "[PATTERN...]", FOR_TOP, 0, INT_MAX,
	    "Show the hosts that are here, live and interactive",
	    "  rollcall top                 all hosts; the key ? lists the keys\n"
	    "  rollcall top 'web*' -s age   those whose name or address matches, sorted by age\n" },
	  PRIVILEGE_NONE, command_top },
	{ { "get", "NAME|ADDRESS", FOR_GET, 1, 1,
	    "Print the address of a host, or the host of an address",
	    "  rollcall get web1       the address of web1\n"
	    "  rollcall get 10.0.0.17  the hostname of 10.0.0.17\n" },
	  PRIVILEGE_NONE, command_get },
	{ { "watch", "[PATTERN...]", FOR_WATCH, 0, INT_MAX,
	    "Report joins, moves, conflicts and leaves as they happen",
	    "  rollcall watch                one line per event\n"
	    "  rollcall watch -i eth0 -j     only hosts on eth0, as JSON\n"
	    "  rollcall watch --exec ./mail  run a program for each event\n" },
	  PRIVILEGE_NONE, command_watch },
	{ { "wait", "NAME...|--count N", FOR_WAIT, 0, INT_MAX,
	    "Wait until hosts are here",
	    "  rollcall wait db1 db2 --timeout 1m  until both are here, at most a minute\n"
	    "  rollcall wait --count 16            until 16 hosts are here\n" },
	  PRIVILEGE_NONE, command_wait },
	{ ANNOUNCING_USAGE("rollcall announce"),
	  PRIVILEGE_NONE, command_announce },
	{ { "genkey", "[FILE]", FOR_GENKEY, 0, 1,
	    "Print a new key for sealed announcements, with an id that is free in FILE",
	    "  (umask 077; rollcall genkey > /etc/rollcall/key)  the first key\n"
	    "  rollcall genkey /etc/rollcall/key                 another one, to add to the file\n" },
	  PRIVILEGE_NONE, command_genkey },
	{ { "status", "[IFACE...]", FOR_STATUS, 0, ROLLCALL_SLOTS,
	    "Print what is attached, and whether announcements are received",
	    "  rollcall status          every interface, with what to do where it is blocked\n"
	    "  rollcall status eth0 -j  one interface, for programs\n"
	    "  rollcall status --check  for monitoring: exit status 1 and the reason if anything is wrong\n" },
	  PRIVILEGE_NONE, command_status },
	{ { "record", "", FOR_RECORD, 0, 0,
	    "Keep the history of joins and leaves in a database",
	    "  rollcall record                     until stopped; rollcall-record.service does it\n"
	    "  rollcall record --retain 30d        of the last 30 days\n" },
	  PRIVILEGE_NONE, command_record },
	{ { "history", "[PATTERN...]", FOR_HISTORY, 0, INT_MAX,
	    "Print which hosts were here, and when",
	    "  rollcall history web1               when web1 was here in the last 7 days\n"
	    "  rollcall history --last             when each host was last seen\n"
	    "  rollcall history -t --since 1d      a time line of the last day, one row per host\n" },
	  PRIVILEGE_NONE, command_history },
	{ { "missing", "", FOR_MISSING, 0, 0,
	    "Print known or expected hosts that are not here; exit status 1 if there are any",
	    "  rollcall missing --since 1d          hosts that were here in the last day\n"
	    "  rollcall missing --expect /etc/hosts.expected\n" },
	  PRIVILEGE_NONE, command_missing },
	{ { "metrics", "", FOR_METRICS, 0, 0,
	    "Print what status shows for Prometheus, or the hosts as its targets",
	    "  rollcall metrics -o /var/lib/node_exporter/rollcall.prom  for the textfile collector\n"
	    "  rollcall metrics --sd -o targets.json                     for file_sd\n" },
	  PRIVILEGE_NONE, command_metrics },
	{ SERVING_USAGE("rollcall serve"),
	  PRIVILEGE_NONE, command_serve },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))
#define HELP "help" /* a command without options */

static void print_usage(FILE *out)
{
	fputs("Usage: rollcall COMMAND [OPTION]...\n\nPrint which Linux hosts are on this LAN right now.\n\nCommands:\n", out);
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(out, "  %-10s %-18s %s\n", commands[i].usage.name, commands[i].usage.args,
			commands[i].usage.help);
	fprintf(out, "  %-10s %-18s %s\n", HELP, "[COMMAND]", "Print the help of a command");
	option_print(out, FOR_PROGRAM);
	fputs("\nExamples:\n"
	      "  rollcall attach eth0 --announce  receive announcements on eth0, and announce this host\n"
	      "  rollcall peers                   list the hosts, in another terminal\n"
	      "\nSee 'rollcall COMMAND --help' and rollcall(8).\n", out);
}

/* NAME may be an unambiguous abbreviation. *FOUND is NULL for "help". Returns 0 or USAGE_ERROR, reported. */
static int command_find(const char *name, const struct command **found)
{
	struct spelling spelling;

	*found = NULL;
	spelling_begin(&spelling, name, "command", "");
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		spelling_compare(&spelling, commands[i].usage.name);
		if (spelling_abbreviates(name, commands[i].usage.name))
			*found = &commands[i];
		if (!strcmp(name, commands[i].usage.name))
			return 0;
	}
	spelling_compare(&spelling, HELP);
	if (!strcmp(name, HELP) || spelling.abbreviated == 1)
		return 0;
	return spelling_report(&spelling, NULL, name);
}

static int command_start(const struct command *c, struct options *o)
{
	const struct usage *usage = &c->usage;
	int err = options_parse(o, usage->bit, usage->name);

	if (err)
		return err;
	if (option_answer(stdout, &o->words, usage, usage->name))
		return 0;
	err = option_check_args(&o->words, usage, usage->name);
	if (err)
		return err;
	err = privilege_check(c->privilege, usage->name);
	if (err)
		return err;
	return c->run(o);
}

/* help [COMMAND] */
static int help(const struct words *words)
{
	struct words asked = { .given = 1ULL << OPT_HELP };
	const struct command *command;
	int err;

	if (words->arg_count > 2)
		return usage_error(NULL, "unexpected argument '%s'", words->args[2]);
	if (words->arg_count < 2 || !strcmp(words->args[1], "--help") || !strcmp(words->args[1], "-h")) {
		print_usage(stdout);
		return 0;
	}
	err = command_find(words->args[1], &command);
	if (err)
		return err;
	if (command)
		option_answer(stdout, &asked, &command->usage, command->usage.name);
	else
		print_usage(stdout);
	return 0;
}

static int main_run(struct options *o)
{
	const struct command *command;
	int err = options_parse(o, FOR_PROGRAM, NULL);

	if (err)
		return err;
	if (option_given(o, OPT_VERSION)) {
		option_print_version(stdout);
		return 0;
	}
	if (option_given(o, OPT_HELP)) {
		print_usage(stdout);
		return 0;
	}
	if (!o->words.arg_count) {
		print_usage(stderr);
		return usage_error(NULL, "no command was given");
	}
	err = command_find(o->words.args[0], &command);
	if (err)
		return err;
	return command ? command_start(command, o) : help(&o->words);
}

int main(int argc, char **argv)
{
	struct options options;
	int err;

	signals_begin();
	err = stdout_take();
	setlocale(LC_CTYPE, "");
	options_init(&options);
	options.words = (struct words){ .args = argv, .arg_count = argc };
	if (!err)
		err = stdout_finish(main_run(&options));
	return err == USAGE_ERROR ? 2 : err != 0;
}
