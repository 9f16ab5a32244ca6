// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * One line of tab-separated fields a peer. Their order is documented in rollcall(8) and scripts
 * count on it: a new field goes to the end, none is ever moved or taken away.
 */
#include "write.h"

static void begin_peers(__attribute__((unused)) FILE *out, __attribute__((unused)) bool header)
{
}

/* Seconds since 1970, as date -d @ takes them. */
static char *put_time(char *at, const struct table_info *info, uint64_t boot_ns)
{
	uint64_t ms = clock_real_ns(&info->now, boot_ns) / NS_PER_MS;

	return put_digits(put_char(put_decimal(at, ms / 1000), '.'), ms % 1000, 3);
}

static char *put_flag(char *at, const struct table_info *info, const struct rollcall_entry *e, const char *dev)
{
	if (!entry_is_moved(info, e))
		return put_bytes(at, "-\t-", 3);
	at = put_text(at, entry_is_contested(info, e) ? "conflict\t" : "moved\t");
	return put_rival(at, e, dev);
}

static void write_peer(FILE *out, const struct table_info *info, const struct rollcall_entry *e,
		       __attribute__((unused)) size_t number)
{
	char line[WRITE_LINE_BYTES], dev[ROLLCALL_IFNAME_TEXT], *at = line;
	uint64_t age_ns = entry_age_ns(info, e);

	rollcall_ifname_text(info->slots, e->key.ifindex, dev);
	at = put_char(rollcall_put_name(at, e), '\t');
	at = put_char(put_decimal(at, e->key.family), '\t');
	at = put_char(rollcall_put_address(at, e, dev), '\t');
	at = put_char(put_lladdr(at, e), '\t');
	at = put_char(put_text(at, dev), '\t');
	at = put_char(put_time(at, info, e->peer.first_seen_ns), '\t');
	at = put_char(put_time(at, info, e->peer.last_seen_ns), '\t');
	at = put_char(put_decimal(at, age_ns / NS_PER_MS), '\t');
	at = put_char(put_decimal(at, (info->settings->expiry_ns - age_ns) / NS_PER_MS), '\t');
	at = put_char(put_decimal(at, e->peer.announcements), '\t');
	at = put_char(put_flag(at, info, e, dev), '\n');
	write_line(out, line, at);
}

static void end_peers(__attribute__((unused)) FILE *out, __attribute__((unused)) size_t count)
{
}

const struct peers_writer write_peers_tsv = { begin_peers, write_peer, end_peers };
