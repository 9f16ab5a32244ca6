// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall completion: a script for a shell, made of the table of commands and the list of options. What of
 * it is asked for at the time of the completion, interfaces and hosts, is asked for in the shell.
 */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "base/message.h"

/* What the value of an option, or an argument, is. */
enum kind { KIND_NONE, KIND_CHOICE, KIND_FILE, KIND_DIRECTORY, KIND_PROGRAM, KIND_HOST, KIND_INTERFACE, KIND_SHELL };

#define SHELLS "bash fish zsh"

static enum kind kind_of_value(enum option_id id)
{
	const char *arg = option_rule(id)->arg;

	if (option_choices(id))
		return KIND_CHOICE;
	if (!strcmp(arg, "FILE"))
		return KIND_FILE;
	if (!strcmp(arg, "DIR"))
		return KIND_DIRECTORY;
	return strcmp(arg, "PROG") ? KIND_NONE : KIND_PROGRAM;
}

static enum kind kind_of_args(const struct command_usage *c)
{
	if (strstr(c->args, "IFACE"))
		return KIND_INTERFACE;
	if (strstr(c->args, "NAME") || strstr(c->args, "GLOB"))
		return KIND_HOST;
	return strstr(c->args, "SHELL") ? KIND_SHELL : KIND_NONE;
}

/* TEXT as the inside of a word in single quotes; each character of ESCAPED gets a backslash, which stays in it. */
static void print_quoted(const char *text, const char *quote, const char *escaped)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs(quote, stdout);
		else
			printf("%s%c", strchr(escaped, *text) ? "\\" : "", *text);
	}
}

/* The first option from FROM on that a command of the bit COMMAND takes, or OPT_COUNT_OF_ALL. */
static int option_from(int from, int command)
{
	while (from < OPT_COUNT_OF_ALL && !option_is_taken_by(option_rule(from), command))
		from++;
	return from;
}

static void print_option_words(int command)
{
	for (int id = option_from(0, command); id < OPT_COUNT_OF_ALL; id = option_from(id + 1, command)) {
		const struct option_rule *rule = option_rule(id);

		if (rule->letter)
			printf(" -%c", rule->letter);
		printf(" --%s", rule->name);
	}
}

/* bash: one function, which reads the line up to the cursor */

static const char bash_begin[] =
	"# rollcall: completion for bash, made by 'rollcall completion bash'\n"
	"\n"
	"_rollcall_offer() {\n"
	"\tlocal word\n"
	"\tfor word; do [[ $word != \"$cur\"* ]] || COMPREPLY+=(\"$word\"); done\n"
	"}\n"
	"\n"
	"_rollcall_interfaces() {\n"
	"\tlocal path\n"
	"\tfor path in /sys/class/net/*; do [[ ! -L $path ]] || _rollcall_offer \"${path##*/}\"; done\n"
	"}\n"
	"\n"
	"_rollcall_hosts() {\n"
	"\tlocal host\n"
	"\twhile read -r host _; do _rollcall_offer \"$host\"; done < <(\"$@\" peers --no-header 2>/dev/null)\n"
	"}\n"
	"\n"
	"_rollcall_files() {\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\tmapfile -t COMPREPLY < <(compgen \"$@\" -- \"$cur\")\n"
	"}\n"
	"\n"
	"_rollcall() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} program=(\"$1\") command='' option='' word i\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\t[[ $word != = ]] || continue # of --option=value: a word of its own\n"
	"\t\tif [[ $option ]]; then\n"
	"\t\t\t[[ $option != --pin-dir ]] || program+=(\"$option\" \"$word\")\n"
	"\t\t\toption=''\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tcase $word in\n\t\t";

static void bash_option_value(enum option_id id)
{
	static const char *const generated[] = {
		[KIND_FILE] = "-f", [KIND_DIRECTORY] = "-d", [KIND_PROGRAM] = "-c -f",
	};
	enum kind kind = kind_of_value(id);

	if (kind == KIND_CHOICE)
		printf("\t--%s) _rollcall_offer %s ;;\n", option_rule(id)->name, option_choices(id));
	else if (kind != KIND_NONE)
		printf("\t--%s) _rollcall_files %s ;;\n", option_rule(id)->name, generated[kind]);
}

