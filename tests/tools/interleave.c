// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Announcements between the steps of the sweep: when an entry was found expired, when the sweeper has removed it from
 * the map and may put it back, and when it is removed.
 */
#include "life.h"

/*
 * The real sweep() finds two expired entries. When the first one was removed, MEANWHILE is called for the other one,
 * which is still to be removed. Returns the name of that other one.
 */
static const char *while_sweeping(void (*meanwhile)(const char *stays), struct sweep_report *report)
{
	static struct told told;

	told = (struct told){ .meanwhile = meanwhile };
	join_and_expire(NODE);
	join_and_expire(OTHER);
	*report = swept(&told);
	EXPECT(report->seen == 2 && report->left == 1 && told.leaves == 1);
	EXPECT(!listed(told.last.key.hostname));
	return other_of(told.last.key.hostname);
}

static void is_heard(const char *name)
{
	EXPECT(hears(name, 2, 0) == ROLLCALL_RETURNED);
}

static void heard_when_found(void)
{
	uint64_t before_ns = rollcall_now_ns();
	struct sweep_report report;
	const char *name = while_sweeping(is_heard, &report);
	struct rollcall_peer peer = peer_of(name);

	EXPECT(report.put_back == 1);
	EXPECT(listed(name));
	EXPECT(peer.first_seen_ns > before_ns && peer.last_seen_ns >= peer.first_seen_ns);
	EXPECT(peer.announcements == 1);
	EXPECT(hears(name, 2, 0) == ROLLCALL_REFRESHED);
}

/*
 * The sweeper reads its clock when it begins, so an announcement that is received during the sweep has a negative age.
 */
static void heard_after_the_clock_was_read(void)
{
	struct rollcall_entry entry = { .key = rig_key(NODE) };
	uint64_t sweep_began_ns;

	join_and_expire(NODE);
	sweep_began_ns = rollcall_now_ns();
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	EXPECT(!sweep_take_out(&rig.table, &entry));
	EXPECT(rollcall_age_ns(&entry.peer, sweep_began_ns) < 0);
	EXPECT(peer_is_kept(&rig.table, &entry.peer, sweep_began_ns));
	EXPECT(!listed(NODE));
	EXPECT(sweep_put_back(&rig.table, &entry));
	EXPECT(listed(NODE));
}

static void heard_when_taken_out(void)
{
	struct rollcall_entry in_hand = { .key = rig_key(NODE) };
	struct rollcall_peer newer;

	join_and_expire(NODE);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	EXPECT(!sweep_take_out(&rig.table, &in_hand));
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_JOINED);
	newer = peer_of(NODE);
	EXPECT(newer.last_seen_ns > in_hand.peer.last_seen_ns);
	EXPECT(!sweep_put_back(&rig.table, &in_hand));
	in_hand.peer = peer_of(NODE);
	EXPECT(!memcmp(&in_hand.peer, &newer, sizeof(newer)));
	EXPECT(listed(NODE));
}

/*
 * A store in place at the moment of the removal writes to a node that is no longer in the table. A test cannot produce
 * that moment, but its result: the sweeper has a copy of the entry without the store.
 */
static void stored_when_taken_out(void)
{
	struct rollcall_entry in_hand = { .key = rig_key(NODE) };
	uint64_t stored_ns;

	join_and_expire(NODE);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	EXPECT(!sweep_take_out(&rig.table, &in_hand));
	stored_ns = rollcall_now_ns();
	in_hand.peer.last_seen_ns = stored_ns - NS_PER_MS;
	EXPECT(sweep_put_back(&rig.table, &in_hand));
	EXPECT(peer_of(NODE).last_seen_ns >= stored_ns);
	EXPECT(peer_of(NODE).last_seen_ns <= rollcall_now_ns());
}

