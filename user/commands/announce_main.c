// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall-announce: `rollcall announce` as a separate program, for hosts that only announce themselves. */
#include "announcing.h"
#include "base/program.h"

struct command_line {
	struct words words;
	struct announcing announcing;
};

static const struct usage usage = ANNOUNCING_USAGE("rollcall-announce");

static const char *take(void *context, enum option_id id, const char *value)
{
	struct command_line *line = context;

	return id == OPT_COUNT ? option_count(value, &line->announcing.request.count) :
				 announcing_take(&line->announcing, id, value);
}

static int run(void *context, FILE *out)
{
	struct command_line *line = context;
	int err = option_parse(&line->words, FOR_ANNOUNCE, NULL, take, line);

	if (err)
		return err;
	if (option_answer(out, &line->words, &usage, NULL))
		return 0;
	err = option_check_args(&line->words, &usage, NULL);
	if (err)
		return err;
	err = announcing_complete(&line->announcing.request, &line->words, NULL);
	if (err)
		return err;
	announcing_warn(&line->announcing.request.config, &line->words, ROLLCALL_EXPIRY_NS, true);
	return announce_run(&line->announcing.request);
}

int main(int argc, char **argv)
{
	struct command_line line = {
		.words = { .args = argv, .arg_count = argc },
		.announcing = ANNOUNCING_DEFAULTS,
	};

	return program_run("rollcall-announce", run, &line);
}
