// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * interleave CASE: the life of an entry, with announcements put where they hurt most: between
 * the steps of the sweep. Real filter, real sweeper, one thread, so every order is driven and
 * none is hoped for. Time is passed by writing old times of hearing into the table.
 *
 * interleave --list names the cases. Exit status 0: as it should be.
 */
#include "rig.h"
#include "sweeper.h"

#define NODE   "node-b"
#define OTHER  "node-c"
#define SECOND ((int64_t)NS_PER_S)

static struct rig rig;
static bool failed;

#define EXPECT(condition)                                                                           \
	do {                                                                                        \
		if (!(condition)) {                                                                 \
			fprintf(stderr, "%s, line %d: not so: %s\n", __func__, __LINE__, #condition); \
			failed = true;                                                              \
		}                                                                                   \
	} while (0)

static bool entry_of(const char *name, struct table_entry *entry)
{
	entry->key = rig_key(name);
	return !bpf_map_lookup_elem(rig.table.peers_fd, &entry->key, &entry->peer);
}

static struct rollcall_peer peer_of(const char *name)
{
	struct table_entry entry = {};

	EXPECT(entry_of(name, &entry));
	return entry.peer;
}

/*
 * Make the entry of NAME look heard AGE_NS ago, and joined a minute before that. Its reserved
 * bytes are marked: whoever writes it whole clears them, whoever refreshes in place does not.
 * Times may lie before the boot of a machine just booted: compare differences.
 */
static void age(const char *name, int64_t age_ns)
{
	struct table_entry entry = {};

	EXPECT(entry_of(name, &entry));
	entry.peer.last_seen_ns = clock_boot_ns() - (uint64_t)age_ns;
	entry.peer.first_seen_ns = entry.peer.last_seen_ns - 60 * NS_PER_S;
	memset(entry.peer.reserved, 0xaa, sizeof(entry.peer.reserved));
	EXPECT(!bpf_map_update_elem(rig.table.peers_fd, &entry.key, &entry.peer, BPF_EXIST));
}

static bool written_in_place(const struct rollcall_peer *peer)
{
	return peer->reserved[0] == 0xaa;
}

/* Is it what `rollcall peers` lists? */
static bool listed(const char *name)
{
	struct table_filter filter = { .glob = name };
	struct snapshot snapshot;
	size_t count;

	if (snapshot_take(&rig.table, &filter, &snapshot))
		exit(1);
	count = snapshot.count;
	snapshot_free(&snapshot);
	return count;
}

static int64_t expiry_ns(void)
{
	return (int64_t)rig.table.settings.expiry_ns;
}

static int64_t refresh_ns(void)
{
	return (int64_t)rig.table.settings.refresh_ns;
}

/* NAME announced by host 10.77.0.HOST from network card CARD. */
static enum rollcall_outcome hears(const char *name, uint16_t host, uint8_t card)
{
	enum rollcall_outcome outcome = ROLLCALL_NOT_OURS;
	struct rollcall_counts before, after;
	struct announcement_frame frame;

	frame_of(&frame, &rig.table.settings, name, host, card);
	if (table_counts(&rig.table, 0, &before) || hear(rig.prog_fd, &frame, 0) ||
	    table_counts(&rig.table, 0, &after))
		exit(1);
	for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
		if (after.outcomes[i] != before.outcomes[i])
			outcome = (enum rollcall_outcome)i;
	return outcome;
}

/* Joined, then not heard for a second longer than the expiry: what a sweeper finds stale. */
static void join_and_expire(const char *name)
{
	EXPECT(hears(name, 2, 0) == ROLLCALL_JOINED);
	age(name, expiry_ns() + SECOND);
}

/* What a sweep told, and what happens to the entry STAYS when the first one leaves. */
struct told {
	int leaves;
	struct table_entry last;
	void (*meanwhile)(const char *stays);
};

static const char *other_of(const char *name)
{
	return strcmp(name, NODE) ? NODE : OTHER;
}

static void on_leave(const struct table_entry *entry, void *context)
{
	struct told *told = context;

	told->last = *entry;
	if (!told->leaves++ && told->meanwhile)
		told->meanwhile(other_of(entry->key.hostname));
}

static struct sweep_report swept(struct told *told)
{
	struct sweep_report report;

	EXPECT(!sweep(&rig.table, on_leave, told, &report));
	return report;
}

/* ------------------------------------------------------------------ no sweeper in between */

static void refresh_keeps_alive(void)
{
	struct told told = {};
	struct rollcall_peer peer;
	struct sweep_report report;
	uint64_t before_ns;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	age(NODE, refresh_ns() - 2 * SECOND);
	before_ns = clock_boot_ns();
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	peer = peer_of(NODE);
	EXPECT(written_in_place(&peer));
	EXPECT(peer.last_seen_ns >= before_ns && peer.last_seen_ns <= clock_boot_ns());
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
	EXPECT(peer.lladdr[3] == 1);
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
	before_ns = clock_boot_ns();
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
	EXPECT(clock_boot_ns() - told.last.peer.last_seen_ns > rig.table.settings.expiry_ns);
	report = swept(&told);
	EXPECT(report.seen == 1 && report.left == 0);
	EXPECT(listed(NODE));
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
	now_ns = clock_boot_ns();
	EXPECT(report.oldest_ns > now_ns);
	/* it will be heard of again within an expiry, whatever its stamp says */
	EXPECT(sweep_deadline_ns(&rig.table, &report, now_ns) < now_ns + (uint64_t)expiry_ns() + NS_PER_S);
	/* and the filter finds it young as well */
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	age(NODE, -10 * SECOND);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_REFRESHED);
	peer = peer_of(NODE);
	EXPECT(written_in_place(&peer));
	EXPECT(peer.last_seen_ns <= clock_boot_ns());
}

