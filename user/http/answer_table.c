// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Answers that are made of the table alone. It is opened for each request, so one that was recreated is followed. */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/message.h"
#include "reason.h"
#include "site.h"
#include "view/listing.h"
#include "view/self.h"
#include "view/status.h"
#include "watch/reader.h"

#define TYPE_METRICS "text/plain; version=0.0.4"

void answer_with_table(struct site *site, const struct query *query, struct reply *reply, const char *type, answer_write write)
{
	struct rollcall_table t;
	int err;

	reason_begin();
	err = reader_open(&t, site->config->dir);
	if (err) {
		reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE, "%s", reason_end());
		return;
	}
	if (reply_open(reply, type)) {
		err = write(site, query, &t, reply->body.out);
		reply_close(reply, err, reason_end());
	} else {
		reason_end();
	}
	rollcall_close(&t);
}

/* Write the hosts that the query selects, as `peers` does. */
static int write_list(const struct query *query, const struct rollcall_table *t, FILE *out, const struct peers_writer *writer)
{
	const struct fields fields = fields_of_object(false);
	char *pattern = query->host;
	const struct listing l = {
		.table = t, .selection = { .patterns = &pattern, .pattern_count = pattern ? 1 : 0 }, .writer = writer,
		.fields = &fields, .style.header = true, .out = out,
	};

	return listing_write(&l);
}

static int write_peers(__attribute__((unused)) struct site *site, const struct query *query, const struct rollcall_table *t, FILE *out)
{
	return write_list(query, t, out, &write_peers_json);
}

void answer_peers(struct site *site, const struct query *query, struct reply *reply)
{
	answer_with_table(site, query, reply, TYPE_JSON, write_peers);
}

static int write_hosts(__attribute__((unused)) struct site *site, const struct query *query, const struct rollcall_table *t, FILE *out)
{
	return write_list(query, t, out, &write_peers_hosts);
}

void answer_hosts_file(struct site *site, const struct query *query, struct reply *reply)
{
	answer_with_table(site, query, reply, TYPE_TEXT, write_hosts);
}

static int write_names(__attribute__((unused)) struct site *site, const struct query *query, const struct rollcall_table *t, FILE *out)
{
	return write_list(query, t, out, &write_peers_names);
}

void answer_names(struct site *site, const struct query *query, struct reply *reply)
{
	answer_with_table(site, query, reply, TYPE_TEXT, write_names);
}

static int write_status(__attribute__((unused)) struct site *site, __attribute__((unused)) const struct query *query,
			const struct rollcall_table *t, FILE *out)
{
	struct status status;
	int err = status_take(t, &status);

	if (!err)
		write_status_json(out, &status);
	return err;
}

void answer_status(struct site *site, const struct query *query, struct reply *reply)
{
	answer_with_table(site, query, reply, TYPE_JSON, write_status);
}

static int write_targets(__attribute__((unused)) struct site *site, const struct query *query, const struct rollcall_table *t, FILE *out)
{
	return listing_write_targets(out, t, query->port);
}

void answer_targets(struct site *site, const struct query *query, struct reply *reply)
{
	answer_with_table(site, query, reply, TYPE_JSON, write_targets);
}

static int write_expected(const struct hostlist *list, const struct rollcall_table *t, const struct status *status, FILE *out)
{
	owned_heap bool *up = calloc(list->count + 1, sizeof(*up));

	if (!up)
		return fail(-ENOMEM, NULL, "cannot look up the expected hosts");
	for (size_t i = 0; i < list->count; i++) {
		struct rollcall_entry found;

		up[i] = self_is_named(status->slots, list->names[i]) || rollcall_find(t, list->names[i], 0, &found, 1) > 0;
	}
	write_up_metrics(out, list->names, up, list->count);
	return 0;
}

static int write_series(const struct rollcall_table *t, uint32_t max, FILE *out)
{
	struct host_list l;
	int err = host_list_take(&l, t, NULL);

	if (err)
		return err;
	write_host_metrics(out, &l.info, &l.hosts, max);
	host_list_free(&l);
	return 0;
}

static int write_metrics(struct site *site, __attribute__((unused)) const struct query *query, const struct rollcall_table *t, FILE *out)
{
	struct status status;
	int err = status_take(t, &status);

	if (err)
		return err;
	write_status_metrics(out, &status);
	if (site->expected.path)
		err = write_expected(&site->expected.list, t, &status, out);
	if (!err && site->config->host_series)
		err = write_series(t, site->config->max_series, out);
	return err;
}

void answer_metrics(struct site *site, const struct query *query, struct reply *reply)
{
	expected_refresh(&site->expected);
	answer_with_table(site, query, reply, TYPE_METRICS, write_metrics);
}

static int write_health(__attribute__((unused)) struct site *site, __attribute__((unused)) const struct query *query,
			const struct rollcall_table *t, FILE *out)
{
	struct rollcall_attachment slots[ROLLCALL_SLOTS];
	int err = reader_slots(t, slots);

	if (!err)
		fputs("ok\n", out);
	return err;
}

void answer_health(struct site *site, const struct query *query, struct reply *reply)
{
	answer_with_table(site, query, reply, TYPE_TEXT, write_health);
}
