// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The list of paths. They are compared as they were sent, so no spelling of another path is one of them. */
#include <string.h>

#include "site.h"

static const struct path paths[] = {
	{ "/", QUERY_ANY, answer_page },
	{ "/style.css", QUERY_ANY, answer_style },
	{ "/app.js", QUERY_ANY, answer_script },
	{ "/icon.svg", QUERY_ANY, answer_icon },
	{ "/api/v1/peers", QUERY_HOST, answer_peers },
	{ "/api/v1/hosts", QUERY_HOST | QUERY_INTERVALS, answer_hosts },
	{ "/api/v1/status", 0, answer_status },
	{ "/api/v1/events", 0, NULL },
	{ "/api/v1/history", QUERY_HOST | QUERY_SINCE | QUERY_UNTIL, answer_history },
	{ "/api/v1/timeline", QUERY_HOST | QUERY_SINCE | QUERY_UNTIL | QUERY_SLOTS, answer_timeline },
	{ "/metrics", 0, answer_metrics },
	{ "/targets", QUERY_PORT, answer_targets },
	{ "/hosts", 0, answer_hosts_file },
	{ "/names", 0, answer_names },
	{ "/healthz", 0, answer_health },
};

const struct path *site_path(const char *path)
{
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!strcmp(path, paths[i].path))
			return &paths[i];
	return NULL;
}