static void deadline(void)
{
	uint64_t now_ns = 1000 * NS_PER_S, heard_ns = now_ns - 20 * NS_PER_S, at_ns;
	struct sweep_report report = { .oldest_ns = heard_ns };
	struct rollcall_peer oldest = { .last_seen_ns = heard_ns };

	/* when the oldest has expired: not before, or the pass would be for nothing, and not long after */
	at_ns = sweep_deadline_ns(&rig.table, &report, now_ns);
	EXPECT(!peer_is_live(&rig.table, &oldest, at_ns));
	EXPECT(peer_is_live(&rig.table, &oldest, at_ns - 100 * NS_PER_MS));
	/* nobody here: who comes now expires an expiry from now, not before */
	report.oldest_ns = UINT64_MAX;
	oldest.last_seen_ns = now_ns;
	at_ns = sweep_deadline_ns(&rig.table, &report, now_ns);
	EXPECT(!peer_is_live(&rig.table, &oldest, at_ns));
	EXPECT(peer_is_live(&rig.table, &oldest, at_ns - 100 * NS_PER_MS));
}

/* ------------------------------------------------ announcements between steps of the sweep */

/*
 * The real sweep() finds two entries stale; when the one has left, MEANWHILE happens to the other,
 * which is still to be taken out. Returns the name of that other one.
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
	uint64_t before_ns = clock_boot_ns();
	struct sweep_report report;
	const char *name = while_sweeping(is_heard, &report);
	struct rollcall_peer peer = peer_of(name);

	EXPECT(report.put_back == 1);
	EXPECT(listed(name));
	EXPECT(peer.first_seen_ns > before_ns && peer.last_seen_ns >= peer.first_seen_ns);
	EXPECT(peer.announcements == 1);
	EXPECT(hears(name, 2, 0) == ROLLCALL_REFRESHED);
}

/* The sweeper read its clock when it began, so what is heard while it works has a negative age. */
static void heard_after_the_clock_was_read(void)
{
	struct table_entry entry = { .key = rig_key(NODE) };
	uint64_t sweep_began_ns;

	join_and_expire(NODE);
	sweep_began_ns = clock_boot_ns();
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	EXPECT(!sweep_take_out(&rig.table, &entry));
	EXPECT(peer_age_ns(&entry.peer, sweep_began_ns) < 0);
	EXPECT(peer_is_live(&rig.table, &entry.peer, sweep_began_ns));
	EXPECT(!listed(NODE));
	EXPECT(sweep_put_back(&rig.table, &entry));
	EXPECT(listed(NODE));
}

