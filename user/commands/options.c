// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Takes the values of options. The commands check their combinations. */
#include <stdlib.h>
#include <string.h>

#include "announcing.h"
#include "base/clock.h"
#include "base/hint.h"
#include "base/message.h"
#include "history/database.h"
#include "options.h"
#include "base/parse.h"
#include "base/path.h"
#include "watch/reader.h"

#define MIN_EXPIRY_NS	NS_PER_S /* the margin of the sweep must be much longer than any delay of a CPU */
#define MAX_EXPIRY_NS	ROLLCALL_EXPIRY_MOST_NS
#define MIN_SKEW_NS	(100 * NS_PER_MS) /* packets wait in queues, and clocks have errors */
#define MAX_MAX_PEERS	ROLLCALL_MAX_PEERS_MOST

#define EXPECTED_TIME	"a duration such as 7d, or a time such as 2026-11-27T10:00"
#define DAY_NS		(86400 * NS_PER_S)
#define MAX_RETAIN_NS	(36500 * DAY_NS)
#define MIN_DB_BYTES	(1ULL << 20) /* an empty database has about 50 KB */

static int64_t now_ms(void)
{
	return (int64_t)(clock_now().real_ns / NS_PER_MS);
}

void options_init(struct options *o)
{
	const char *pin_dir = getenv("ROLLCALL_PIN_DIR");

	*o = (struct options){
		.exec_timeout_ns = 30 * NS_PER_S,
		.sd_port = 9100,
		.db = HISTORY_FILE,
		.retain_ns = 90 * DAY_NS,
		.max_bytes = 1ULL << 30,
		.until_ms = now_ms(),
		.since_ms = now_ms() - (int64_t)(7 * DAY_NS / NS_PER_MS),
		.pin_dir = pin_dir && *pin_dir ? pin_dir : ROLLCALL_PIN_DIR,
		.settings = ROLLCALL_DEFAULT_SETTINGS,
		.announcing = ANNOUNCING_DEFAULTS,
		.serving = SERVING_DEFAULTS,
	};
	o->settings.layout = ROLLCALL_LAYOUT;
	hook_order("auto", &o->order);
}

static int set_sort(enum order *sort, const char *value)
{
	int order = order_named(value);

	if (order < 0)
		return order;
	*sort = (enum order)order;
	return 0;
}

static int set_format(enum format *format, const char *value)
{
	static const char *const names[] = {
		[FORMAT_TEXT] = "text", [FORMAT_TSV] = "tsv", [FORMAT_JSON] = "json", [FORMAT_HOSTS] = "hosts",
		[FORMAT_NAMES] = "names", [FORMAT_ANSIBLE] = "ansible",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(value, names[i]) != 0)
			continue;
		*format = (enum format)i;
		return 0;
	}
	return -1;
}

/* See option_take. */
static const char *take(void *context, enum option_id id, const char *value)
{
	struct options *o = context;
	struct rollcall_settings *s = &o->settings;
	uint64_t expiry_ns;

	switch (id) {
	case OPT_MODE:
		return hook_order(value, &o->order) ? "one of auto, native, generic, tc, tcx, clsact" : NULL;
	case OPT_MAX_PEERS:
		return parse_number(value, 1, MAX_MAX_PEERS, &s->max_peers) ? "in 1..16777216" : NULL;
	case OPT_PER_SOURCE:
		return parse_number(value, 0, MAX_MAX_PEERS, &s->names_per_source) ? "in 0..16777216" : NULL;
	case OPT_EXPIRY:
		if (option_duration(value, MIN_EXPIRY_NS, MAX_EXPIRY_NS, &expiry_ns))
			return "a duration in 1s..168h, such as 35s";
		s->expiry_ns = expiry_ns;
		s->refresh_ns = ROLLCALL_REFRESH_NS(s->expiry_ns);
		return NULL;
	case OPT_KEY:
		o->key_file = value;
		return announcing_take(&o->announcing, id, value);
	case OPT_MAX_SKEW:
		return option_duration(value, MIN_SKEW_NS, MAX_EXPIRY_NS / 2, &o->max_skew_ns) ?
			"a duration in 100ms..84h, such as 10s" : NULL;
	case OPT_COUNT:
		return option_count(value, &o->count);
	case OPT_TIMEOUT:
		return option_duration(value, 0, MAX_EXPIRY_NS, &o->timeout_ns) ? "a duration in 0..168h, such as 30s" : NULL;
	case OPT_EXEC:
		o->exec = value;
		return *value ? NULL : "the name of a program";
	case OPT_EXEC_TIMEOUT:
		return option_duration(value, MIN_INTERVAL_NS, MAX_EXPIRY_NS, &o->exec_timeout_ns) ?
			"a duration in 100ms..168h, such as 30s" : NULL;
	case OPT_SORT:
		return set_sort(&o->sort, value) ? "one of hostname, address, interface, age, expires, since, received, note, none" : NULL;
	case OPT_FORMAT:
		return set_format(&o->format, value) ? "one of text, tsv, json, hosts, names, ansible" : NULL;
	case OPT_FIELDS:
		o->fields = value;
		return NULL;
	case OPT_OUTPUT:
		o->output = strcmp(value, "-") ? value : NULL;
		return *value ? NULL : "the name of a file";
	case OPT_INTERFACE:
		o->ifname = value;
		return *value ? NULL : "the name of an interface";
	case OPT_SD_PORT:
		return parse_number(value, 1, 65535, &o->sd_port) ? "in 1..65535" : NULL;
	case OPT_DB:
		o->db = value;
		return *value ? NULL : "the name of a file";
	case OPT_EXPECT:
		o->expect = value;
		return *value ? NULL : "the name of a file";
	case OPT_RETAIN:
		return option_duration(value, 60 * NS_PER_S, MAX_RETAIN_NS, &o->retain_ns) ? "a duration in 1m..36500d, such as 90d" : NULL;
	case OPT_MAX_SIZE:
		return parse_size(value, &o->max_bytes) || o->max_bytes < MIN_DB_BYTES ? "a size of at least 1M, such as 1G" : NULL;
	case OPT_SINCE:
		return parse_time(value, now_ms(), &o->since_ms) ? EXPECTED_TIME : NULL;
	case OPT_UNTIL:
		return parse_time(value, now_ms(), &o->until_ms) ? EXPECTED_TIME : NULL;
	case OPT_PIN_DIR:
		o->pin_dir = value;
		return *value ? NULL : "the name of a directory";
	case OPT_LISTEN:
	case OPT_HOST:
	case OPT_HOST_SERIES:
	case OPT_MAX_SERIES:
		return serving_take(&o->serving, id, value);
	default:
		return announcing_take(&o->announcing, id, value);
	}
}

