// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The hosts as objects, each with its last intervals of the history. */
#include <json-c/json.h>
#include <string.h>
#include <unistd.h>

#include "history/lookup.h"
#include "history/report.h"
#include "reason.h"
#include "site.h"
#include "view/hosts.h"
#include "watch/reader.h"

/* Hosts and the history are both sorted by hostname, as strverscmp(3) does. So they are joined in one pass. */
struct hosts_output {
	FILE *out;
	const struct table_info *info;
	const struct hosts *hosts;
	size_t next;	  /* the first host that was not written */
	size_t intervals; /* of each host, at most; 0: without */
};

/* Write the next host, with the last intervals of PAST, or none. */
static void write_host(struct hosts_output *o, const struct past *past)
{
	struct json_object *host = host_json(o->info, &o->hosts->list[o->next]), *intervals;

	if (o->intervals) {
		intervals = json_object_new_array();
		for (size_t i = past && past->count > o->intervals ? past->count - o->intervals : 0; past && i < past->count; i++)
			json_object_array_add(intervals, interval_json(&past->list[i]));
		json_object_object_add(host, "last_intervals", intervals);
	}
	fputs(o->next++ ? ",\n" : "[\n", o->out);
	fputs(json_object_to_json_string_ext(host, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), o->out);
	json_object_put(host);
}

/* Hosts that come before HOSTNAME are not in the history. */
static bool takes_host(const char *hostname, void *context)
{
	struct hosts_output *o = context;
	int order = -1;

	while (o->next < o->hosts->count && (order = strverscmp(o->hosts->list[o->next].entries->key.hostname, hostname)) < 0)
		write_host(o, NULL);
	return o->next < o->hosts->count && !order;
}

static int visit_past(struct past *past, void *context)
{
	struct hosts_output *o = context;

	write_host(o, past);
	return ferror(o->out) || o->next == o->hosts->count;
}

static void write_hosts(struct hosts_output *o, const struct site *site)
{
	struct database d = DATABASE_NONE;
	struct lookup lookup = { .database = &d, .last = (int)o->intervals, .takes_host = takes_host };

	/* a history that cannot be read is left out: the hosts are the answer */
	if (access(site->config->db, R_OK) || !o->intervals || database_open_to_read(&d, site->config->db))
		o->intervals = 0;
	if (o->intervals && o->hosts->count)
		lookup_each(&lookup, visit_past, o);
	while (o->next < o->hosts->count && !ferror(o->out))
		write_host(o, NULL);
	fputs(o->next ? "\n]\n" : "[]\n", o->out);
	database_close(&d);
}

static int write_all(struct site *site, const struct query *query, const struct rollcall_table *t, FILE *out)
{
	char *pattern = query->host;
	const struct selection selection = { .patterns = &pattern, .pattern_count = pattern ? 1 : 0 };
	struct host_list l;
	int err = host_list_take(&l, t, &selection);

	if (err)
		return err;
	write_hosts(&(struct hosts_output){ .out = out, .info = &l.info, .hosts = &l.hosts, .intervals = query->intervals }, site);
	host_list_free(&l);
	return 0;
}

void answer_hosts(struct site *site, const struct query *query, struct reply *reply)
{
	answer_with_table(site, query, reply, TYPE_JSON, write_all);
}