static void heard_when_taken_out(void)
{
	struct table_entry in_hand = { .key = rig_key(NODE) };
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
 * A store in place in the instant of taking out goes into a node that is in the table no more.
 * That instant cannot be driven, but what is left of it: an entry in hand that misses the store.
 */
static void stored_when_taken_out(void)
{
	struct table_entry in_hand = { .key = rig_key(NODE) };
	uint64_t stored_ns;

	join_and_expire(NODE);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	EXPECT(!sweep_take_out(&rig.table, &in_hand));
	stored_ns = clock_boot_ns();
	in_hand.peer.last_seen_ns = stored_ns - NS_PER_MS;
	EXPECT(sweep_put_back(&rig.table, &in_hand));
	EXPECT(peer_of(NODE).last_seen_ns >= stored_ns);
	EXPECT(peer_of(NODE).last_seen_ns <= clock_boot_ns());
}

/* What was heard a second ago, or is ahead of our clock, is put back as it came out. */
static void put_back_late_or_ahead(void)
{
	struct table_entry in_hand = { .key = rig_key(NODE) };

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
	before_ns = clock_boot_ns();
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
	EXPECT(peer.ipv4[3] == 3 && peer.lladdr[3] == 1 && peer.lladdr[5] == 3);
	EXPECT(peer.last_seen_ns >= peer.first_seen_ns && peer.last_seen_ns - peer.first_seen_ns < NS_PER_S);
}

/*
 * The filter read its clock before the entry expired, the sweeper after: the filter's write is a
 * late refresh, which keeps the time of joining, and the sweeper has found the entry stale.
 */
static void is_refreshed_late(const char *name)
{
	age(name, expiry_ns() - 2 * SECOND);
	EXPECT(hears(name, 2, 0) == ROLLCALL_REFRESHED);
}

static void refreshed_late_when_found(void)
{
	uint64_t before_ns = clock_boot_ns();
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
	X(refresh_keeps_alive)                                                                      \
	X(late_refresh_is_rewritten)                                                                \
	X(margin_is_a_seventh)                                                                      \
	X(other_card_is_rewritten)                                                                  \
	X(move_is_rewritten)                                                                        \
	X(return_begins_anew)                                                                       \
	X(expired_leave)                                                                            \
	X(just_within_expiry_stays)                                                                 \
	X(ahead_of_the_clock_is_young)                                                              \
	X(deadline)                                                                                 \
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

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
#define X(name) { #name, name },
	CASES(X)
#undef X
};

#define CASE_COUNT ((int)(sizeof(cases) / sizeof(cases[0])))

int main(int argc, char **argv)
{
	struct rollcall_settings settings = ROLLCALL_DEFAULT_SETTINGS;
	int found = -1;

	for (int i = 0; i < CASE_COUNT; i++)
		if (argc == 2 && !strcmp(argv[1], "--list"))
			puts(cases[found = i].name);
		else if (argc == 2 && !strcmp(argv[1], cases[i].name))
			found = i;
	if (found < 0) {
		fprintf(stderr, "usage: %s CASE (see %s --list)\n", argv[0], argv[0]);
		return 2;
	}
	if (!strcmp(argv[1], "--list"))
		return 0;
	failed = rig_open(&rig, &settings);
	if (!failed)
		cases[found].run();
	rig_close(&rig);
	return failed;
}
