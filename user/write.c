// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What both writers share. */
#include <string.h>

#include "write.h"

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

char *rival_text(const struct rollcall_entry *entry, const char *ifname, char text[ROLLCALL_ADDRESS_TEXT])
{
	struct rollcall_entry rival = { .key = entry->key };

	if (entry->key.family == ROLLCALL_FAMILY_IPV4)
		memcpy(rival.peer.ipv4, entry->peer.rival, sizeof(rival.peer.ipv4));
	else
		memcpy(rival.peer.ipv6, entry->peer.rival, sizeof(rival.peer.ipv6));
	return rollcall_address_text(&rival, ifname, text);
}

bool entry_is_moved(const struct scene *scene, const struct rollcall_entry *entry)
{
	uint64_t moved_ns = entry->peer.moved_ns;

	return moved_ns && (int64_t)(scene->now.boot_ns - moved_ns) <= (int64_t)scene->settings->expiry_ns;
}

bool entry_is_contested(const struct scene *scene, const struct rollcall_entry *entry)
{
	return entry->peer.flags & ROLLCALL_PEER_CONTESTED && entry_is_moved(scene, entry);
}
