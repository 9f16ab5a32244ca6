// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which hostnames programs may trust, although any host on the segment can announce any name. */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include <rollcall/wire.h>

#include "name.h"

static const char reserved[][sizeof("localhost")] = { "localhost", "wpad", "isatap" };

static bool could_be_announced(const char *name)
{
	size_t bytes = 0;

	while (bytes <= ROLLCALL_HOSTNAME_MAX && name[bytes] && hostname_has(name[bytes]))
		bytes++;
	return hostname_starts(name[0]) && !name[bytes] && bytes <= ROLLCALL_HOSTNAME_MAX;
}

static bool reads_as_address(const char *name)
{
	struct in_addr address;

	return !name[strspn(name, "0123456789.")] || inet_aton(name, &address);
}

static bool is_reserved(const char *label, size_t bytes)
{
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		size_t same = 0;

		while (same < bytes && hostname_lower(label[same]) == reserved[i][same])
			same++;
		if (same == bytes && !reserved[i][same])
			return true;
	}
	return false;
}

static bool has_reserved_label(const char *name)
{
	for (;;) {
		size_t bytes = strcspn(name, ".");

		if (is_reserved(name, bytes))
			return true;
		if (!name[bytes])
			return false;
		name += bytes + 1;
	}
}

bool rollcall_name_is_free(const char *name)
{
	return could_be_announced(name) && !reads_as_address(name) && !has_reserved_label(name);
}
