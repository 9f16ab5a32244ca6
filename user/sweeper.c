// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* One pass: find what is stale, then take it out one by one. */
#include <bpf/bpf.h>
#include <errno.h>

#include "admission.h"
#include "cleanup.h"
#include "sweeper.h"

/* Entries that expire within so short a time are taken in one pass. */
#define SLACK_NS (5 * NS_PER_MS)

/* What returned so long ago at most is put back as heard now. */
#define IN_HAND_NS (100 * NS_PER_MS)

struct finding {
	const struct table *table;
	struct sweep_report *report;
	uint64_t now_ns;
	struct table_entries stale;
};

static int find_stale(const struct rollcall_entry *entry, void *context)
{
	struct finding *f = context;

	f->report->seen++;
	if (peer_is_live(f->table, &entry->peer, f->now_ns)) {
		if (entry->peer.last_seen_ns < f->report->oldest_ns)
			f->report->oldest_ns = entry->peer.last_seen_ns;
		return 0;
	}
	return table_entries_add(&f->stale, entry);
}

int sweep_take_out(const struct table *t, struct rollcall_entry *entry)
{
	return bpf_map_lookup_and_delete_elem(t->peers_fd, &entry->key, &entry->peer) ? -errno : 0;
}

/*
 * An entry comes out fresh when its host returned after it was found stale. From then on it is
 * refreshed in place again, and such a store may have met the taking out: then it is neither in
 * what came out nor in the table. It was made since the last_seen that came out, so "heard now"
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
	/* refused: an announcement has made a newer entry meanwhile, which is what we want */
	return !bpf_map_update_elem(t->peers_fd, &entry->key, &peer, BPF_NOEXIST);
}

int sweep(const struct table *t, sweep_leave on_leave, void *context, struct sweep_report *report)
{
	struct finding finding = { .table = t, .report = report, .now_ns = rollcall_now_ns() };
	struct admission_scan scan = admission_scan_begin(t);
	int err;

	*report = (struct sweep_report){ .oldest_ns = UINT64_MAX };
	err = table_walk(t, find_stale, &finding);
	if (!err)
		err = admission_scan_end(t, &scan, report->seen);
	for (size_t i = 0; !err && i < finding.stale.count; i++) {
		struct rollcall_entry *entry = &finding.stale.entries[i];

		err = sweep_take_out(t, entry);
		if (err == -ENOENT) {
			err = 0; /* recycled by the kernel, or detached */
		} else if (!err && peer_is_live(t, &entry->peer, finding.now_ns)) {
			report->put_back += sweep_put_back(t, entry);
		} else if (!err) {
			report->left++;
			admission_left(t, entry);
			on_leave(entry, context);
		}
	}
	table_entries_free(&finding.stale);
	if (!err) {
		err = admission_swept(t, finding.now_ns);
		report->room_again = err > 0;
	}
	return err < 0 ? err : 0;
}

uint64_t sweep_deadline_ns(const struct table *t, const struct sweep_report *report, uint64_t now_ns)
{
	uint64_t first_ns = report->oldest_ns < now_ns ? report->oldest_ns : now_ns;

	return first_ns + t->settings.expiry_ns + SLACK_NS;
}
