// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Print names and addresses as text that is safe for terminals, scripts and documents. */
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include <rollcall/rollcall.h>

#include "name.h"

char *rollcall_name_text(const struct rollcall_entry *entry, char text[ROLLCALL_NAME_TEXT])
{
	const char *name = entry->key.hostname;
	size_t bytes = 0;

	for (; bytes < ROLLCALL_NAME_TEXT - 1 && name[bytes]; bytes++)
		text[bytes] = (char)(hostname_has(name[bytes]) ? name[bytes] : '?');
	text[bytes] = '\0';
	return text;
}

static bool is_link_local(const uint8_t ipv6[16])
{
	return ipv6[0] == 0xfe && (ipv6[1] & 0xc0) == 0x80; /* fe80::/10, RFC 4291 */
}

char *rollcall_address_text(const struct rollcall_entry *entry, const char *ifname, char text[ROLLCALL_ADDRESS_TEXT])
{
	const struct rollcall_peer *peer = &entry->peer;
	size_t bytes;

	if (entry->key.family == ROLLCALL_FAMILY_IPV4) {
		inet_ntop(AF_INET, peer->ipv4, text, ROLLCALL_ADDRESS_TEXT);
		return text;
	}
	inet_ntop(AF_INET6, peer->ipv6, text, ROLLCALL_ADDRESS_TEXT);
	if (is_link_local(peer->ipv6)) { /* with its scope, RFC 4007 */
		bytes = strlen(text);
		snprintf(text + bytes, ROLLCALL_ADDRESS_TEXT - bytes, "%%%s", ifname);
	}
	return text;
}

char *rollcall_ifname_text(const struct rollcall_attachment slots[ROLLCALL_SLOTS], uint32_t ifindex,
			   char text[ROLLCALL_IFNAME_TEXT])
{
	int slot = 0;

	while (slot < ROLLCALL_SLOTS && slots[slot].ifindex != ifindex)
		slot++;
	if (slot < ROLLCALL_SLOTS)
		snprintf(text, ROLLCALL_IFNAME_TEXT, "%.*s", IF_NAMESIZE - 1, slots[slot].ifname);
	else
		snprintf(text, ROLLCALL_IFNAME_TEXT, "if%u", ifindex);
	for (char *c = text; *c; c++)
		if (*c <= ' ' || *c >= 0x7f) /* dev_valid_name() in net/core/dev.c allows escape sequences */
			*c = '?';
	return text;
}
