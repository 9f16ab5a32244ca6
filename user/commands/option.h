/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The options of all programs: rollcall, rollcall-announce and rollcall-serve. There is one list (option_rows.c), one parser, and one
 * function that prints the help of a command from the list.
 */
#ifndef ROLLCALL_OPTION_H
#define ROLLCALL_OPTION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Commands as bits: the set of those that take an option. */
enum {
	FOR_ATTACH = 1 << 0,
	FOR_DETACH = 1 << 1,
	FOR_PEERS = 1 << 2,
	FOR_GET = 1 << 3,
	FOR_ANNOUNCE = 1 << 4,
	FOR_STATUS = 1 << 5,
	FOR_WATCH = 1 << 6,
	FOR_WAIT = 1 << 7,
	FOR_METRICS = 1 << 8,
	FOR_PROGRAM = 1 << 9, /* options before the command */
	FOR_TOP = 1 << 10,
	FOR_RECORD = 1 << 11,
	FOR_HISTORY = 1 << 12,
	FOR_MISSING = 1 << 13,
	FOR_SERVE = 1 << 14,
	FOR_GENKEY = 1 << 15,
	FOR_EVERY = ~0,
};

enum option_id {
	OPT_MODE, OPT_CONSUME, OPT_KEEP, OPT_REPLACE,
	OPT_MAX_PEERS, OPT_PER_SOURCE, OPT_EXPIRY,
	OPT_KEY, OPT_ACCEPT_UNSEALED, OPT_MAX_SKEW, OPT_IGNORE_GOODBYE,
	OPT_ANNOUNCE, OPT_HOSTNAME, OPT_INTERVAL, OPT_COUNT, OPT_ALSO_PLAIN, OPT_ALL_LINKS, OPT_EXCLUDE,
	OPT_GROUP, OPT_GROUP6, OPT_PORT, OPT_PREFIX,
	OPT_ALL, OPT_INTERFACE, OPT_IPV4, OPT_IPV6, OPT_TIMEOUT,
	OPT_SELF, OPT_SORT, OPT_REVERSE, OPT_FIELDS, OPT_FOLLOW, OPT_NO_HEADER, OPT_COUNT_HOSTS, OPT_FORMAT, OPT_JSON, OPT_OUTPUT, OPT_SD, OPT_SD_PORT,
	OPT_DB, OPT_RETAIN, OPT_MAX_SIZE, OPT_SINCE, OPT_UNTIL, OPT_LAST, OPT_TIMELINE, OPT_EXPECT,
	OPT_LISTEN, OPT_HOST, OPT_HOST_SERIES, OPT_MAX_SERIES,
	OPT_EXEC, OPT_EXEC_TIMEOUT, OPT_CHECK, OPT_REQUIRE_PEERS,
	OPT_PIN_DIR, OPT_QUIET, OPT_VERBOSE, OPT_HELP, OPT_VERSION,
	OPT_COUNT_OF_ALL,
};

/* The heading of an option in the help. */
enum option_group { GROUP_ATTACH, GROUP_TABLE, GROUP_ANNOUNCE, GROUP_WIRE, GROUP_HISTORY, GROUP_HTTP, GROUP_SELECT, GROUP_OUTPUT, GROUP_GENERAL };

/*
 * An option and its help, for the commands in COMMANDS. An option with different help for other commands has several
 * rows, with the same id and name.
 */
struct option_row {
	enum option_id id;
	enum option_group group;
	const char *name;
	int letter;	 /* or 0 */
	const char *arg; /* the name of its value; NULL: none */
	int commands;	 /* bits */
	const char *help;
};

/* In the order of the help. The last row has no name. */
extern const struct option_row option_rows[];

_Static_assert(OPT_COUNT_OF_ALL <= 64, "a bit each in options.given");

/* How a command is used. */
struct usage {
	const char *name, *args;
	int bit; /* FOR_* */
	int min_args, max_args;
	const char *help;
	const char *examples; /* lines, each with its newline */
};

/* A command line. Before it is parsed, the arguments begin with the name of the program or command. */
struct words {
	uint64_t given; /* bits of enum option_id; see words_have() */
	char **args;	/* the arguments that are not options */
	int arg_count;
};

static inline bool words_have(const struct words *words, enum option_id id)
{
	return words->given >> id & 1;
}

/*
 * Take the value of an option. VALUE is NULL for an option without a value. Returns NULL, or what a valid value would
 * be, for the message "'VALUE' is not ...": "in 1..65535", "a file name".
 */
typedef const char *(*option_take)(void *context, enum option_id id, const char *value);

/*
 * Parse the options of the command NAME in WORDS, and leave its arguments there. COMMAND is the bit of the command.
 * With FOR_PROGRAM, parsing ends at the first argument that is not an option. NAME is NULL for a program. An option
 * that the command does not take is wrong usage, also before the command. Returns 0 or USAGE_ERROR, logged.
 */
int option_parse(struct words *words, int command, const char *name, option_take take, void *context);

/* Check the number of arguments. NAME is as for option_parse(). Returns 0 or USAGE_ERROR, logged. */
int option_check_args(const struct words *words, const struct usage *usage, const char *name);

/* Answer --version or --help. NAME is as for option_parse(). Returns false if neither was given. */
bool option_answer(FILE *out, const struct words *words, const struct usage *usage, const char *name);

/* Print one line per option that COMMAND takes, below a heading for each group. */
void option_print(FILE *out, int command);

/* Print the name and version of the program. */
void option_print_version(FILE *out);

/* Does COMMAND take the option? */
bool option_is_taken_by(enum option_id id, int command);

/*
 * Parse a value that several commands take. MIN and MAX are in nanoseconds. option_duration() returns 0 or a negative
 * number, option_count() returns as option_take does.
 */
int option_duration(const char *value, uint64_t min, uint64_t max, uint64_t *ns);
const char *option_count(const char *value, uint32_t *count);

#endif
