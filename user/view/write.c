// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Functions that several writers use. */
#include <string.h>

#include "self.h"
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

char *entry_lladdr_text(const struct rollcall_entry *entry, char text[LLADDR_TEXT])
{
	const uint8_t *mac = entry->peer.lladdr;

	snprintf(text, LLADDR_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
	return text;
}

const char *entry_note(const struct table_info *info, const struct rollcall_entry *entry)
{
	uint64_t moved_ns = entry->peer.moved_ns;

	if (entry_is_self(entry))
		return "self";
	if (!moved_ns || (int64_t)(info->now.boot_ns - moved_ns) > (int64_t)info->settings->expiry_ns)
		return NULL;
	return rollcall_is_in_conflict(info->settings, &entry->peer, info->now.boot_ns) ? "conflict" : "moved";
}

bool entry_is_sealed(const struct table_info *info, const struct rollcall_entry *entry)
{
	return info->settings->sealing && entry->peer.flags & ROLLCALL_PEER_SEALED;
}

const char *sealing_name(const struct rollcall_settings *settings)
{
	static const char *const names[] = {
		[ROLLCALL_PLAIN] = "plain",
		[ROLLCALL_SEALED] = "sealed",
		[ROLLCALL_MIXED] = "mixed",
	};

	return names[settings->sealing];
}

bool entry_has_other_address(const struct table_info *info, const struct rollcall_entry *entry)
{
	return !entry_is_self(entry) && entry_note(info, entry);
}

char *entry_other_address_text(const struct rollcall_entry *entry, const char *ifname, char text[ROLLCALL_ADDRESS_TEXT])
{
	struct rollcall_entry other = { .key.family = entry->key.family };

	if (entry->key.family == ROLLCALL_FAMILY_IPV4)
		memcpy(other.peer.ipv4, entry->peer.rival, sizeof(other.peer.ipv4));
	else
		memcpy(other.peer.ipv6, entry->peer.rival, sizeof(other.peer.ipv6));
	return rollcall_address_text(&other, ifname, text);
}

uint64_t info_since(const struct table_info *info, uint64_t boot_ns)
{
	int64_t ns = (int64_t)(info->now.boot_ns - boot_ns);

	return ns > 0 ? (uint64_t)ns : 0;
}
