// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The parser, by getopt_long(3), and the help. */
#include <getopt.h>
#include <string.h>

#include "base/message.h"
#include "base/parse.h"
#include "base/version.h"
#include "option.h"
#include "spelling.h"

#define BOTH_FAMILIES (1ULL << OPT_IPV4 | 1ULL << OPT_IPV6)
#define QUIET_VERBOSE (1ULL << OPT_QUIET | 1ULL << OPT_VERBOSE)

/* The row of an option for COMMAND, or NULL if COMMAND does not take it. */
static const struct option_row *row_of(enum option_id id, int command)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (row->id == id && row->commands & command)
			return row;
	return NULL;
}

bool option_is_taken_by(enum option_id id, int command)
{
	return row_of(id, command) != NULL;
}

/* The arguments of getopt_long(). For a long option it returns LONG_BASE plus the index of its row. */
struct grammar {
	struct option longs[OPT_COUNT_OF_ALL + 1];
	char shorts[2 * OPT_COUNT_OF_ALL + 3]; /* "+:", a letter and a colon for each, and a NUL */
};

#define LONG_BASE 256 /* above every letter */

static void grammar_make(struct grammar *g, int command)
{
	int count = 0, letters = 0;

	*g = (struct grammar){};
	if (command == FOR_PROGRAM)
		g->shorts[letters++] = '+';
	g->shorts[letters++] = ':';
	for (const struct option_row *row = option_rows; row->name; row++) {
		if (!(row->commands & command))
			continue;
		g->longs[count++] = (struct option){
			.name = row->name,
			.has_arg = row->arg ? required_argument : no_argument,
			.val = LONG_BASE + (int)(row - option_rows),
		};
		if (!row->letter)
			continue;
		g->shorts[letters++] = (char)row->letter;
		if (row->arg)
			g->shorts[letters++] = ':';
	}
}

/* The row of the option that getopt_long() returned. */
static const struct option_row *row_got(int got, int command)
{
	const struct option_row *row = option_rows;

	if (got >= LONG_BASE)
		return &option_rows[got - LONG_BASE];
	while (row->name && !(row->letter == got && row->commands & command))
		row++;
	return row;
}

/* TEXT is "--WORD" or "--WORD=VALUE". */
static int bad_long_option(const char *text, int command, const char *name)
{
	char typed[64];
	struct spelling spelling;

	snprintf(typed, sizeof(typed), "%.*s", (int)strcspn(text + 2, "="), text + 2);
	spelling_begin(&spelling, typed, "option", "--");
	for (const struct option_row *row = option_rows; row->name; row++)
		if (row->commands & command)
			spelling_compare(&spelling, row->name);
	return spelling_report(&spelling, name, text);
}

static int bad_option(const struct words *words, int command, const char *name, int got)
{
	if (got == ':')
		return usage_error(name, "%s: a value is required", words->args[optind - 1]);
	if (optopt >= LONG_BASE)
		return usage_error(name, "--%s takes no value", option_rows[optopt - LONG_BASE].name);
	if (optopt > 0)
		return usage_error(name, "unknown option '-%c'", optopt);
	return bad_long_option(words->args[optind - 1], command, name);
}

/* Options before the command were parsed without knowing the command: reject those that it does not take. */
static int check_given(const struct words *words, int command, const char *name)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (words_have(words, row->id) && !option_is_taken_by(row->id, command))
			return usage_error(name, "unknown option '--%s'", row->name);
	return 0;
}

int option_parse(struct words *words, int command, const char *name, option_take take, void *context)
{
	int got, err = check_given(words, command, name);
	struct grammar g;

	if (err)
		return err;
	grammar_make(&g, command);
	optind = 0; /* a GNU extension: start again with other options */
	opterr = 0;
	while ((got = getopt_long(words->arg_count, words->args, g.shorts, g.longs, NULL)) != -1) {
		const struct option_row *row;
		const char *expected;

		if (got == ':' || got == '?')
			return bad_option(words, command, name, got);
		row = row_got(got, command);
		expected = take(context, row->id, optarg);
		if (expected)
			return usage_error(name, "--%s: '%s' is not %s", row->name, optarg, expected);
		words->given |= 1ULL << row->id;
	}
	words->args += optind;
	words->arg_count -= optind;
	if ((words->given & BOTH_FAMILIES) == BOTH_FAMILIES)
		return usage_error(name, "-4 and -6 exclude each other: leave both out for both families");
	if ((words->given & QUIET_VERBOSE) == QUIET_VERBOSE)
		return usage_error(name, "-q and -v exclude each other: leave one of them out");
	return 0;
}

void option_print(FILE *out, int command)
{
	static const char *const headings[] = {
		[GROUP_ATTACH] = "Attaching", [GROUP_TABLE] = "Table",	 [GROUP_ANNOUNCE] = "Announcing", [GROUP_WIRE] = "Protocol",
		[GROUP_HISTORY] = "History",  [GROUP_HTTP] = "HTTP",	 [GROUP_SELECT] = "Selection", [GROUP_OUTPUT] = "Output", [GROUP_GENERAL] = "General",
	};
	int group = -1;

	for (const struct option_row *row = option_rows; row->name; row++) {
		char spelled[40];

		if (!(row->commands & command))
			continue;
		if ((int)row->group != group)
			fprintf(out, "\n%s:\n", headings[row->group]);
		group = (int)row->group;
		snprintf(spelled, sizeof(spelled), "%c%c%s--%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
			 row->letter ? ", " : "  ", row->name, row->arg ? " " : "", row->arg ? row->arg : "");
		fprintf(out, "  %-26s  %s\n", spelled, row->help);
	}
}

int option_check_args(const struct words *words, const struct usage *usage, const char *name)
{
	if (words->arg_count < usage->min_args)
		return usage_error(name, "%s is required", usage->args);
	if (words->arg_count > usage->max_args)
		return usage_error(name, "unexpected argument '%s'", words->args[usage->max_args]);
	return 0;
}

void option_print_version(FILE *out)
{
	fprintf(out, "%s " VERSION "\n", message_program());
}

static void print_usage(FILE *out, const struct usage *usage, const char *name)
{
	fprintf(out, "Usage: %s%s%s [OPTION]...%s%s\n\n%s.\n", message_program(), name ? " " : "", name ? name : "",
		*usage->args ? " " : "", usage->args, usage->help);
	option_print(out, usage->bit);
	if (usage->examples)
		fprintf(out, "\nExamples:\n%s", usage->examples);
	fprintf(out, "\nSee %s(8).\n", message_program());
}

bool option_answer(FILE *out, const struct words *words, const struct usage *usage, const char *name)
{
	if (words_have(words, OPT_VERSION))
		option_print_version(out);
	else if (words_have(words, OPT_HELP))
		print_usage(out, usage, name);
	else
		return false;
	return true;
}

int option_duration(const char *value, uint64_t min, uint64_t max, uint64_t *ns)
{
	int err = parse_duration(value, ns);

	if (!err && (*ns < min || *ns > max))
		err = -1;
	return err;
}

const char *option_count(const char *value, uint32_t *count)
{
	return parse_number(value, 1, UINT32_MAX, count) ? "in 1..4294967295" : NULL;
}
