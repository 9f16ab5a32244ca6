/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The options of both programs, rollcall and rollcall-announce: an option means the same in each command that
 * takes it. There is one list, one parser, and one function that prints the help of a command from the list.
 */
#ifndef ROLLCALL_OPTION_H
#define ROLLCALL_OPTION_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Commands as bits, to say which of them take an option. */
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
	FOR_PROGRAM = 1 << 9, /* taken before the command */
	FOR_EVERY = ~0,
};

/* id, long name, short name or 0, argument or NULL, commands that take it, help */
/* clang-format off */
#define OPTIONS(X)                                                                                  \
	X(MODE,       "mode",             0,  "MODE",  FOR_ATTACH, "where to hook in: auto, native, generic, tc, tcx or clsact") \
	X(ANNOUNCE,   "announce",         0,  NULL,    FOR_ATTACH, "call this host's own name too")   \
	X(HOSTNAME,   "hostname",         0,  "NAME",  FOR_ATTACH | FOR_ANNOUNCE, "the name to call; never listed as a peer") \
	X(MAX_PEERS,  "max-peers",        0,  "N",     FOR_ATTACH, "live peers that fit (16384)")     \
	X(PER_SOURCE, "names-per-source", 0,  "N",     FOR_ATTACH, "names one address may hold, 0: any number (16)") \
	X(EXPIRY,     "expiry",           0,  "T",     FOR_ATTACH, "a host not heard for so long is gone (35s)") \
	X(CONSUME,    "consume",          0,  NULL,    FOR_ATTACH, "keep what was registered from the stack") \
	X(KEEP,       "keep",             0,  NULL,    FOR_ATTACH, "leave filter and table in place when stopped") \
	X(REPLACE,    "replace",          0,  NULL,    FOR_ATTACH, "begin anew where other settings are pinned") \
	X(GROUP,      "group",            0,  "A",     FOR_ATTACH | FOR_ANNOUNCE, "IPv4 group (239.2.3.4)") \
	X(GROUP6,     "group6",           0,  "A",     FOR_ATTACH | FOR_ANNOUNCE, "IPv6 group (ff02::ef02:304)") \
	X(PORT,       "port",             0,  "N",     FOR_ATTACH | FOR_ANNOUNCE, "UDP port (49001)")  \
	X(PREFIX,     "prefix",           0,  "S",     FOR_ATTACH | FOR_ANNOUNCE, "what stands before the hostname (multitastic:)") \
	X(INTERVAL,   "interval",         0,  "T",     FOR_ATTACH | FOR_ANNOUNCE, "time between two calls (15s)") \
	X(COUNT,      "count",            0,  "N",     FOR_ANNOUNCE | FOR_WAIT, "announce: call N times, then end; wait: until N hosts are here") \
	X(TIMEOUT,    "timeout",          0,  "T",     FOR_WAIT, "give up after so long, with exit status 1") \
	X(EXEC,       "exec",             0,  "PROG",  FOR_WATCH, "run PROG for each event, ROLLCALL_* in its environment") \
	X(EXEC_TIMEOUT, "exec-timeout",   0,  "T",     FOR_WATCH, "end a PROG that runs for longer (30s)") \
	X(SORT,       "sort",            's',  "KEY",   FOR_PEERS, "by hostname, address, interface, age, expires, since, received, note or none") \
	X(REVERSE,    "reverse",          'r', NULL,   FOR_PEERS, "sort in the opposite order")     \
	X(NO_HEADER,  "no-header",        'H', NULL,   FOR_PEERS, "do not print the header")        \
	X(COUNT_HOSTS, "count",           'c', NULL,   FOR_PEERS, "print only the number of hosts") \
	X(INTERFACE,  "interface",        'i', "IFACE", FOR_PEERS | FOR_GET, "only hosts that were received on IFACE") \
	X(FORMAT,     "format",           'f', "F",    FOR_PEERS, "text, tsv, json (-j), hosts (as /etc/hosts) or names") \
	X(OUTPUT,     "output",           'o', "FILE", FOR_PEERS | FOR_METRICS, "write to FILE atomically; -: standard output") \
	X(SD,         "sd",               0,  NULL,    FOR_METRICS, "a target list for Prometheus' file_sd instead") \
	X(SD_PORT,    "sd-port",          0,  "N",     FOR_METRICS, "port of the targets (9100)")    \
	X(ALL,        "all",              'a', NULL,   FOR_DETACH | FOR_GET | FOR_PEERS, "every interface; every address; every entry") \
	X(IPV4,       "ipv4",             '4', NULL,   FOR_PEERS | FOR_GET | FOR_WATCH | FOR_WAIT | FOR_ANNOUNCE | FOR_ATTACH, "IPv4 alone") \
	X(IPV6,       "ipv6",             '6', NULL,   FOR_PEERS | FOR_GET | FOR_WATCH | FOR_WAIT | FOR_ANNOUNCE | FOR_ATTACH, "IPv6 alone") \
	X(PIN_DIR,    "pin-dir",          0,  "DIR",   FOR_EVERY & ~FOR_ANNOUNCE, "where the table is pinned (/sys/fs/bpf/rollcall)") \
	X(JSON,       "json",             'j', NULL,   FOR_ATTACH | FOR_PEERS | FOR_WATCH | FOR_STATUS, "print JSON") \
	X(VERBOSE,    "verbose",          'v', NULL,   FOR_EVERY, "tell what is tried")               \
	X(HELP,       "help",             'h', NULL,   FOR_EVERY, "print this")                       \
	X(VERSION,    "version",          'V', NULL,   FOR_EVERY, "print the version")
