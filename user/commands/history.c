// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* rollcall history: which hosts were here, and when. */
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/message.h"
#include "command.h"
#include "history/report.h"
#include "view/terminal.h"

static int check_combination(const struct options *o)
{
	bool last = option_given(o, OPT_LAST), timeline = option_given(o, OPT_TIMELINE);

	if (last && timeline)
		return usage_error("history", "--last and --timeline exclude each other");
	if (last && (option_given(o, OPT_SINCE) || option_given(o, OPT_UNTIL)))
		return usage_error("history", "--last is about any time: leave --since and --until out");
	if (option_given(o, OPT_ALL) && (last || timeline || option_given(o, OPT_JSON)))
		return usage_error("history", "--all has no effect with %s", last ? "--last" : timeline ? "--timeline" : "--json");
	if (o->until_ms <= o->since_ms)
		return usage_error("history", "--until is not later than --since, which is 7d if it is not given");
	return 0;
}

static const struct report_writer *writer_of(const struct options *o)
{
	bool json = option_given(o, OPT_JSON);

	if (option_given(o, OPT_LAST))
		return json ? &report_last_json : &report_last_text;
	if (option_given(o, OPT_TIMELINE))
		return json ? &report_timeline_json : &report_timeline_text;
	return json ? &report_json : &report_text;
}

/* Readers would take an old history for the present. */
static void check_recorder(struct database *d, int64_t until_ms)
{
	char when[RFC3339_BYTES];
	bool runs;
	int64_t known_until_ms = lookup_known_until(d, &runs);

	if (!runs && known_until_ms < until_ms)
		warn("no recorder has written since %s: is 'rollcall record' running?", clock_utc_seconds(known_until_ms, when));
}

static int history(const struct options *o, struct database *d)
{
	struct lookup lookup = {
		.database = d,
		.selection = { .patterns = o->words.args, .pattern_count = o->words.arg_count, .family = options_family(o),
			       .ifname = o->ifname },
		.since_ms = o->since_ms, .until_ms = o->until_ms, .last = option_given(o, OPT_LAST),
	};
	struct report report = {
		.out = stdout, .writer = writer_of(o), .header = !option_given(o, OPT_NO_HEADER), .per_entry = option_given(o, OPT_ALL),
		.terminal_columns = terminal_is_there() ? terminal_size().ws_col : 0, .unicode = !strcmp(nl_langinfo(CODESET), "UTF-8"),
	};
	struct gap *gaps = NULL;
	size_t gap_count = 0;
	int err = 0;

	if (option_given(o, OPT_TIMELINE))
		err = lookup_gaps(d, o->since_ms, o->until_ms, &gaps, &gap_count);
	report.timeline = (struct timeline){ o->since_ms, o->until_ms, 0, gaps, gap_count };
	if (!err)
		err = report_write(&report, &lookup);
	free(gaps);
	return err;
}

int command_history(const struct options *o)
{
	struct database d = DATABASE_NONE;
	int err = check_combination(o);

	if (err)
		return err;
	err = database_open_to_read(&d, o->db);
	if (!err) {
		check_recorder(&d, o->until_ms);
		err = history(o, &d);
	}
	database_close(&d);
	return err;
}
