// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The one parser of options. What they mean together is the commands' business. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/message.h"
#include "options.h"
#include "base/parse.h"
#include "base/path.h"

#define MIN_EXPIRY_NS	NS_PER_S /* the margin of the sweep must stay far above any delay of a CPU */
#define MAX_EXPIRY_NS	ROLLCALL_EXPIRY_MOST_NS
#define MIN_INTERVAL_NS (100 * NS_PER_MS)
#define MAX_MAX_PEERS	ROLLCALL_MAX_PEERS_MOST

static const struct {
	const char *name;
	int letter;	 /* or 0 */
	const char *arg; /* or NULL: it takes no value */
	int commands;
	const char *help;
} rules[] = {
#define X(id, name, letter, arg, commands, help) [OPT_##id] = { name, letter, arg, commands, help },
	OPTIONS(X)
#undef X
};

void options_init(struct options *o)
{
	const char *pin_dir = getenv("ROLLCALL_PIN_DIR");

	*o = (struct options){
		.exec_timeout_ns = 30 * NS_PER_S,
		.sd_port = 9100,
		.pin_dir = pin_dir && *pin_dir ? pin_dir : ROLLCALL_PIN_DIR,
		.settings = ROLLCALL_DEFAULT_SETTINGS,
		.interval_ns = ROLLCALL_INTERVAL_NS,
	};
	o->settings.layout = ROLLCALL_LAYOUT;
	hook_order("auto", &o->order);
}

static int set_duration(const char *value, uint64_t min, uint64_t max, uint64_t *ns)
{
	int err = parse_duration(value, ns);

	if (!err && (*ns < min || *ns > max))
		err = -1;
	return err;
}

static int set_prefix(struct rollcall_settings *s, const char *value)
{
	size_t bytes = strlen(value);

	if (!bytes || bytes > ROLLCALL_PREFIX_MAX)
		return -1;
	memset(s->prefix, 0, sizeof(s->prefix));
	memcpy(s->prefix, value, bytes);
	s->prefix_bytes = (uint8_t)bytes;
	return 0;
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
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(value, names[i]) != 0)
			continue;
		*format = (enum format)i;
		return 0;
	}
	return -1;
}

/* Returns what the value should have been, or NULL when it is good. */
static const char *set(struct options *o, enum option_id id, const char *value)
{
	struct rollcall_settings *s = &o->settings;
	uint64_t expiry_ns;
	uint32_t port;

	switch (id) {
	case OPT_MODE:
		return hook_order(value, &o->order) ? "auto, native, generic, tc, tcx or clsact" : NULL;
	case OPT_HOSTNAME:
		o->hostname = value;
		return hostname_is_valid(value) ? NULL :
			"1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or digit";
	case OPT_MAX_PEERS:
		return parse_number(value, 1, MAX_MAX_PEERS, &s->max_peers) ? "1 to 16777216" : NULL;
	case OPT_PER_SOURCE:
		return parse_number(value, 0, MAX_MAX_PEERS, &s->names_per_source) ? "0 to 16777216" : NULL;
	case OPT_EXPIRY:
		if (set_duration(value, MIN_EXPIRY_NS, MAX_EXPIRY_NS, &expiry_ns))
			return "a duration of 1s to 168h, such as 35s";
		s->expiry_ns = expiry_ns;
		s->refresh_ns = ROLLCALL_REFRESH_NS(s->expiry_ns);
		return NULL;
	case OPT_INTERVAL:
		return set_duration(value, MIN_INTERVAL_NS, MAX_EXPIRY_NS, &o->interval_ns) ?
			"a duration of 100ms to 168h, such as 15s" : NULL;
	case OPT_GROUP:
		return parse_group4(value, s->group4) ? "an IPv4 multicast address" : NULL;
	case OPT_GROUP6:
		return parse_group6(value, s->group6) ? "an IPv6 multicast address" : NULL;
	case OPT_PORT:
		if (parse_number(value, 1, 65535, &port))
			return "1 to 65535";
		s->port = (uint16_t)port;
		return NULL;
	case OPT_PREFIX:
		return set_prefix(s, value) ? "1 to 32 bytes" : NULL;
	case OPT_COUNT:
		return parse_number(value, 1, UINT32_MAX, &o->count) ? "a number from 1 on" : NULL;
	case OPT_TIMEOUT:
		return set_duration(value, 0, MAX_EXPIRY_NS, &o->timeout_ns) ? "a duration up to 168h, such as 30s" : NULL;
	case OPT_EXEC:
		o->exec = value;
		return *value ? NULL : "a program";
	case OPT_EXEC_TIMEOUT:
		return set_duration(value, MIN_INTERVAL_NS, MAX_EXPIRY_NS, &o->exec_timeout_ns) ?
			"a duration of 100ms to 168h, such as 30s" : NULL;
	case OPT_SORT:
		return set_sort(&o->sort, value) ? "name, address, dev, age, up, heard or none" : NULL;
	case OPT_FORMAT:
		return set_format(&o->format, value) ? "text, tsv, json or hosts" : NULL;
	case OPT_OUTPUT:
		o->output = strcmp(value, "-") ? value : NULL;
		return *value ? NULL : "a file";
	case OPT_SD_PORT:
		return parse_number(value, 1, 65535, &o->sd_port) ? "1 to 65535" : NULL;
	case OPT_PIN_DIR:
		o->pin_dir = value;
		return *value ? NULL : "a directory";
	case OPT_VERBOSE:
		message_set_verbose(true);
		return NULL;
	default:
		return NULL; /* a flag: that it was given is all */
	}
}

