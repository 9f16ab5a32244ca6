// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Values arrive with their percent signs (server.c), so that a NUL cannot end a value early. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/parse.h"
#include "history/timeline.h"
#include "query.h"

#define EXPECTED_TIME	"a duration such as 7d, or a time such as 2026-11-27T10:00"
#define DEFAULT_SINCE_MS (7LL * 86400 * 1000)
#define DEFAULT_SLOTS	100
#define DEFAULT_PORT	9100
#define DEFAULT_INTERVALS 2

struct parsing {
	unsigned int allowed;
	struct query *query;
	char *why;
	int64_t now_ms;
	int err;
};

static int hex_value(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Decode %XX. Returns 0 or -EINVAL: it is malformed, has a control character, or is too long. */
static int query_decode(const char *from, char to[QUERY_VALUE_BYTES])
{
	size_t used = 0;

	for (; *from; from++) {
		char c = *from;

		if (c == '%') {
			if (!isxdigit((unsigned char)from[1]) || !isxdigit((unsigned char)from[2]))
				return -EINVAL;
			c = (char)(hex_value(from[1]) << 4 | hex_value(from[2]));
			from += 2;
		}
		if (iscntrl((unsigned char)c) || used + 1 == QUERY_VALUE_BYTES)
			return -EINVAL;
		to[used++] = c;
	}
	to[used] = '\0';
	return 0;
}

/* Returns NULL, or what a valid value is. */
static const char *query_take(struct parsing *p, unsigned int parameter, const char *value)
{
	struct query *q = p->query;

	switch (parameter) {
	case QUERY_HOST:
		snprintf(q->host_text, sizeof(q->host_text), "%s", value);
		q->host = q->host_text;
		return *value ? NULL : "a pattern of hostnames or addresses";
	case QUERY_SINCE:
		return parse_time(value, p->now_ms, &q->since_ms) ? EXPECTED_TIME : NULL;
	case QUERY_UNTIL:
		return parse_time(value, p->now_ms, &q->until_ms) ? EXPECTED_TIME : NULL;
	case QUERY_SLOTS:
		return parse_number(value, 1, TIMELINE_SLOTS_MAX, &q->slots) ? "in 1..1000" : NULL;
	case QUERY_INTERVALS:
		return parse_number(value, 0, 100, &q->intervals) ? "in 0..100" : NULL;
	default:
		return parse_number(value, 1, 65535, &q->port) ? "in 1..65535" : NULL;
	}
}

static unsigned int query_named(const char *name)
{
	static const struct {
		const char *name;
		unsigned int bit;
	} names[] = { { "host", QUERY_HOST }, { "since", QUERY_SINCE }, { "until", QUERY_UNTIL }, { "slots", QUERY_SLOTS },
		      { "port", QUERY_PORT }, { "intervals", QUERY_INTERVALS } };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i].name))
			return names[i].bit;
	return 0;
}

static enum MHD_Result query_visit(void *context, __attribute__((unused)) enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct parsing *p = context;
	unsigned int parameter = query_named(name);
	char text[QUERY_VALUE_BYTES] = "";
	const char *expected;

	if (!(parameter & p->allowed)) {
		snprintf(p->why, QUERY_WHY_BYTES, "unknown parameter '%.80s'", name);
	} else if (p->query->given & parameter) {
		snprintf(p->why, QUERY_WHY_BYTES, "%s: it is given twice", name);
	} else if (query_decode(value ? value : "", text)) {
		snprintf(p->why, QUERY_WHY_BYTES, "%s: the value has a character that is not allowed, or is longer than %d bytes", name,
			 QUERY_VALUE_BYTES - 1);
	} else {
		p->query->given |= parameter;
		expected = query_take(p, parameter, text);
		if (!expected)
			return MHD_YES;
		snprintf(p->why, QUERY_WHY_BYTES, "%s: '%s' is not %s", name, text, expected);
	}
	p->err = -EINVAL;
	return MHD_NO;
}

int query_parse(struct MHD_Connection *connection, unsigned int allowed, struct query *q, char why[QUERY_WHY_BYTES])
{
	struct parsing p = { allowed, q, why, (int64_t)(clock_now().real_ns / NS_PER_MS), 0 };

	*q = (struct query){
		.since_ms = p.now_ms - DEFAULT_SINCE_MS, .until_ms = p.now_ms, .slots = DEFAULT_SLOTS, .port = DEFAULT_PORT,
		.intervals = DEFAULT_INTERVALS,
	};
	if (allowed & QUERY_ANY)
		return 0;
	MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, query_visit, &p);
	if (!p.err && q->until_ms <= q->since_ms) {
		snprintf(why, QUERY_WHY_BYTES, "until is not later than since");
		p.err = -EINVAL;
	}
	return p.err;
}
