// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * rollcall-serve: `rollcall serve` as a separate program, because libmicrohttpd brings a TLS library with it, and the
 * loader, which has privileges, must not have that.
 */
#include <limits.h>
#include <locale.h>
#include <stdlib.h>

#include <rollcall/rollcall.h>

#include "base/hint.h"
#include "base/message.h"
#include "base/path.h"
#include "base/program.h"
#include "history/database.h"
#include "http/server.h"
#include "serving.h"

struct command_line {
	struct words words;
	struct serving serving;
	char dir[PATH_MAX]; /* of the table, normalized */
};

static const struct usage usage = SERVING_USAGE("rollcall-serve");

static const char *take(void *context, enum option_id id, const char *value)
{
	struct command_line *line = context;

	return serving_take(&line->serving, id, value);
}

static void set_defaults(struct http_config *config)
{
	const char *pin_dir = getenv("ROLLCALL_PIN_DIR");

	config->dir = pin_dir && *pin_dir ? pin_dir : ROLLCALL_PIN_DIR;
	config->db = HISTORY_FILE;
}

static int run(void *context, FILE *out)
{
	struct command_line *line = context;
	struct http_config *config = &line->serving.config;
	int err;

	set_defaults(config);
	err = option_parse(&line->words, FOR_SERVE, NULL, take, line);
	if (err)
		return err;
	if (option_answer(out, &line->words, &usage, NULL))
		return 0;
	err = option_check_args(&line->words, &usage, NULL);
	if (!err)
		err = serving_complete(&line->serving, &line->words, NULL);
	if (err)
		return err;
	path_normalize(config->dir, line->dir);
	config->dir = line->dir;
	if (words_have(&line->words, OPT_PIN_DIR))
		hint_set_pin_dir(config->dir);
	if (path_is_rejected_by_bpffs(config->dir))
		return usage_error(NULL, "pin directory '%s': a BPF file system rejects names with a dot: choose a name without one",
				   config->dir);
	return server_run(config);
}

int main(int argc, char **argv)
{
	struct command_line line = {
		.words = { .args = argv, .arg_count = argc },
		.serving = SERVING_DEFAULTS,
	};

	setlocale(LC_CTYPE, "");
	return program_run("rollcall-serve", run, &line);
}
