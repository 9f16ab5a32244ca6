// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Peers as JSON, without json-c, which takes microseconds for each: what is told of a peer is numbers
 * and short plain text, and there may be a million of them.
 */
#include "write.h"

static void begin_peers(__attribute__((unused)) FILE *out, __attribute__((unused)) bool header)
{
}

/* From START on, which is printable ASCII: names of interfaces may hold quotation marks and backslashes. */
static char *escape(char *start, char *end)
{
	size_t odd = 0;

	for (const char *c = start; c < end; c++)
		odd += *c == '"' || *c == '\\';
	for (char *from = end, *to = end + odd; from < to;) {
		char c = *--from;

		*--to = c;
		if (c == '"' || c == '\\')
			*--to = '\\';
	}
	return end + odd;
}

static char *put_address(char *at, const struct rollcall_entry *e, const char *dev)
{
	return put_char(escape(at + 1, rollcall_put_address(put_char(at, '"'), e, dev)), '"');
}

/* Two hosts claim the name: both addresses, the one in force first. */
static char *put_conflict(char *at, const struct rollcall_entry *e, const char *dev)
{
	at = put_address(put_text(at, ",\"conflict\":true,\"addresses\":["), e, dev);
	at = put_char(at, ',');
	at = put_char(at, '"');
	at = escape(at, put_rival(at, e, dev));
	return put_text(at, "\"]");
}

static void write_peer(FILE *out, const struct table_info *info, const struct rollcall_entry *e, size_t number)
{
	char line[WRITE_LINE_BYTES], dev[ROLLCALL_IFNAME_TEXT], when[RFC3339_BYTES], *at = line;
	uint64_t age_ns = entry_age_ns(info, e);

	rollcall_ifname_text(info->slots, e->key.ifindex, dev);
	at = rollcall_put_name(put_text(at, number ? ",\n{\"hostname\":\"" : "[\n{\"hostname\":\""), e);
	at = put_decimal(put_text(at, "\",\"family\":"), e->key.family);
	at = put_address(put_text(at, ",\"address\":"), e, dev);
	at = put_lladdr(put_text(at, ",\"lladdr\":\""), e);
	at = put_text(at, "\",\"interface\":\"");
	at = escape(at, put_text(at, dev));
	at = put_text(put_text(at, "\",\"first_seen\":\""), clock_rfc3339(&info->now, e->peer.first_seen_ns, when));
	at = put_text(put_text(at, "\",\"last_seen\":\""), clock_rfc3339(&info->now, e->peer.last_seen_ns, when));
	at = put_decimal(put_text(at, "\",\"age_ms\":"), age_ns / NS_PER_MS);
	at = put_decimal(put_text(at, ",\"expires_ms\":"), (info->settings->expiry_ns - age_ns) / NS_PER_MS);
	at = put_decimal(put_text(at, ",\"announcements\":"), e->peer.announcements);
	if (entry_is_contested(info, e))
		at = put_conflict(at, e, dev);
	write_line(out, line, put_char(at, '}'));
}

static void end_peers(FILE *out, size_t count)
{
	fputs(count ? "\n]\n" : "[]\n", out);
}

const struct peers_writer write_peers_json = { begin_peers, write_peer, end_peers };
