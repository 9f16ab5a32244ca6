// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Checks the values of options and their combinations. */
#include <string.h>

#include <rollcall/settings.h>

#include "announcing.h"
#include "base/message.h"
#include "base/parse.h"

static const char *set_prefix(struct announcer_config *c, const char *value)
{
	size_t bytes = strlen(value);

	if (!bytes || bytes > ROLLCALL_PREFIX_MAX)
		return "1..32 bytes long";
	/* receivers could not tell such an announcement from a message */
	if (!strncmp(value, ROLLCALL_MESSAGE_PREFIX, bytes < ROLLCALL_MESSAGE_PREFIX_BYTES ? bytes : ROLLCALL_MESSAGE_PREFIX_BYTES))
		return "free: messages begin with '" ROLLCALL_MESSAGE_PREFIX "'";
	memset(c->prefix, 0, sizeof(c->prefix));
	memcpy(c->prefix, value, bytes);
	c->prefix_bytes = (uint8_t)bytes;
	return NULL;
}

static const char *set_port(struct announcer_config *c, const char *value)
{
	uint32_t port;

	if (parse_number(value, 1, 65535, &port))
		return "in 1..65535";
	c->port = (uint16_t)port;
	return NULL;
}

/* The ']' of the bracket expression that begins at GLOB, or NULL. A ']' in its first place is a character. */
static const char *bracket_end(const char *glob)
{
	glob += 1 + (glob[1] == '!' || glob[1] == '^');
	return *glob ? strchr(glob + 1, ']') : NULL;
}

/* Does each '[' have its ']'? fnmatch(3) takes one that has none as a character. */
static bool brackets_are_closed(const char *glob)
{
	for (; *glob; glob++) {
		if (*glob == '\\' && glob[1])
			glob++;
		else if (*glob == '[')
			glob = bracket_end(glob);
		if (!glob)
			return false;
	}
	return true;
}

static const char *add_exclude(struct announcing *a, const char *value)
{
	struct links_config *links = &a->request.links;

	if (!*value)
		return "a pattern of interface names";
	if (!brackets_are_closed(value))
		return "a pattern: a bracket is not closed";
	if (links->exclude_count == EXCLUDE_MAX)
		return "among the first 32 patterns";
	a->exclude[links->exclude_count++] = (char *)value;
	links->exclude = a->exclude;
	return NULL;
}

const char *announcing_take(struct announcing *a, enum option_id id, const char *value)
{
	struct announcer_config *config = &a->request.config;

	switch (id) {
	case OPT_HOSTNAME:
		config->hostname = value;
		return hostname_is_valid(value) ? NULL : "a hostname: 1..64 of A-Z a-z 0-9 . _ -, the first a letter or digit";
	case OPT_INTERVAL:
		return option_duration(value, MIN_INTERVAL_NS, ROLLCALL_EXPIRY_MOST_NS, &config->interval_ns) ?
			"a duration in 100ms..168h, such as 15s" : NULL;
	case OPT_GROUP:
		return parse_group4(value, config->group4) ? "an IPv4 multicast address" : NULL;
	case OPT_GROUP6:
		return parse_group6(value, config->group6) ? "an IPv6 multicast address" : NULL;
	case OPT_PORT:
		return set_port(config, value);
	case OPT_PREFIX:
		return set_prefix(config, value);
	case OPT_KEY:
		a->request.key_path = value;
		return *value ? NULL : "the name of a file";
	case OPT_ALSO_PLAIN:
		config->also_plain = true;
		return NULL;
	case OPT_EXCLUDE:
		return add_exclude(a, value);
	case OPT_VERBOSE:
		message_set_verbose(true);
		return NULL;
	default:
		return NULL; /* an option without a value */
	}
}

int announcing_check_families(const struct words *words, const char *name)
{
	if (words_have(words, OPT_IPV4) && words_have(words, OPT_GROUP6))
		return usage_error(name, "--group6 has no effect with -4: leave one of them out");
	if (words_have(words, OPT_IPV6) && words_have(words, OPT_GROUP))
		return usage_error(name, "--group has no effect with -6: leave one of them out");
	return 0;
}

int announcing_check_key(const struct words *words, const char *name)
{
	if (words_have(words, OPT_ALSO_PLAIN) && !words_have(words, OPT_KEY))
		return usage_error(name, "--also-plain requires --key");
	return 0;
}

int announcing_complete(struct announce_request *r, const struct words *words, const char *name)
{
	int err = announcing_check_key(words, name);
	bool all = words_have(words, OPT_ALL_LINKS), exclude = words_have(words, OPT_EXCLUDE);

	if (err)
		return err;
	if (words_have(words, OPT_KEY) && words_have(words, OPT_PREFIX) && !words_have(words, OPT_ALSO_PLAIN))
		return usage_error(name, "--prefix has no effect on sealed announcements: leave it out, or add --also-plain");
	if ((all || exclude) && words->arg_count)
		return usage_error(name, "%s has no effect on interfaces that are named: leave it out, or name none",
				   all ? "--all-links" : "--exclude");
	r->config.ipv4 = r->links.ipv4 = !words_have(words, OPT_IPV6);
	r->config.ipv6 = r->links.ipv6 = !words_have(words, OPT_IPV4);
	r->links.all = all;
	r->names = words->args;
	r->name_count = words->arg_count;
	message_set_quiet(words_have(words, OPT_QUIET));
	return announcing_check_families(words, name);
}

/*
 * Compare the interval of the announcers with the expiry. The default interval is above a third of the default expiry
 * too, so it has another limit than values that are given. Only a program that announces can set the interval.
 */
static void announcing_check_interval(uint64_t interval_ns, uint64_t expiry_ns, bool is_given, bool announces)
{
	char interval[DURATION_BYTES], expiry[DURATION_BYTES], least[DURATION_BYTES];
	const char *when = "when two announcements are lost";

	if (interval_ns <= expiry_ns / (is_given ? 3 : 2))
		return;
	if (interval_ns >= expiry_ns)
		when = "between announcements";
	else if (interval_ns > expiry_ns / 2)
		when = "when one announcement is lost";
	clock_duration(3 * interval_ns, least);
	warn("hosts that announce every %s are removed %s with an expiry of %s: set %s%s", clock_duration(interval_ns, interval),
	     when, clock_duration(expiry_ns, expiry),
	     announces ? "an interval of at most a third of the expiry" : "an expiry of at least ", announces ? "" : least);
}

void announcing_warn(const struct announcer_config *c, const struct words *words, uint64_t expiry_ns, bool announces)
{
	bool is_given = announces && (words_have(words, OPT_INTERVAL) || words_have(words, OPT_EXPIRY));

	announcing_check_interval(c->interval_ns, expiry_ns, is_given, announces);
	if (c->hostname && strchr(c->hostname, '.'))
		warn("hostname '%s': names with a dot are not answered by libnss_rollcall(8) by default: announce '%.*s'",
		     c->hostname, (int)strcspn(c->hostname, "."), c->hostname);
}