struct announcer_config options_announcer(const struct options *o, const struct rollcall_settings *settings)
{
	struct announcer_config config = o->announcing.request.config;

	config.ipv4 = !option_given(o, OPT_IPV6);
	config.ipv6 = !option_given(o, OPT_IPV4);
	config.also_plain = option_given(o, OPT_ALSO_PLAIN);
	config.port = settings->port;
	config.prefix_bytes = settings->prefix_bytes;
	memcpy(config.group4, settings->group4, sizeof(config.group4));
	memcpy(config.group6, settings->group6, sizeof(config.group6));
	memcpy(config.prefix, settings->prefix, sizeof(config.prefix));
	return config;
}

int options_selection(const struct options *o, const struct rollcall_table *t, struct selection *selection)
{
	*selection = (struct selection){
		.patterns = o->words.args, .pattern_count = o->words.arg_count, .family = options_family(o),
	};
	return o->ifname ? reader_interface(t, o->ifname, &selection->ifindex) : 0;
}

/* The filter expects the same group, port and prefix as those that are announced. */
static void copy_to_settings(const struct announcer_config *config, struct rollcall_settings *settings)
{
	settings->port = config->port;
	settings->prefix_bytes = config->prefix_bytes;
	memcpy(settings->group4, config->group4, sizeof(settings->group4));
	memcpy(settings->group6, config->group6, sizeof(settings->group6));
	memcpy(settings->prefix, config->prefix, sizeof(settings->prefix));
}

/* Options may come in any order, so what depends on two of them is computed at the end. */
static void complete_settings(const struct options *o, struct rollcall_settings *settings)
{
	const uint64_t most_ns = settings->expiry_ns / 2;

	if (option_given(o, OPT_KEY))
		settings->sealing = option_given(o, OPT_ACCEPT_UNSEALED) ? ROLLCALL_MIXED : ROLLCALL_SEALED;
	settings->ignore_goodbye = option_given(o, OPT_IGNORE_GOODBYE);
	settings->max_skew_ns = ROLLCALL_MAX_SKEW_NS < most_ns ? ROLLCALL_MAX_SKEW_NS : most_ns;
	if (o->max_skew_ns)
		settings->max_skew_ns = o->max_skew_ns;
}

int options_parse(struct options *o, int command, const char *name)
{
	char path[PATH_MAX];
	int err = option_parse(&o->words, command, name, take, o);

	if (err)
		return err;
	copy_to_settings(&o->announcing.request.config, &o->settings);
	complete_settings(o, &o->settings);
	path_normalize(o->pin_dir, path);
	o->pin_dir = memcpy(o->pin_dir_path, path, sizeof(path));
	if (option_given(o, OPT_PIN_DIR))
		hint_set_pin_dir(o->pin_dir);
	if (name && option_is_taken_by(OPT_PIN_DIR, command) && !option_given(o, OPT_HELP) && !option_given(o, OPT_VERSION) &&
	    path_is_rejected_by_bpffs(o->pin_dir))
		return usage_error(name, "pin directory '%s': a BPF file system rejects names with a dot: choose a name without one",
				   o->pin_dir);
	return 0;
}
