/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the options of `serve` ask for. */
#ifndef ROLLCALL_HTTP_CONFIG_H
#define ROLLCALL_HTTP_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* It owns nothing. */
struct http_config {
	const char *dir;    /* of the table */
	const char *listen; /* the address as text, for messages */
	struct sockaddr_storage address;
	socklen_t address_bytes;
	const char *const *hosts; /* names that requests may have in Host */
	size_t host_count;
	const char *db;	    /* of the history; there may be none */
	const char *expect; /* a file of hostnames, or NULL */
	bool host_series;
	uint32_t max_series;
};

#endif
