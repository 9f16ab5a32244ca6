// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One line of tab-separated fields per peer. rollcall(8) documents their order and scripts rely on it: a new
 * field goes to the end, none is moved or removed.
 */
#include "hosts.h"

/* Seconds since 1970, as date -d @ takes them. */
static void write_time(FILE *out, const struct table_info *info, uint64_t boot_ns)
{
	unsigned long long ms = clock_real_ns(&info->now, boot_ns) / NS_PER_MS;

	fprintf(out, "%llu.%03llu\t", ms / 1000, ms % 1000);
}

static bool write_peer(FILE *out, const struct table_info *info, const struct host *host,
		       __attribute__((unused)) size_t number)
{
	const struct rollcall_entry *e = host->entries;
	char name[ROLLCALL_NAME_TEXT], address[ROLLCALL_ADDRESS_TEXT], lladdr[LLADDR_TEXT], dev[ROLLCALL_IFNAME_TEXT];
	char other[ROLLCALL_ADDRESS_TEXT];
	const char *note = entry_note(info, e);
	uint64_t age_ns = info_since(info, e->peer.last_seen_ns);

	rollcall_ifname_text(info->slots, e->key.ifindex, dev);
	fprintf(out, "%s\t%u\t%s\t%s\t%s\t", rollcall_name_text(e, name), e->key.family,
		rollcall_address_text(e, dev, address), entry_lladdr_text(e, lladdr), dev);
	write_time(out, info, e->peer.first_seen_ns);
	write_time(out, info, e->peer.last_seen_ns);
	fprintf(out, "%llu\t%llu\t%llu\t%s\t%s\n", age_ns / NS_PER_MS,
		(info->settings->expiry_ns - age_ns) / NS_PER_MS, e->peer.announcements, note ? note : "-",
		note ? entry_other_address_text(e, dev, other) : "-");
	return true;
}

const struct peers_writer write_peers_tsv = { .row = write_peer };
