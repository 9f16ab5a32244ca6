// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What both writers share. */
#include <arpa/inet.h>
#include <string.h>

#include "parse.h"
#include "write.h"

char *hostname_text(const struct table_entry *entry, char text[HOSTNAME_BYTES])
{
	const char *name = entry->key.hostname;
	size_t i;

	for (i = 0; i < HOSTNAME_BYTES - 1 && name[i]; i++)
		text[i] = (char)(hostname_has(name[i]) ? name[i] : '?');
	text[i] = '\0';
	return text;
}

char *address_text(const struct table_entry *entry, const char *ifname, char text[ADDRESS_BYTES])
{
	const struct rollcall_peer *peer = &entry->peer;

	if (entry->key.family == ROLLCALL_FAMILY_IPV4) {
		inet_ntop(AF_INET, peer->ipv4, text, ADDRESS_BYTES);
		return text;
	}
	inet_ntop(AF_INET6, peer->ipv6, text, ADDRESS_BYTES);
	if (peer->ipv6[0] == 0xfe && (peer->ipv6[1] & 0xc0) == 0x80) /* fe80::/10, RFC 4007 */
		snprintf(text + strlen(text), ADDRESS_BYTES - strlen(text), "%%%s", ifname);
	return text;
}

const char *outcome_name(enum rollcall_outcome outcome)
{
	static const char *const names[] = {
#define X(symbol, name, help) [ROLLCALL_##symbol] = #name,
		ROLLCALL_OUTCOMES(X)
#undef X
	};

	return names[outcome];
}

const char *outcome_help(enum rollcall_outcome outcome)
{
	static const char *const helps[] = {
#define X(symbol, name, help) [ROLLCALL_##symbol] = (help),
		ROLLCALL_OUTCOMES(X)
#undef X
	};

	return helps[outcome];
}

char *rival_text(const struct table_entry *entry, const char *ifname, char text[ADDRESS_BYTES])
{
	struct table_entry rival = { .key = entry->key };

	if (entry->key.family == ROLLCALL_FAMILY_IPV4)
		memcpy(rival.peer.ipv4, entry->peer.rival, sizeof(rival.peer.ipv4));
	else
		memcpy(rival.peer.ipv6, entry->peer.rival, sizeof(rival.peer.ipv6));
	return address_text(&rival, ifname, text);
}

bool entry_is_moved(const struct scene *scene, const struct table_entry *entry)
{
	uint64_t moved_ns = entry->peer.moved_ns;

	return moved_ns && (int64_t)(scene->now.boot_ns - moved_ns) <= (int64_t)scene->settings->expiry_ns;
}

bool entry_is_contested(const struct scene *scene, const struct table_entry *entry)
{
	return entry->peer.flags & ROLLCALL_PEER_CONTESTED && entry_is_moved(scene, entry);
}
