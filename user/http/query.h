/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parameters of a request: what comes after the '?' of its path. */
#ifndef ROLLCALL_QUERY_H
#define ROLLCALL_QUERY_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#define QUERY_VALUE_BYTES 256

/* The parameters that a path takes, as bits. */
enum {
	QUERY_HOST = 1 << 0,  /* a glob of hostnames or addresses */
	QUERY_SINCE = 1 << 1, /* times, as the options of `history` take them */
	QUERY_UNTIL = 1 << 2,
	QUERY_SLOTS = 1 << 3,
	QUERY_PORT = 1 << 4,
	QUERY_INTERVALS = 1 << 5,
	QUERY_ANY = 1 << 6, /* all, which are ignored */
};

struct query {
	unsigned int given; /* bits */
	char *host;	    /* HOST_TEXT, or NULL: not given */
	char host_text[QUERY_VALUE_BYTES];
	int64_t since_ms, until_ms; /* since 1970; by default the last 7 days */
	uint32_t slots;		    /* by default 100 */
	uint32_t port;		    /* by default 9100 */
	uint32_t intervals;	    /* by default 2 */
};

#define QUERY_WHY_BYTES 600

/*
 * Q must not be moved, because HOST points into it. A parameter that is not ALLOWED, or is given twice, is an error.
 * Returns 0, or -EINVAL with the reason in WHY.
 */
int query_parse(struct MHD_Connection *connection, unsigned int allowed, struct query *q, char why[QUERY_WHY_BYTES]);

#endif
