// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "origin.h"

/* The longest name of DNS, and a NUL. */
#define NAME_BYTES 256

/* Is TEXT empty, or a colon and digits? */
static bool is_port(const char *text)
{
	return !*text || (*text == ':' && text[1 + strspn(text + 1, "0123456789")] == '\0');
}

static bool is_ipv6(const char *host)
{
	char address[INET6_ADDRSTRLEN];
	const char *end = strchr(host, ']');
	struct in6_addr ipv6;

	if (!end || !is_port(end + 1) || end - host > (ptrdiff_t)sizeof(address))
		return false;
	snprintf(address, sizeof(address), "%.*s", (int)(end - host - 1), host + 1);
	return inet_pton(AF_INET6, address, &ipv6) == 1;
}

bool origin_is_allowed(const char *host, const char *const *names, size_t count)
{
	size_t bytes = strcspn(host, ":");
	char name[NAME_BYTES];
	struct in_addr ipv4;

	if (*host == '[')
		return is_ipv6(host);
	if (bytes >= sizeof(name) || !is_port(host + bytes))
		return false;
	snprintf(name, sizeof(name), "%.*s", (int)bytes, host);
	if (inet_pton(AF_INET, name, &ipv4) == 1 || !strcasecmp(name, "localhost"))
		return true;
	for (size_t i = 0; i < count; i++)
		if (!strcasecmp(name, names[i]))
			return true;
	return false;
}
