// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Values, and their ranges. */
#include <string.h>

#include <rollcall/settings.h>

#include "announcing.h"
#include "base/message.h"
#include "base/parse.h"

static int set_prefix(struct announcer_config *c, const char *value)
{
	size_t bytes = strlen(value);

	if (!bytes || bytes > ROLLCALL_PREFIX_MAX)
		return -1;
	memset(c->prefix, 0, sizeof(c->prefix));
	memcpy(c->prefix, value, bytes);
	c->prefix_bytes = (uint8_t)bytes;
	return 0;
}

static const char *set_port(struct announcer_config *c, const char *value)
{
	uint32_t port;

	if (parse_number(value, 1, 65535, &port))
		return "in 1..65535";
	c->port = (uint16_t)port;
	return NULL;
}

const char *announcing_take(struct announcer_config *config, enum option_id id, const char *value)
{
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
		return set_prefix(config, value) ? "1..32 bytes long" : NULL;
	case OPT_VERBOSE:
		message_set_verbose(true);
		return NULL;
	default:
		return NULL; /* a flag: that it was given is all */
	}
}

void announcing_set_families(struct announcer_config *config, const struct words *words)
{
	config->ipv4 = !words_have(words, OPT_IPV6);
	config->ipv6 = !words_have(words, OPT_IPV4);
}
