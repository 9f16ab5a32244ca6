// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The history, as `history -j` prints it. The database is opened for each request. */
#include <stdlib.h>
#include <unistd.h>

#include "history/report.h"
#include "reason.h"
#include "site.h"

/* Returns 0 or -errno, reported. */
static int write_history(struct database *d, const struct query *query, const struct report_writer *writer, FILE *out)
{
	char *pattern = query->host;
	struct lookup lookup = {
		.database = d, .selection = { .patterns = &pattern, .pattern_count = pattern ? 1 : 0 },
		.since_ms = query->since_ms, .until_ms = query->until_ms,
	};
	struct report report = { .out = out, .writer = writer };
	struct gap *gaps = NULL;
	size_t gap_count = 0;
	int err = lookup_gaps(d, query->since_ms, query->until_ms, &gaps, &gap_count);

	report.timeline = (struct timeline){ query->since_ms, query->until_ms, query->slots, gaps, gap_count };
	if (!err)
		err = report_write(&report, &lookup);
	free(gaps);
	return err;
}

static void answer(const struct site *site, const struct query *query, struct reply *reply, const struct report_writer *writer)
{
	struct database d = DATABASE_NONE;
	int err;

	reason_begin();
	err = database_open_to_read(&d, site->config->db);
	if (err) {
		reply_error(reply, access(site->config->db, F_OK) ? MHD_HTTP_NOT_FOUND : MHD_HTTP_SERVICE_UNAVAILABLE, "%s", reason_end());
	} else if (reply_open(reply, TYPE_JSON)) {
		err = write_history(&d, query, writer, reply->body.out);
		reply_close(reply, err, reason_end());
	} else {
		reason_end();
	}
	database_close(&d);
}

void answer_history(struct site *site, const struct query *query, struct reply *reply)
{
	answer(site, query, reply, &report_json);
}

void answer_timeline(struct site *site, const struct query *query, struct reply *reply)
{
	answer(site, query, reply, &report_timeline_json);
}