static void bash_command(const struct command_usage *c)
{
	printf("\t%s:-*) _rollcall_offer", c->name);
	print_option_words(c->bit);
	printf(" ;;\n\t%s:*)", c->name);
	switch (kind_of_args(c)) {
	case KIND_INTERFACE:
		fputs(" _rollcall_interfaces ;;\n", stdout);
		break;
	case KIND_HOST:
		fputs(" _rollcall_hosts \"${program[@]}\" ;;\n", stdout);
		break;
	case KIND_SHELL:
		fputs(" _rollcall_offer " SHELLS " ;;\n", stdout);
		break;
	default:
		fputs(" ;;\n", stdout);
	}
}

static void print_bash(void)
{
	struct command_usage c;

	fputs(bash_begin, stdout);
	for (int id = option_from(0, FOR_EVERY); id < OPT_COUNT_OF_ALL; id = option_from(id + 1, FOR_EVERY))
		if (option_rule(id)->arg)
			printf("--%s | ", option_rule(id)->name);
	fputs("'') option=$word ;;\n\t\t-*) ;;\n\t\t*) command=${command:-$word} ;;\n\t\tesac\n\tdone\n"
	      "\t[[ $cur != = ]] || cur=''\n\n\tcase $option in\n", stdout);
	for (int id = option_from(0, FOR_EVERY); id < OPT_COUNT_OF_ALL; id = option_from(id + 1, FOR_EVERY))
		if (option_rule(id)->arg)
			bash_option_value(id);
	fputs("\tesac\n\t[[ ! $option ]] || return 0\n\n\tcase $command:$cur in\n\t:-*) _rollcall_offer", stdout);
	print_option_words(0);
	fputs(" ;;\n\t:*) _rollcall_offer", stdout);
	for (size_t i = 0; command_usage(i, &c); i++)
		printf(" %s", c.name);
	fputs(" ;;\n", stdout);
	for (size_t i = 0; command_usage(i, &c); i++)
		bash_command(&c);
	fputs("\tesac\n}\n\ncomplete -F _rollcall rollcall\n", stdout);
}

/* fish: a line for each thing that there is */

static void fish_option(enum option_id id, const char *condition, const char *command)
{
	const struct option_rule *rule = option_rule(id);

	fputs("complete -c rollcall", stdout);
	if (condition)
		printf(" -n '%s%s'", condition, command);
	if (rule->letter)
		printf(" -s %c", rule->letter);
	printf(" -l %s", rule->name);
	if (rule->arg)
		switch (kind_of_value(id)) {
		case KIND_CHOICE:
			printf(" -x -a '%s'", option_choices(id));
			break;
		case KIND_FILE:
			fputs(" -r -F", stdout);
			break;
		case KIND_DIRECTORY:
			fputs(" -x -a '(__fish_complete_directories)'", stdout);
			break;
		case KIND_PROGRAM:
			fputs(" -r -F -a '(__fish_complete_command)'", stdout);
			break;
		default:
			fputs(" -x", stdout);
		}
	fputs(" -d '", stdout);
	print_quoted(rule->help, "\\'", "\\");
	fputs("'\n", stdout);
}

static void fish_command(const struct command_usage *c)
{
	static const char *const args[] = {
		[KIND_INTERFACE] = "(command ls /sys/class/net)",
		[KIND_HOST] = "(command rollcall peers --no-header 2>/dev/null | string replace -r \"\\s.*\" \"\")",
		[KIND_SHELL] = SHELLS,
	};

	printf("complete -c rollcall -n __fish_use_subcommand -a %s -d '", c->name);
	print_quoted(c->help, "\\'", "\\");
	fputs("'\n", stdout);
	if (kind_of_args(c) != KIND_NONE)
		printf("complete -c rollcall -n '__fish_seen_subcommand_from %s' -a '%s'\n", c->name, args[kind_of_args(c)]);
	for (int id = option_from(0, c->bit); id < OPT_COUNT_OF_ALL; id = option_from(id + 1, c->bit))
		if (!option_is_taken_by(option_rule(id), 0))
			fish_option(id, "__fish_seen_subcommand_from ", c->name);
}