/* An entry that was received a second ago, or later than the clock of the sweeper, is put back unchanged. */
static void put_back_late_or_ahead(void)
{
	struct rollcall_entry in_hand = { .key = rig_key(NODE) };

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	for (int seconds = -1; seconds <= 1; seconds += 2) {
		age(NODE, seconds * SECOND);
		EXPECT(!sweep_take_out(&rig.table, &in_hand));
		EXPECT(sweep_put_back(&rig.table, &in_hand));
		EXPECT(peer_of(NODE).last_seen_ns == in_hand.peer.last_seen_ns);
	}
}

static void heard_when_gone(void)
{
	struct told told = {};
	uint64_t before_ns;
	struct rollcall_peer peer;

	join_and_expire(NODE);
	EXPECT(swept(&told).left == 1);
	before_ns = rollcall_now_ns();
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	peer = peer_of(NODE);
	EXPECT(peer.first_seen_ns >= before_ns && peer.first_seen_ns == peer.last_seen_ns);
	EXPECT(peer.announcements == 1);
	EXPECT(listed(NODE));
}

static void is_heard_elsewhere(const char *name)
{
	EXPECT(hears(name, 3, 1) == ROLLCALL_RETURNED);
}

static void moved_when_found(void)
{
	struct sweep_report report;
	const char *name = while_sweeping(is_heard_elsewhere, &report);
	struct rollcall_peer peer = peer_of(name);

	EXPECT(report.put_back == 1);
	EXPECT(listed(name));
	EXPECT(peer.ipv4[3] == 3 && peer.lladdr[2] == 1 && peer.lladdr[5] == 3);
	EXPECT(peer.last_seen_ns >= peer.first_seen_ns && peer.last_seen_ns - peer.first_seen_ns < NS_PER_S);
}

/*
 * The filter reads its clock before the entry expires, the sweeper afterwards. The write of the filter is a late
 * refresh, which keeps the time of the join, and the sweeper has found the entry expired.
 */
static void is_refreshed_late(const char *name)
{
	age(name, expiry_ns() - 2 * SECOND);
	EXPECT(hears(name, 2, 0) == ROLLCALL_REFRESHED);
}

static void refreshed_late_when_found(void)
{
	uint64_t before_ns = rollcall_now_ns();
	struct sweep_report report;
	const char *name = while_sweeping(is_refreshed_late, &report);
	struct rollcall_peer peer = peer_of(name);

	EXPECT(report.put_back == 1);
	EXPECT(listed(name));
	EXPECT(!written_in_place(&peer));
	EXPECT(peer.last_seen_ns > before_ns && (int64_t)(before_ns - peer.first_seen_ns) > 60 * SECOND);
}

static void is_recycled(const char *name)
{
	struct rollcall_peer_key key = rig_key(name);

	EXPECT(!bpf_map_delete_elem(rig.table.peers_fd, &key));
}

static void recycled_when_found(void)
{
	struct sweep_report report;
	const char *name = while_sweeping(is_recycled, &report);

	EXPECT(report.put_back == 0);
	EXPECT(!listed(name));
}

static void is_recycled_and_heard(const char *name)
{
	is_recycled(name);
	EXPECT(hears(name, 2, 0) == ROLLCALL_JOINED);
}

static void recycled_and_heard_when_found(void)
{
	struct sweep_report report;
	const char *name = while_sweeping(is_recycled_and_heard, &report);

	EXPECT(report.put_back == 1);
	EXPECT(listed(name));
}

#define CASES(X)                                                                                    \
	X(heard_when_found)                                                                         \
	X(heard_after_the_clock_was_read)                                                           \
	X(heard_when_taken_out)                                                                     \
	X(stored_when_taken_out)                                                                    \
	X(put_back_late_or_ahead)                                                                   \
	X(heard_when_gone)                                                                          \
	X(moved_when_found)                                                                         \
	X(refreshed_late_when_found)                                                                \
	X(recycled_when_found)                                                                      \
	X(recycled_and_heard_when_found)

LIFE_MAIN()
