// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The filter sends each of these once per change of state, clashes once a second. */
#include <string.h>
#include <sys/socket.h>

#include "base/message.h"
#include "net/addresses.h"
#include "tell.h"

static bool is_own_address(const struct rollcall_entry *heard)
{
	bool is_ipv4 = heard->key.family == ROLLCALL_FAMILY_IPV4;
	const void *bytes = is_ipv4 ? heard->peer.ipv4 : heard->peer.ipv6;
	int family = is_ipv4 ? AF_INET : AF_INET6;
	struct addresses own;
	bool found;

	if (addresses_read(&own, family, 0))
		return false;
	found = addresses_have(&own, family, bytes);
	addresses_free(&own);
	return found;
}

void tell_clash(const struct rollcall_entry *heard, const char *ifname)
{
	static char told[ROLLCALL_ADDRESS_TEXT];
	char address[ROLLCALL_ADDRESS_TEXT];

	if (!strcmp(rollcall_address_text(heard, ifname, address), told) || is_own_address(heard))
		return;
	memcpy(told, address, sizeof(told));
	warn("name clash: '%s', the name of this host, is also called by %s on '%s'", heard->key.hostname, address, ifname);
}

void tell_full(const struct rollcall_entry *refused, const struct rollcall_settings *settings, const char *ifname)
{
	char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];

	warn("the table is full, with %u peers (--max-peers): newcomers are refused, now '%s' at %s on '%s'",
	     settings->max_peers, rollcall_name_text(refused, name), rollcall_address_text(refused, ifname, address), ifname);
}

void tell_throttled(const struct rollcall_entry *refused, const struct rollcall_settings *settings, const char *ifname)
{
	char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT];

	warn("%s on '%s' holds %u names (--names-per-source): more are refused, now '%s'",
	     rollcall_address_text(refused, ifname, address), ifname, settings->names_per_source, rollcall_name_text(refused, name));
}