struct announcer_config options_announcer(const struct options *o, const struct rollcall_settings *settings)
{
	struct announcer_config config = {
		.hostname = o->hostname,
		.interval_ns = o->interval_ns,
		.ipv4 = !option_given(o, OPT_IPV6),
		.ipv6 = !option_given(o, OPT_IPV4),
		.port = settings->port,
		.prefix_bytes = settings->prefix_bytes,
	};

	memcpy(config.group4, settings->group4, sizeof(config.group4));
	memcpy(config.group6, settings->group6, sizeof(config.group6));
	memcpy(config.prefix, settings->prefix, sizeof(config.prefix));
	return config;
}

static bool option_is_taken_by(int id, int command)
{
	return rules[id].commands & command;
}

int options_parse(struct options *o, int command, const char *name, int argc, char **argv)
{
	struct option longs[OPT_COUNT_OF_ALL + 1] = {};
	char shorts[2 * OPT_COUNT_OF_ALL + 3]; /* each with its colon, and what stands around them */
	int count = 0, letters = 0, got;
	char path[PATH_MAX];

	if (!name)
		shorts[letters++] = '+';
	shorts[letters++] = ':';
	for (int id = 0; id < OPT_COUNT_OF_ALL; id++) {
		if (!option_is_taken_by(id, command)) {
			if (option_given(o, id))
				return usage_error(name, "unknown option '--%s'", rules[id].name);
			continue;
		}
		longs[count++] = (struct option){
			.name = rules[id].name,
			.has_arg = rules[id].arg ? required_argument : no_argument,
			.val = 256 + id,
		};
		if (!rules[id].letter)
			continue;
		shorts[letters++] = (char)rules[id].letter;
		if (rules[id].arg)
			shorts[letters++] = ':';
	}
	shorts[letters] = '\0';

	optind = 0; /* GNU: begin anew, with other options than last time */
	opterr = 0;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		const char *wanted;
		int id = got - 256;

		if (got == ':')
			return usage_error(name, "option '%s' wants a value", argv[optind - 1]);
		if (got == '?' && optopt >= 256)
			return usage_error(name, "option '--%s' takes no value", rules[optopt - 256].name);
		if (got == '?' && optopt > 0)
			return usage_error(name, "unknown option '-%c'", optopt);
		if (got == '?')
			return usage_error(name, "unknown option '%s'", argv[optind - 1]);
		for (int i = 0; got < 256 && i < OPT_COUNT_OF_ALL; i++)
			if (rules[i].letter == got)
				id = i;
		wanted = set(o, (enum option_id)id, optarg);
		if (wanted)
			return usage_error(name, "bad value '%s' for '--%s': %s", optarg, rules[id].name, wanted);
		o->given |= 1ULL << id;
	}
	path_normalize(o->pin_dir, path);
	o->pin_dir = memcpy(o->pin_dir_path, path, sizeof(path));
	if (name && option_is_taken_by(OPT_PIN_DIR, command) && !option_given(o, OPT_HELP) && !option_given(o, OPT_VERSION) &&
	    path_is_rejected_by_bpffs(o->pin_dir))
		return usage_error(name, "pin directory '%s': a BPF file system rejects names with a dot: choose a name without one",
				   o->pin_dir);
	o->args = argv + optind;
	o->arg_count = argc - optind;
	if (option_given(o, OPT_IPV4) && option_given(o, OPT_IPV6))
		return usage_error(name, "-4 and -6 exclude each other: leave both out for both families");
	return 0;
}

void options_print(FILE *out, int command)
{
	for (int id = 0; id < OPT_COUNT_OF_ALL; id++) {
		const int letter = rules[id].letter;
		const char *arg = rules[id].arg;
		char spelled[40];

		if (!option_is_taken_by(id, command))
			continue;
		snprintf(spelled, sizeof(spelled), "%c%c%s--%s%s%s", letter ? '-' : ' ', letter ? letter : ' ',
			 letter ? ", " : "  ", rules[id].name, arg ? " " : "", arg ? arg : "");
		fprintf(out, "  %-26s  %s\n", spelled, rules[id].help);
	}
}
