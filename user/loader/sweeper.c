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
	uint64_t unsealed;	    /* as read out, where there is none */
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

/*
 * An entry that a CPU is replacing at this moment is not put back, because its sequence is not known. That CPU finds no
 * entry, and records its message as that of a new host.
 */
bool sweep_must_put_back(const struct table *t, const struct rollcall_peer *peer, uint64_t now_ns)
{
	return peer_is_kept(t, peer, now_ns) && peer->sequence != ROLLCALL_SEQUENCE_REPLACED;
}

/*
 * Remove the entry if it is stale. In a table with keys a program in the kernel does it, and the entry never has to be
 * put back (bpf/sequence.bpf.h). If the kernel rejects that program, a message that is received while its host's entry
 * is removed and put back may be accepted twice.
 *
 * Returns 0 if it was removed, -ENOENT if it stays or is not there, or another -errno.
 */
static int remove_stale(struct sweeping *s, struct rollcall_entry *entry)
{
	const struct table *t = s->table;
	int err;

	if (t->settings.sealing && t->scanner)
		return scanner_remove(t->scanner, t, entry, s->now_ns);
	err = sweep_take_out(t, entry);
	if (err || !sweep_must_put_back(t, &entry->peer, s->now_ns))
		return err;
	s->report->put_back += sweep_put_back(t, entry);
	return -ENOENT;
}

static int take_out(struct sweeping *s, const struct rollcall_peer_key *key)
{
	struct rollcall_entry entry = { .key = *key };
	int err = remove_stale(s, &entry);

	if (err)
		return err == -ENOENT ? 0 : err; /* its host has returned, or it was recycled by the kernel, or detached */
	s->report->left++;
	admission_left(s->table, &entry.peer);
	if (s->table->scanner)
		s->table->scanner->gone[s->gone++] = source_of(&entry);
	else
		source_left(s->table, &entry);
	if (s->on_leave)
		s->on_leave(&entry, s->context);
	return 0;
}

/* Entries that a scan has found. */
struct found {
	uint64_t all, unsealed;
};

static int count_entry(const struct rollcall_entry *entry, void *context)
{
	struct found *found = context;

	found->all++;
	found->unsealed += !(entry->peer.flags & ROLLCALL_PEER_SEALED);
	return 0;
}

/* The scan in the kernel may have missed an entry or seen it twice: what disagrees is counted again by reading. */
static int settle_account(const struct table *t, struct admission_scan scan, struct found found)
{
	int err = 0;

	if (t->scanner && !admission_scan_agrees(t, &scan, found.all)) {
		scan = admission_scan_begin(t);
		found = (struct found){};
		err = table_walk(t, count_entry, &found);
	}
	if (err)
		return err;
	admission_unsealed_found(t, &scan, found.unsealed);
	return admission_scan_end(t, &scan, found.all);
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
		err = settle_account(s->table, scan, (struct found){ found.seen, found.unsealed });
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
	s->unsealed += !(entry->peer.flags & ROLLCALL_PEER_SEALED);
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
		err = settle_account(s->table, scan, (struct found){ s->report->seen, s->unsealed });
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
	s = (struct sweeping){ t, report, on_leave, context, rollcall_now_ns(), 0, 0, {} };
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
