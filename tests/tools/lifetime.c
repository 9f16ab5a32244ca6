// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Joining, refreshing, moving, returning and expiring, in sequences of events. */
#include "life.h"

#define CROWD 5000

static void refresh_keeps_alive(void)
{
	struct told told = {};
	struct rollcall_peer peer;
	struct sweep_report report;
	uint64_t before_ns;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	age(NODE, refresh_ns() - 2 * SECOND);
	before_ns = rollcall_now_ns();
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	peer = peer_of(NODE);
	EXPECT(written_in_place(&peer));
	EXPECT(peer.last_seen_ns >= before_ns && peer.last_seen_ns <= rollcall_now_ns());
	EXPECT((int64_t)(before_ns - peer.first_seen_ns) > 60 * SECOND);
	EXPECT(peer.announcements == 2);
	report = swept(&told);
	EXPECT(report.seen == 1 && report.left == 0 && report.put_back == 0 && told.leaves == 0);
	EXPECT(report.oldest_ns == peer.last_seen_ns);
	EXPECT(listed(NODE));
}

static void late_refresh_is_rewritten(void)
{
	struct rollcall_peer aged, peer;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	age(NODE, refresh_ns());
	aged = peer_of(NODE);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	peer = peer_of(NODE);
	EXPECT(!written_in_place(&peer));
	EXPECT(peer.last_seen_ns > aged.last_seen_ns);
	EXPECT(peer.first_seen_ns == aged.first_seen_ns);
	EXPECT(peer.announcements == aged.announcements + 1);
}

static void margin_is_a_seventh(void)
{
	EXPECT(refresh_ns() == expiry_ns() - expiry_ns() / 7);
}

static void other_card_is_rewritten(void)
{
	struct rollcall_peer aged, peer;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	age(NODE, 15 * SECOND);
	aged = peer_of(NODE);
	EXPECT(hears(NODE, 2, 1) == ROLLCALL_REFRESHED);
	peer = peer_of(NODE);
	EXPECT(!written_in_place(&peer));
	EXPECT(peer.lladdr[2] == 1);
	EXPECT(peer.first_seen_ns == aged.first_seen_ns);
}

static void move_is_rewritten(void)
{
	struct rollcall_peer aged, peer;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	age(NODE, 15 * SECOND);
	aged = peer_of(NODE);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	peer = peer_of(NODE);
	EXPECT(!written_in_place(&peer));
	EXPECT(peer.ipv4[3] == 3);
	EXPECT(peer.first_seen_ns == aged.first_seen_ns);
}

static void return_begins_anew(void)
{
	struct rollcall_peer peer;
	uint64_t before_ns;

	join_and_expire(NODE);
	EXPECT(!listed(NODE));
	before_ns = rollcall_now_ns();
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	peer = peer_of(NODE);
	EXPECT(!written_in_place(&peer));
	EXPECT(peer.first_seen_ns >= before_ns && peer.first_seen_ns == peer.last_seen_ns);
	EXPECT(peer.announcements == 1);
	EXPECT(listed(NODE));
}

static void expired_leave(void)
{
	struct told told = {};
	struct sweep_report report;
	struct rollcall_peer young;

	join_and_expire(OTHER);
	join_and_expire("node-d");
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	young = peer_of(NODE);
	report = swept(&told);
	EXPECT(report.seen == 3 && report.left == 2 && report.put_back == 0);
	EXPECT(report.oldest_ns == young.last_seen_ns);
	EXPECT(told.leaves == 2);
	EXPECT(rollcall_now_ns() - told.last.peer.last_seen_ns > rig.table.settings.expiry_ns);
	report = swept(&told);
	EXPECT(report.seen == 1 && report.left == 0);
	EXPECT(listed(NODE));
}

/* More entries leave than one scan in the kernel can return. */
static void crowd_leaves(void)
{
	struct told told = {};
	struct sweep_report report;
	char name[16];

	for (uint16_t host = 1; host <= CROWD; host++) {
		snprintf(name, sizeof(name), "node-%u", host);
		EXPECT(hears(name, host, 0) == ROLLCALL_JOINED);
		if (host != 2)
			age(name, expiry_ns() + SECOND);
	}
	report = swept(&told);
	EXPECT(report.seen == CROWD && report.left == CROWD - 1 && told.leaves == CROWD - 1);
	report = swept(&told);
	EXPECT(report.seen == 1 && report.left == 0);
	EXPECT(listed("node-2"));
}

static void just_within_expiry_stays(void)
{
	struct told told = {};
	struct sweep_report report;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	age(NODE, expiry_ns() - 2 * SECOND);
	report = swept(&told);
	EXPECT(report.seen == 1 && report.left == 0);
	EXPECT(listed(NODE));
}

static void ahead_of_the_clock_is_young(void)
{
	struct told told = {};
	struct rollcall_peer peer;
	struct sweep_report report;
	uint64_t now_ns;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	age(NODE, -10 * SECOND);
	EXPECT(listed(NODE));
	report = swept(&told);
	EXPECT(report.seen == 1 && report.left == 0 && told.leaves == 0);
	now_ns = rollcall_now_ns();
	EXPECT(report.oldest_ns > now_ns);
	/* the next sweep is within an expiry, although the time of the entry is in the future */
	EXPECT(sweep_deadline_ns(&rig.table, &report, now_ns) < now_ns + (uint64_t)expiry_ns() + NS_PER_S);
	/* the filter also treats it as not expired */
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	age(NODE, -10 * SECOND);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_REFRESHED);
	peer = peer_of(NODE);
	EXPECT(written_in_place(&peer));
	EXPECT(peer.last_seen_ns <= rollcall_now_ns());
}

static void deadline(void)
{
	uint64_t now_ns = 1000 * NS_PER_S, heard_ns = now_ns - 20 * NS_PER_S, at_ns;
	struct sweep_report report = { .oldest_ns = heard_ns };
	struct rollcall_peer oldest = { .last_seen_ns = heard_ns };

	/* soon after the oldest entry has expired, and not before, because that sweep would be useless */
	at_ns = sweep_deadline_ns(&rig.table, &report, now_ns);
	EXPECT(!peer_is_kept(&rig.table, &oldest, at_ns));
	EXPECT(peer_is_kept(&rig.table, &oldest, at_ns - 100 * NS_PER_MS));
	/* no entry: one that joins now expires one expiry from now */
	report.oldest_ns = UINT64_MAX;
	oldest.last_seen_ns = now_ns;
	at_ns = sweep_deadline_ns(&rig.table, &report, now_ns);
	EXPECT(!peer_is_kept(&rig.table, &oldest, at_ns));
	EXPECT(peer_is_kept(&rig.table, &oldest, at_ns - 100 * NS_PER_MS));
}

#define CASES(X)                                                                                    \
	X(refresh_keeps_alive)                                                                      \
	X(late_refresh_is_rewritten)                                                                \
	X(margin_is_a_seventh)                                                                      \
	X(other_card_is_rewritten)                                                                  \
	X(move_is_rewritten)                                                                        \
	X(return_begins_anew)                                                                       \
	X(expired_leave)                                                                            \
	X(crowd_leaves)                                                                             \
	X(just_within_expiry_stays)                                                                 \
	X(ahead_of_the_clock_is_young)                                                              \
	X(deadline)

LIFE_MAIN()
