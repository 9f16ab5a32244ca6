/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The paths that are served, and the function that makes the answer of each. */
#ifndef ROLLCALL_SITE_H
#define ROLLCALL_SITE_H

#include "config.h"
#include "expected.h"
#include "query.h"
#include "reply.h"

/* What the answers are made of. */
struct site {
	const struct http_config *config;
	struct expected expected;
};

struct path {
	const char *path;
	unsigned int parameters; /* QUERY_* */
	/* Make the answer. NULL: the events, which are a stream (streams.h). */
	void (*answer)(struct site *site, const struct query *query, struct reply *reply);
};

/* Returns NULL if nothing has this path. */
const struct path *site_path(const char *path);

/* The answers, by the file that has them. */

/* answer_table.c: they read the table. Without a table the answer is an error with the reason, and the status 503. */
void answer_peers(struct site *site, const struct query *query, struct reply *reply);
void answer_status(struct site *site, const struct query *query, struct reply *reply);
void answer_metrics(struct site *site, const struct query *query, struct reply *reply);
void answer_targets(struct site *site, const struct query *query, struct reply *reply);
void answer_hosts_file(struct site *site, const struct query *query, struct reply *reply);
void answer_names(struct site *site, const struct query *query, struct reply *reply);
void answer_health(struct site *site, const struct query *query, struct reply *reply);

/* answer_hosts.c */
void answer_hosts(struct site *site, const struct query *query, struct reply *reply);

/* answer_history.c. Without a history the answer is an error with the status 404. */
void answer_history(struct site *site, const struct query *query, struct reply *reply);
void answer_timeline(struct site *site, const struct query *query, struct reply *reply);

/* answer_page.c. Without a table the page has the reason. */
void answer_page(struct site *site, const struct query *query, struct reply *reply);
void answer_style(struct site *site, const struct query *query, struct reply *reply);
void answer_script(struct site *site, const struct query *query, struct reply *reply);
void answer_icon(struct site *site, const struct query *query, struct reply *reply);

struct rollcall_table;

/*
 * Open the table, open the body of REPLY with TYPE, call WRITE, and close both. WRITE returns 0 or -errno, reported: then
 * the answer is an error.
 */
typedef int (*answer_write)(struct site *site, const struct query *query, const struct rollcall_table *t, FILE *out);
void answer_with_table(struct site *site, const struct query *query, struct reply *reply, const char *type, answer_write write);

#endif
