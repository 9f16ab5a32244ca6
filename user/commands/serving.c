// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Checks the values of the options of the HTTP server. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"
#include "base/parse.h"
#include "serving.h"

/* Parse "ADDR:PORT", or "[ADDR]:PORT" for IPv6. Returns 0 or -1. */
static int set_listen(struct http_config *c, const char *value)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6 };
	const char *colon = strrchr(value, ':');
	char address[INET6_ADDRSTRLEN];
	bool brackets = *value == '[' && colon && colon[-1] == ']';
	uint32_t port;

	if (!colon || parse_number(colon + 1, 1, 65535, &port) || colon - value >= (ptrdiff_t)sizeof(address))
		return -1;
	snprintf(address, sizeof(address), "%.*s", (int)(colon - value) - 2 * brackets, value + brackets);
	ipv4.sin_port = ipv6.sin6_port = htons((uint16_t)port);
	if (brackets ? inet_pton(AF_INET6, address, &ipv6.sin6_addr) != 1 : inet_pton(AF_INET, address, &ipv4.sin_addr) != 1)
		return -1;
	c->address_bytes = brackets ? sizeof(ipv6) : sizeof(ipv4);
	memcpy(&c->address, brackets ? (const void *)&ipv6 : (const void *)&ipv4, c->address_bytes);
	c->listen = value;
	return 0;
}

static const char *add_host(struct serving *s, const char *value)
{
	if (!*value || strpbrk(value, ":/ "))
		return "a hostname without a port";
	if (s->config.host_count == SERVING_HOSTS_MAX)
		return "among the first 32 names";
	s->hosts[s->config.host_count++] = value;
	return NULL;
}

const char *serving_take(struct serving *s, enum option_id id, const char *value)
{
	switch (id) {
	case OPT_LISTEN:
		return set_listen(&s->config, value) ? "an address and a port, such as 127.0.0.1:49001 or [::1]:49001" : NULL;
	case OPT_HOST:
		return add_host(s, value);
	case OPT_HOST_SERIES:
		s->config.host_series = true;
		return NULL;
	case OPT_MAX_SERIES:
		return parse_number(value, 1, 10000000, &s->config.max_series) ? "in 1..10000000" : NULL;
	case OPT_DB:
		s->config.db = value;
		return *value ? NULL : "the name of a file";
	case OPT_EXPECT:
		s->config.expect = value;
		return *value ? NULL : "the name of a file";
	case OPT_PIN_DIR:
		s->config.dir = value;
		return *value ? NULL : "the name of a directory";
	case OPT_VERBOSE:
		message_set_verbose(true);
		return NULL;
	default:
		return NULL; /* an option without a value */
	}
}

int serving_complete(struct serving *s, const struct words *words, const char *name)
{
	if (words_have(words, OPT_MAX_SERIES) && !words_have(words, OPT_HOST_SERIES))
		return usage_error(name, "--max-series requires --host-series");
	if (!s->config.listen)
		set_listen(&s->config, SERVING_LISTEN);
	s->config.hosts = s->hosts;
	return 0;
}
