// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The parser, by getopt_long(3), and the help. */
#include <getopt.h>
#include <string.h>

#include "base/message.h"
#include "base/parse.h"
#include "base/version.h"
#include "option.h"

#define BOTH_FAMILIES (1ULL << OPT_IPV4 | 1ULL << OPT_IPV6)

static const struct {
	const char *name;
	int letter;	 /* or 0 */
	const char *arg; /* or NULL: it takes no value */
	int commands;
	const char *help;
} rules[] = {
#define X(id, name, letter, arg, commands, help) [OPT_##id] = { name, letter, arg, commands, help },
	OPTIONS(X)
#undef X
};

bool option_is_taken_by(enum option_id id, int command)
{
	return rules[id].commands & command;
}

int option_parse(struct words *words, int command, const char *name, option_take take, void *context)
{
	struct option longs[OPT_COUNT_OF_ALL + 1] = {};
	char shorts[2 * OPT_COUNT_OF_ALL + 3]; /* each with its colon, and what stands around them */
	int count = 0, letters = 0, got;

	if (command == FOR_PROGRAM)
		shorts[letters++] = '+';
	shorts[letters++] = ':';
	for (int id = 0; id < OPT_COUNT_OF_ALL; id++) {
		if (!option_is_taken_by((enum option_id)id, command)) {
			if (words_have(words, (enum option_id)id))
				return usage_error(name, "unknown option '--%s'", rules[id].name);
			continue;
		}
		longs[count++] = (struct option){
			.name = rules[id].name,
			.has_arg = rules[id].arg ? required_argument : no_argument,
			.val = 256 + id,
		};
		if (!rules[id].letter)
			continue;
		shorts[letters++] = (char)rules[id].letter;
		if (rules[id].arg)
			shorts[letters++] = ':';
	}
	shorts[letters] = '\0';

	optind = 0; /* GNU: begin anew, with other options than last time */
	opterr = 0;
	while ((got = getopt_long(words->arg_count, words->args, shorts, longs, NULL)) != -1) {
		const char *wanted;
		int id = got - 256;

		if (got == ':')
			return usage_error(name, "option '%s' wants a value", words->args[optind - 1]);
		if (got == '?' && optopt >= 256)
			return usage_error(name, "option '--%s' takes no value", rules[optopt - 256].name);
		if (got == '?' && optopt > 0)
			return usage_error(name, "unknown option '-%c'", optopt);
		if (got == '?')
			return usage_error(name, "unknown option '%s'", words->args[optind - 1]);
		for (int i = 0; got < 256 && i < OPT_COUNT_OF_ALL; i++)
			if (rules[i].letter == got)
				id = i;
		wanted = take(context, (enum option_id)id, optarg);
		if (wanted)
			return usage_error(name, "bad value '%s' for '--%s': %s", optarg, rules[id].name, wanted);
		words->given |= 1ULL << id;
	}
	words->args += optind;
	words->arg_count -= optind;
	if ((words->given & BOTH_FAMILIES) == BOTH_FAMILIES)
		return usage_error(name, "-4 and -6 exclude each other: leave both out for both families");
	return 0;
}

void option_print(FILE *out, int command)
{
	for (int id = 0; id < OPT_COUNT_OF_ALL; id++) {
		const int letter = rules[id].letter;
		const char *arg = rules[id].arg;
		char spelled[40];

		if (!option_is_taken_by((enum option_id)id, command))
			continue;
		snprintf(spelled, sizeof(spelled), "%c%c%s--%s%s%s", letter ? '-' : ' ', letter ? letter : ' ',
			 letter ? ", " : "  ", rules[id].name, arg ? " " : "", arg ? arg : "");
		fprintf(out, "  %-26s  %s\n", spelled, rules[id].help);
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
	fprintf(out, "Usage: %s%s%s [OPTION]... %s\n\n%s\n\n", message_program(), name ? " " : "", name ? name : "",
		usage->args, usage->help);
	option_print(out, usage->bit);
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
	return parse_number(value, 1, UINT32_MAX, count) ? "a number in 1..4294967295" : NULL;
}
