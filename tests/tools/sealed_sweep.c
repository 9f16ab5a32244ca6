// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The sweep of a table with keys: events between its steps, tombstones, and the number of entries without a seal. The
 * entries are written as the filter writes them, so no case needs a seal.
 */
#include "life.h"
#include "loader/admission.h"

/* Write the entry of NAME as after an announcement AGE_NS ago. */
static void record(const char *name, uint8_t flags, uint64_t sequence, int64_t age_ns)
{
	struct rollcall_peer_key key = rig_key(name);
	struct rollcall_peer peer = { .ipv4 = { 10, 78, 0, 2 }, .flags = flags, .announcements = 1, .sequence = sequence };

	if (!entry_of(name, &(struct rollcall_entry){}))
		__atomic_fetch_add(&rig.table.state->reserved, 1, __ATOMIC_SEQ_CST);
	peer.first_seen_ns = peer.last_seen_ns = rollcall_now_ns() - (uint64_t)age_ns;
	EXPECT(!bpf_map_update_elem(rig.table.peers_fd, &key, &peer, BPF_ANY));
}

static bool has_entry(const char *name)
{
	return entry_of(name, &(struct rollcall_entry){});
}

static void returns(const char *name)
{
	record(name, ROLLCALL_PEER_SEALED, 2, 0);
}

static void is_being_replaced(const char *name)
{
	record(name, ROLLCALL_PEER_SEALED, ROLLCALL_SEQUENCE_REPLACED, expiry_ns() + SECOND);
}

/* Two stale entries; MEANWHILE is called for the one that is still to be removed. Returns its name. */
static const char *while_sweeping(void (*meanwhile)(const char *stays), struct sweep_report *report)
{
	static struct told told;

	told = (struct told){ .meanwhile = meanwhile };
	record(NODE, ROLLCALL_PEER_SEALED, 1, expiry_ns() + SECOND);
	record(OTHER, ROLLCALL_PEER_SEALED, 1, expiry_ns() + SECOND);
	*report = swept(&told);
	return other_of(told.last.key.hostname);
}

/* A plain table removes such an entry and puts it back. */
static void returned_when_found(void)
{
	struct sweep_report report;
	const char *name = while_sweeping(returns, &report);

	EXPECT(report.left == 1 && report.put_back == (rig.table.scanner ? 0 : 1));
	EXPECT(listed(name));
	EXPECT(peer_of(name).sequence == 2);
}

/* If entries are read out, it is removed: the other CPU will find no entry, and record its message. */
static void replaced_when_stale(void)
{
	struct sweep_report report;
	const char *name = while_sweeping(is_being_replaced, &report);

	EXPECT(report.put_back == 0);
	EXPECT(report.left == (rig.table.scanner ? 1 : 2));
	EXPECT(has_entry(name) == !!rig.table.scanner);
}

static void replaced_when_taken_out(void)
{
	struct rollcall_entry entry = { .key = rig_key(NODE) };

	record(NODE, ROLLCALL_PEER_SEALED, ROLLCALL_SEQUENCE_REPLACED, 0);
	EXPECT(!sweep_take_out(&rig.table, &entry));
	EXPECT(!sweep_must_put_back(&rig.table, &entry.peer, rollcall_now_ns()));
	entry.peer.sequence = 1;
	EXPECT(sweep_must_put_back(&rig.table, &entry.peer, rollcall_now_ns()));
}

static void tombstones_stay_one_expiry(void)
{
	struct told told = {};
	struct sweep_report report;

	record(NODE, ROLLCALL_PEER_SEALED | ROLLCALL_PEER_LEFT, 1, expiry_ns() - SECOND);
	record(OTHER, ROLLCALL_PEER_LEFT, 0, expiry_ns() + SECOND);
	report = swept(&told);
	EXPECT(report.seen == 2 && report.left == 1);
	EXPECT(has_entry(NODE) && !listed(NODE) && !has_entry(OTHER));
	EXPECT(report.oldest_ns == peer_of(NODE).last_seen_ns);
}

static void unsealed_are_counted(void)
{
	struct told told = {};

	record("sealed", ROLLCALL_PEER_SEALED, 1, 0);
	record("sealed-stale", ROLLCALL_PEER_SEALED, 1, expiry_ns() + SECOND);
	record("plain", 0, 0, 0);
	record("plain-left", ROLLCALL_PEER_LEFT, 0, 0);
	record("plain-stale", 0, 0, expiry_ns() + SECOND);
	rig.table.state->unsealed = 7;
	swept(&told);
	EXPECT(rig.table.state->unsealed == 2);
	rig.table.state->unsealed = 0;
	swept(&told);
	EXPECT(rig.table.state->unsealed == 2);
	rig.table.state->unsealed = (uint64_t)-3; /* two CPUs gave the same one back */
	swept(&told);
	EXPECT(rig.table.state->unsealed == 2);
}

/* What filters count during the scan is right already. */
static void unsealed_changes_agree(void)
{
	struct admission_scan scan;

	rig.table.state->unsealed = 10;
	scan = admission_scan_begin(&rig.table);
	rig.table.state->unsealed = 15;
	for (uint64_t found = 10; found <= 15; found++) {
		admission_unsealed_found(&rig.table, &scan, found);
		EXPECT(rig.table.state->unsealed == 15);
	}
	admission_unsealed_found(&rig.table, &scan, 17);
	EXPECT(rig.table.state->unsealed == 17);
	rig.table.state->unsealed = 15;
	admission_unsealed_found(&rig.table, &scan, 8);
	EXPECT(rig.table.state->unsealed == 13);
}

#define CASES(X)                                                                                    \
	X(returned_when_found)                                                                      \
	X(replaced_when_stale)                                                                      \
	X(replaced_when_taken_out)                                                                  \
	X(tombstones_stay_one_expiry)                                                               \
	X(unsealed_are_counted)                                                                     \
	X(unsealed_changes_agree)

LIFE_MAIN(settings.sealing = ROLLCALL_MIXED)
