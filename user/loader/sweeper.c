// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One pass: find what is stale, then take it out one by one. */
#include <bpf/bpf.h>
#include <errno.h>

#include "admission.h"
#include "scanner.h"
#include "sources.h"
#include "sweeper.h"

/* Entries that expire within so short a time are taken in one pass. */
#define SLACK_NS (5 * NS_PER_MS)

/* What returned so long ago at most is put back as received now. */
#define IN_HAND_NS (100 * NS_PER_MS)

/* A pass under way. */
struct sweeping {
	const struct table *table;
	struct sweep_report *report;
	sweep_leave on_leave;
	void *context;
	uint64_t now_ns;
	uint32_t gone;		    /* removed since the last scan in the kernel */
	struct entries stale; /* as read out, where there is none */
};

int sweep_take_out(const struct table *t, struct rollcall_entry *entry)
{
	return bpf_map_lookup_and_delete_elem(t->peers_fd, &entry->key, &entry->peer) ? -errno : 0;
}

/*
 * An entry comes out fresh when its host returned after it was found stale. From then on it is
 * refreshed in place again, and such a store may have met the removing: then it is neither in
 * what came out nor in the table. It was made since the last_seen that came out, so "received now"
 * is true but for the length of this pass. After a longer delay (we were stopped) what came
 * out is left as it is, because a host must not be listed longer than it lives.
 */
bool sweep_put_back(const struct table *t, const struct rollcall_entry *entry)
{
	struct rollcall_peer peer = entry->peer;
	uint64_t now_ns = rollcall_now_ns();
	int64_t age_ns = rollcall_age_ns(&peer, now_ns);

	if (age_ns > 0 && age_ns < (int64_t)IN_HAND_NS)
		peer.last_seen_ns = now_ns;
	/* rejected: an announcement has made a newer entry meanwhile, which is what we want */
	return !bpf_map_update_elem(t->peers_fd, &entry->key, &peer, BPF_NOEXIST);
}

static int take_out(struct sweeping *s, const struct rollcall_peer_key *key)
{
	struct rollcall_entry entry = { .key = *key };
	int err = sweep_take_out(s->table, &entry);

	if (err)
		return err == -ENOENT ? 0 : err; /* recycled by the kernel, or detached */
	if (peer_is_kept(s->table, &entry.peer, s->now_ns)) {
		s->report->put_back += sweep_put_back(s->table, &entry);
		return 0;
	}
	s->report->left++;
	admission_left(s->table);
	if (s->table->scanner)
		s->table->scanner->gone[s->gone++] = source_of(&entry);
	else
		source_left(s->table, &entry);
	if (s->on_leave)
		s->on_leave(&entry, s->context);
	return 0;
}

static int count_entry(const struct rollcall_entry *entry, void *context)
{
	(void)entry;
	++*(uint64_t *)context;
	return 0;
}

/* The scan in the kernel may have missed an entry or seen it twice: what disagrees is counted again by reading. */
static int settle_account(const struct table *t, struct admission_scan scan, uint64_t found)
{
	int err = 0;

	if (t->scanner && !admission_scan_agrees(t, &scan, found)) {
		scan = admission_scan_begin(t);
		found = 0;
		err = table_walk(t, count_entry, &found);
	}
	return err ? err : admission_scan_end(t, &scan, found);
}

/* By the scan in the kernel, and again as long as more is stale than it can hand over. */
static int sweep_by_scanning(struct sweeping *s)
{
	const struct scanner *scanner = s->table->scanner;
	struct admission_scan scan = admission_scan_begin(s->table);
	struct rollcall_scan found;
	int err = scanner_scan(scanner, s->table, s->now_ns, &found);

	s->report->seen = found.seen;
	s->report->oldest_ns = found.oldest_ns;
	if (!err)
		err = settle_account(s->table, scan, found.seen);
	while (!err) {
		int failed;

		s->gone = 0;
		for (uint64_t i = 0; !err && i < found.stale && i < scanner->room; i++)
			err = take_out(s, &scanner->keys[i]);
		failed = scanner_release(scanner, s->table, s->gone); /* whose entries are gone is gone, whatever came then */
		err = err ? err : failed;
		if (err || found.stale <= scanner->room)
			break;
		err = scanner_scan(scanner, s->table, s->now_ns, &found);
	}
	return err;
}

static int find_stale(const struct rollcall_entry *entry, void *context)
{
	struct sweeping *s = context;

	s->report->seen++;
	if (peer_is_kept(s->table, &entry->peer, s->now_ns)) {
		if (entry->peer.last_seen_ns < s->report->oldest_ns)
			s->report->oldest_ns = entry->peer.last_seen_ns;
		return 0;
	}
	return entries_add(&s->stale, entry);
}

static int sweep_by_reading(struct sweeping *s)
{
	struct admission_scan scan = admission_scan_begin(s->table);
	int err = table_walk(s->table, find_stale, s);

	if (!err)
		err = settle_account(s->table, scan, s->report->seen);
	for (size_t i = 0; !err && i < s->stale.count; i++)
		err = take_out(s, &s->stale.list[i].key);
	entries_free(&s->stale);
	return err;
}

int sweep(const struct table *t, sweep_leave on_leave, void *context, struct sweep_report *report)
{
	struct sweeping s;
	int err;

	*report = (struct sweep_report){ .oldest_ns = UINT64_MAX };
	s = (struct sweeping){ t, report, on_leave, context, rollcall_now_ns(), 0, {} };
	err = t->scanner ? sweep_by_scanning(&s) : sweep_by_reading(&s);
	if (!err) {
		err = admission_swept(t, s.now_ns);
		report->room_again = err > 0;
	}
	return err < 0 ? err : 0;
}

uint64_t sweep_deadline_ns(const struct table *t, const struct sweep_report *report, uint64_t now_ns)
{
	uint64_t first_ns = report->oldest_ns < now_ns ? report->oldest_ns : now_ns;

	return first_ns + t->settings.expiry_ns + SLACK_NS;
}
