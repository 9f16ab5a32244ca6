// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What the writers share. */
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

char *put_rival(char *at, const struct rollcall_entry *entry, const char *ifname)
{
	struct rollcall_entry rival = { .key.family = entry->key.family };

	if (entry->key.family == ROLLCALL_FAMILY_IPV4)
		memcpy(rival.peer.ipv4, entry->peer.rival, sizeof(rival.peer.ipv4));
	else
		memcpy(rival.peer.ipv6, entry->peer.rival, sizeof(rival.peer.ipv6));
	return rollcall_put_address(at, &rival, ifname);
}

char *put_lladdr(char *at, const struct rollcall_entry *entry)
{
	const uint8_t *mac = entry->peer.lladdr;

	return at + sprintf(at, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

bool entry_is_moved(const struct table_info *info, const struct rollcall_entry *entry)
{
	uint64_t moved_ns = entry->peer.moved_ns;

	return moved_ns && (int64_t)(info->now.boot_ns - moved_ns) <= (int64_t)info->settings->expiry_ns;
}

bool entry_is_contested(const struct table_info *info, const struct rollcall_entry *entry)
{
	return entry->peer.flags & ROLLCALL_PEER_CONTESTED && entry_is_moved(info, entry);
}

static uint64_t since(const struct table_info *info, uint64_t boot_ns)
{
	int64_t ns = (int64_t)(info->now.boot_ns - boot_ns);

	return ns > 0 ? (uint64_t)ns : 0;
}

uint64_t entry_age_ns(const struct table_info *info, const struct rollcall_entry *entry)
{
	return since(info, entry->peer.last_seen_ns);
}

uint64_t entry_up_ns(const struct table_info *info, const struct rollcall_entry *entry)
{
	return since(info, entry->peer.first_seen_ns);
}