/* clang-format on */

enum option_id {
#define X(id, ...) OPT_##id,
	OPTIONS(X)
#undef X
	OPT_COUNT_OF_ALL
};

_Static_assert(OPT_COUNT_OF_ALL <= 64, "a bit each in options.given");

/* How a command is used. */
struct usage {
	const char *name, *args;
	int bit; /* FOR_* */
	int min_args, max_args;
	const char *help;
};

/* What a command line has. Before it is parsed, the arguments begin with the name of the program or command. */
struct words {
	uint64_t given; /* bits of enum option_id; see words_have() */
	char **args;	/* what is no option */
	int arg_count;
};

static inline bool words_have(const struct words *words, enum option_id id)
{
	return words->given >> id & 1;
}

/* Take the value of an option; VALUE is NULL for one without. Returns what the value should have been, or NULL. */
typedef const char *(*option_take)(void *context, enum option_id id, const char *value);

/*
 * Take the options out of WORDS for the command NAME, which COMMAND is the bit of. FOR_PROGRAM: parsing ends at
 * the first argument that is no option. NAME is NULL for a program. An option that the command does not take is
 * wrong usage, also when it stood before the command. Returns 0 or USAGE_ERROR, logged.
 */
int option_parse(struct words *words, int command, const char *name, option_take take, void *context);

/* Check how many arguments there are. NAME is as for option_parse(). Returns 0 or USAGE_ERROR, logged. */
int option_check_args(const struct words *words, const struct usage *usage, const char *name);

/* Print what --version or --help asks for, of a command. NAME is as for option_parse(). Returns false if neither was given. */
bool option_answer(FILE *out, const struct words *words, const struct usage *usage, const char *name);

/* One line for each option that COMMAND takes. */
void option_print(FILE *out, int command);

/* What --version prints. */
void option_print_version(FILE *out);

/* Does COMMAND take the option? */
bool option_is_taken_by(enum option_id id, int command);

/* Values that several commands take. MIN and MAX are in nanoseconds. */
int option_duration(const char *value, uint64_t min, uint64_t max, uint64_t *ns);
const char *option_count(const char *value, uint32_t *count);

#endif
