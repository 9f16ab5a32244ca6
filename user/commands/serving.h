/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The options of the HTTP server, for `rollcall serve` and rollcall-serve. */
#ifndef ROLLCALL_SERVING_H
#define ROLLCALL_SERVING_H

#include "http/config.h"
#include "option.h"

#define SERVING_HOSTS_MAX 32
#define SERVING_LISTEN	  "127.0.0.1:49001"

/* PROGRAM is the command in the examples. */
#define SERVING_USAGE(PROGRAM)                                                                  \
	{                                                                                       \
		"serve", "", FOR_SERVE, 0, 0,                                                   \
		"Serve the table, its events and its history by HTTP, with a web page",         \
		"  " PROGRAM "                            http://127.0.0.1:49001/\n"             \
		"  " PROGRAM " --listen 10.0.0.1:49001    to other hosts too\n"                  \
		"  " PROGRAM " --expect /etc/hosts.expected --host-series  more for Prometheus\n" \
	}

/* CONFIG.hosts points to `hosts` when serving_complete() was called, so this structure must not be moved after that. */
struct serving {
	struct http_config config;
	const char *hosts[SERVING_HOSTS_MAX];
};

#define SERVING_DEFAULTS { .config = { .max_series = 10000 } }

/*
 * Take the value of an option of the server. Other options are ignored. VALUE must outlive S. Returns as option_take
 * does.
 */
const char *serving_take(struct serving *s, enum option_id id, const char *value);

/* Check combinations, and set the defaults. NAME is as for option_parse(). Returns 0 or USAGE_ERROR, reported. */
int serving_complete(struct serving *s, const struct words *words, const char *name);

#endif