static void print_fish(void)
{
	struct command_usage c;

	fputs("# rollcall: completion for fish, made by 'rollcall completion fish'\ncomplete -c rollcall -f\n", stdout);
	for (int id = option_from(0, 0); id < OPT_COUNT_OF_ALL; id = option_from(id + 1, 0))
		fish_option(id, NULL, NULL);
	for (size_t i = 0; command_usage(i, &c); i++)
		fish_command(&c);
}

/* zsh: _arguments for the line, and again behind the command */

static const char zsh_begin[] =
	"#compdef rollcall\n"
	"# rollcall: completion for zsh, made by 'rollcall completion zsh'\n"
	"\n"
	"_rollcall_interfaces() { compadd -- /sys/class/net/*(@N:t) }\n"
	"\n"
	"_rollcall_hosts() { compadd -- ${${(f)\"$(command rollcall peers --no-header 2>/dev/null)\"}%%[[:space:]]*} }\n"
	"\n"
	"_rollcall() {\n"
	"\tlocal curcontext=$curcontext state line commands\n"
	"\ttypeset -A opt_args\n"
	"\t_arguments -C \\\n";

static void zsh_spec(const char *dashes, const char *name, enum option_id id)
{
	const struct option_rule *rule = option_rule(id);

	printf("\t\t'%s%s%s[", dashes, name, rule->arg ? "=" : "");
	print_quoted(rule->help, "'\\''", "[]\\:");
	fputc(']', stdout);
	if (rule->arg) {
		printf(":%s:", rule->arg);
		switch (kind_of_value(id)) {
		case KIND_CHOICE:
			printf("(%s)", option_choices(id));
			break;
		case KIND_FILE:
			fputs("_files", stdout);
			break;
		case KIND_DIRECTORY:
			fputs("_files -/", stdout);
			break;
		case KIND_PROGRAM:
			fputs("_command_names -e", stdout);
			break;
		default:
			fputc(' ', stdout);
		}
	}
	fputs("' \\\n", stdout);
}

static void zsh_options(int command)
{
	for (int id = option_from(0, command); id < OPT_COUNT_OF_ALL; id = option_from(id + 1, command)) {
		char letter[2] = { (char)option_rule(id)->letter };

		if (*letter)
			zsh_spec("-", letter, id);
		zsh_spec("--", option_rule(id)->name, id);
	}
}

static void zsh_command(const struct command_usage *c)
{
	static const char *const args[] = {
		[KIND_NONE] = "", [KIND_INTERFACE] = "'*:interface:_rollcall_interfaces'",
		[KIND_HOST] = "'*:host:_rollcall_hosts'", [KIND_SHELL] = "'1:shell:(bash fish zsh)'",
	};

	printf("\t\t%s) _arguments \\\n", c->name);
	zsh_options(c->bit);
	printf("\t\t%s ;;\n", args[kind_of_args(c)]);
}

static void print_zsh(void)
{
	struct command_usage c;

	fputs(zsh_begin, stdout);
	zsh_options(0);
	fputs("\t\t'1:command:->command' '*::argument:->argument' && return\n\tcase $state in\n\tcommand)\n\t\tcommands=(", stdout);
	for (size_t i = 0; command_usage(i, &c); i++) {
		printf("\n\t\t\t'%s:", c.name);
		print_quoted(c.help, "'\\''", ":\\");
		fputc('\'', stdout);
	}
	fputs(")\n\t\t_describe command commands ;;\n\targument)\n\t\tcase $line[1] in\n", stdout);
	for (size_t i = 0; command_usage(i, &c); i++)
		zsh_command(&c);
	fputs("\t\tesac ;;\n\tesac\n}\n\n_rollcall \"$@\"\n", stdout);
}

int command_completion(const struct options *o)
{
	const char *shell = o->args[0];

	if (!strcmp(shell, "bash"))
		print_bash();
	else if (!strcmp(shell, "fish"))
		print_fish();
	else if (!strcmp(shell, "zsh"))
		print_zsh();
	else
		return usage_error("completion", "no completion for '%s': " SHELLS, shell);
	return 0;
}
