// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Makes rows of the roster. */
#include <arpa/inet.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "base/message.h"
#include "rows.h"

#define MINUTE_NS (60 * NS_PER_S)

static int rows_add_roster(struct rows *r, const struct roster *roster)
{
	int err = 0;

	for (size_t i = 0; !err && i < roster->here.count; i++)
		err = entries_add(&r->all.entries, &roster->here.list[i].entry);
	return err;
}

/*
 * Add entries that left. Both lists are sorted by key, which begins with the hostname. With ROW_PER_HOST, entries that
 * left are skipped if their host has live entries.
 */
static int rows_add_departures(struct rows *r, const struct roster *roster, const struct departures *d, enum hosts_rows kind)
{
	const struct roster_members *here = &roster->here;
	size_t h = 0;

	for (size_t i = 0; i < d->count; i++) {
		const char *name = d->list[i].entry.key.hostname;
		int order = 1, err;

		while (h < here->count &&
		       (order = memcmp(here->list[h].entry.key.hostname, name, ROLLCALL_NAME_TEXT)) < 0)
			h++;
		if (kind == ROW_PER_HOST && h < here->count && !order)
			continue;
		err = entries_add(&r->all.entries, &d->list[i].entry);
		if (err)
			return err;
	}
	return 0;
}

int rows_take(struct rows *r, const struct roster *roster, const struct departures *d, enum hosts_rows kind,
	      const struct moment *now)
{
	int err;

	hosts_free(&r->shown);
	r->all.entries.count = 0; /* keeps the memory */
	r->all.taken = *now;
	err = rows_add_roster(r, roster);
	if (!err)
		err = rows_add_departures(r, roster, d, kind);
	if (!err)
		return 0;
	r->all.entries.count = 0;
	return fail(err, NULL, "cannot copy the table");
}

static bool filter_takes(const char *filter, const struct rollcall_entry *entry)
{
	bool is_ipv4 = entry->key.family == ROLLCALL_FAMILY_IPV4;
	char address[INET6_ADDRSTRLEN];

	if (strcasestr(entry->key.hostname, filter))
		return true;
	inet_ntop(is_ipv4 ? AF_INET : AF_INET6, is_ipv4 ? entry->peer.ipv4 : entry->peer.ipv6, address, sizeof(address));
	if (strcasestr(address, filter))
		return true;
	return strpbrk(filter, "*?[") && (!fnmatch(filter, entry->key.hostname, FNM_CASEFOLD) || !fnmatch(filter, address, FNM_CASEFOLD));
}

static bool row_is_taken(const char *filter, const struct host *row)
{
	for (size_t i = 0; i < row->count; i++)
		if (filter_takes(filter, &row->entries[i]))
			return true;
	return false;
}

static void rows_filter(struct hosts *h, const char *filter)
{
	size_t kept = 0;

	for (size_t i = 0; *filter && i < h->count; i++)
		if (row_is_taken(filter, &h->list[i]))
			h->list[kept++] = h->list[i];
	h->count = *filter ? kept : h->count;
}

int rows_arrange(struct rows *r, const struct arrangement *a, const struct table_info *info)
{
	int err;

	hosts_free(&r->shown);
	err = hosts_group(&r->shown, &r->all, a->kind);
	if (err)
		return err;
	rows_filter(&r->shown, a->filter);
	order_apply(a->order, a->reverse, info, &r->shown);
	return 0;
}

static void tally_expect(struct tally *tally, uint64_t due_ns)
{
	if (due_ns < tally->due_ns)
		tally->due_ns = due_ns;
}

/* Count one host. If LEFT_NS is not 0, it left at that time. */
static void tally_add(struct tally *tally, const struct host *host, uint64_t left_ns, const struct table_info *info)
{
	uint64_t now_ns = info->now.boot_ns;
	const char *note = host_note(info, host);

	if (left_ns) {
		tally->left += now_ns - left_ns < MINUTE_NS;
		if (now_ns - left_ns < MINUTE_NS)
			tally_expect(tally, left_ns + MINUTE_NS);
		return;
	}
	tally->hosts++;
	tally->conflicts += note && !strcmp(note, "conflict");
	for (size_t i = 0; note && i < host->count; i++)
		if (host->entries[i].peer.moved_ns)
			tally_expect(tally, host->entries[i].peer.moved_ns + info->settings->expiry_ns + 1);
	if (info_since(info, host->first_seen_ns) < MINUTE_NS) {
		tally->joined++;
		tally_expect(tally, host->first_seen_ns + MINUTE_NS);
	}
}

/* Set HERE to the entries of HOST that have not left. Returns when the host left, or 0 if there are such entries. */
static uint64_t host_left_ns(const struct host *host, const struct departures *d, struct host *here)
{
	uint64_t left_ns = 0;

	*here = (struct host){ .first_seen_ns = UINT64_MAX };
	for (size_t i = 0; i < host->count; i++) {
		const struct rollcall_entry *e = &host->entries[i];
		const struct departure *departure = d->count ? departures_find(d, &e->key) : NULL;

		if (departure) {
			left_ns = departure->left_ns > left_ns ? departure->left_ns : left_ns;
			continue;
		}
		here->count++;
		if (e->peer.first_seen_ns < here->first_seen_ns)
			here->first_seen_ns = e->peer.first_seen_ns;
	}
	return here->count ? 0 : left_ns;
}

void rows_count(struct rows *r, const struct departures *d, const struct table_info *info)
{
	const struct rollcall_entry *list = r->all.entries.list;
	size_t count = r->all.entries.count;

	r->tally = (struct tally){ .due_ns = UINT64_MAX };
	for (size_t i = 0; i < count;) {
		struct host host = { .entries = &list[i] }, here;
		uint64_t left_ns;

		while (i < count && !strcmp(list[i].key.hostname, host.entries->key.hostname)) {
			host.count++;
			i++;
		}
		left_ns = host_left_ns(&host, d, &here);
		host.first_seen_ns = here.first_seen_ns;
		tally_add(&r->tally, &host, left_ns, info);
	}
}

void row_sum_up(struct host *row)
{
	const struct rollcall_entry *e = row->entries;

	row->first_seen_ns = e->peer.first_seen_ns;
	row->last_seen_ns = e->peer.last_seen_ns;
	row->announcements = 0;
	for (size_t i = 0; i < row->count; i++, e++) {
		if (e->peer.first_seen_ns < row->first_seen_ns)
			row->first_seen_ns = e->peer.first_seen_ns;
		if (e->peer.last_seen_ns > row->last_seen_ns)
			row->last_seen_ns = e->peer.last_seen_ns;
		row->announcements += e->peer.announcements;
	}
}

struct host rows_find_host(const struct rows *r, const char *name)
{
	const struct rollcall_entry *list = r->all.entries.list;
	size_t low = 0, high = r->all.entries.count;
	struct host host = {};

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strverscmp(list[middle].key.hostname, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == r->all.entries.count || strcmp(list[low].key.hostname, name) != 0)
		return host;
	host.entries = &list[low];
	while (low + host.count < r->all.entries.count && !strcmp(host.entries[host.count].key.hostname, name))
		host.count++;
	row_sum_up(&host);
	return host;
}

void rows_free(struct rows *r)
{
	hosts_free(&r->shown);
	snapshot_free(&r->all);
	*r = (struct rows){};
}
