// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Entries with the same hostname are adjacent in a sorted snapshot, so a row is a range of it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/message.h"
#include "hosts.h"
#include "watch/reader.h"

/* Digits in hostnames are compared by value, by strverscmp(3). It returns 0 only for equal names. */
static int compare_entries(const void *left, const void *right)
{
	const struct rollcall_entry *a = left, *b = right;
	int order = strverscmp(a->key.hostname, b->key.hostname);

	return order ? order : rollcall_compare_primary(a, b);
}

static void host_begin(struct host *host, const struct rollcall_entry *e)
{
	*host = (struct host){ e, 0, e->peer.first_seen_ns, e->peer.last_seen_ns, 0 };
}

static void host_add(struct host *host, const struct rollcall_entry *e)
{
	host->count++;
	if (e->peer.first_seen_ns < host->first_seen_ns)
		host->first_seen_ns = e->peer.first_seen_ns;
	if (e->peer.last_seen_ns > host->last_seen_ns)
		host->last_seen_ns = e->peer.last_seen_ns;
	host->announcements += e->peer.announcements;
}

int hosts_group(struct hosts *h, struct snapshot *s, enum hosts_rows rows)
{
	struct host_count hosts = {};

	*h = (struct hosts){};
	if (!s->entries.count)
		return 0;
	h->list = calloc(s->entries.count, sizeof(*h->list));
	if (!h->list)
		return fail(-ENOMEM, NULL, "cannot group the peers by host");
	qsort(s->entries.list, s->entries.count, sizeof(*s->entries.list), compare_entries);
	for (size_t i = 0; i < s->entries.count; i++) {
		const struct rollcall_entry *e = &s->entries.list[i];

		if (host_count_add(&hosts, e) || rows == ROW_PER_ENTRY)
			host_begin(&h->list[h->count++], e);
		host_add(&h->list[h->count - 1], e);
	}
	return 0;
}

void hosts_free(struct hosts *h)
{
	free(h->list);
	*h = (struct hosts){};
}

int host_list_take(struct host_list *l, const struct rollcall_table *t, const struct selection *selection)
{
	int err = reader_slots(t, l->slots);

	if (!err)
		err = snapshot_take(t, selection, &l->snapshot);
	if (err)
		return err;
	l->info = (struct table_info){ .settings = &t->settings, .slots = l->slots, .now = l->snapshot.taken };
	err = hosts_group(&l->hosts, &l->snapshot, ROW_PER_HOST);
	if (err)
		snapshot_free(&l->snapshot);
	return err;
}

void host_list_free(struct host_list *l)
{
	hosts_free(&l->hosts);
	snapshot_free(&l->snapshot);
}

const char *host_note(const struct table_info *info, const struct host *host)
{
	const char *found = NULL;

	for (size_t i = 0; i < host->count; i++) {
		const char *note = entry_note(info, &host->entries[i]);

		if (note && (!found || !strcmp(note, "conflict")))
			found = note;
	}
	return found;
}
