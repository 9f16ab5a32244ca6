// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Admission to a table for four live peers, with three names per address. Each case is a sequence of events. */
#include <bpf/libbpf.h>

#include <rollcall/event.h>

#include "life.h"
#include "lib/map_walk.h"

#define PLACES 4
#define SHARE  3

/* Let hosts FIRST to LAST join, each with its own address and name: host-2 is 10.78.0.2. */
static void join_hosts(uint16_t first, uint16_t last)
{
	char name[16];

	for (uint16_t host = first; host <= last; host++) {
		snprintf(name, sizeof(name), "host-%u", host);
		EXPECT(hears(name, host, 0) == ROLLCALL_JOINED);
	}
}

static void remove_behind_its_back(const char *name)
{
	struct rollcall_peer_key key = rig_key(name);

	EXPECT(!bpf_map_delete_elem(rig.table.peers_fd, &key));
}

static uint64_t live(void)
{
	return rollcall_state_live(rig.table.state);
}

static struct sweep_report sweep_quietly(void)
{
	struct told told = {};

	return swept(&told);
}

struct events {
	enum rollcall_event_kind kind;
	int count;
};

static int count_event(void *context, void *data, size_t bytes)
{
	struct events *events = context;

	EXPECT(bytes == sizeof(struct rollcall_event));
	events->count += ((const struct rollcall_event *)data)->kind == (uint32_t)events->kind;
	return 0;
}

/* Read all events, and return how many were of KIND. */
static int told_of(enum rollcall_event_kind kind)
{
	struct events events = { .kind = kind };
	struct ring_buffer *ring = ring_buffer__new(rig.events_fd, count_event, &events, NULL);

	EXPECT(ring);
	ring_buffer__consume(ring);
	ring_buffer__free(ring);
	return events.count;
}

static void full_refuses_newcomers(void)
{
	join_hosts(2, 1 + PLACES);
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
	EXPECT(!listed("late"));
	EXPECT(live() == PLACES);
}

static void incumbents_stay_when_full(void)
{
	join_hosts(2, 1 + PLACES);
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
	EXPECT(hears("host-2", 2, 0) == ROLLCALL_REFRESHED);
	age("host-3", refresh_ns());
	EXPECT(hears("host-3", 3, 0) == ROLLCALL_REFRESHED); /* the entry is rewritten */
	EXPECT(hears("host-4", 9, 0) == ROLLCALL_MOVED);
	age("host-5", expiry_ns() + SECOND);
	EXPECT(hears("host-5", 5, 0) == ROLLCALL_RETURNED); /* it keeps its place until it is swept */
	EXPECT(live() == PLACES);
}

static void who_leaves_makes_room(void)
{
	join_hosts(2, 1 + PLACES);
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
	age("host-2", expiry_ns() + SECOND);
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
	EXPECT(sweep_quietly().left == 1);
	EXPECT(live() == PLACES - 1);
	EXPECT(hears("late", 9, 0) == ROLLCALL_JOINED);
	EXPECT(hears("later", 10, 0) == ROLLCALL_FULL);
}

static void full_is_told_once(void)
{
	join_hosts(2, 1 + PLACES);
	EXPECT(told_of(ROLLCALL_EVENT_FULL) == 0);
	for (int i = 0; i < 3; i++)
		EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
	EXPECT(told_of(ROLLCALL_EVENT_FULL) == 1);
	EXPECT(!sweep_quietly().room_again);
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
	EXPECT(told_of(ROLLCALL_EVENT_FULL) == 0);
	age("host-2", expiry_ns() + SECOND);
	EXPECT(sweep_quietly().room_again);
	EXPECT(!sweep_quietly().room_again);
	EXPECT(hears("late", 9, 0) == ROLLCALL_JOINED);
	EXPECT(hears("later", 10, 0) == ROLLCALL_FULL);
	EXPECT(told_of(ROLLCALL_EVENT_FULL) == 1);
}

static void uncounted_leaves_are_found(void)
{
	join_hosts(2, 1 + PLACES);
	remove_behind_its_back("host-2");
	remove_behind_its_back("host-3");
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
	sweep_quietly();
	EXPECT(live() == PLACES - 2);
	EXPECT(hears("late", 9, 0) == ROLLCALL_JOINED);
	EXPECT(hears("later", 10, 0) == ROLLCALL_JOINED);
	EXPECT(hears("latest", 11, 0) == ROLLCALL_FULL);
}

static void uncounted_entries_are_found(void)
{
	struct rollcall_peer_key key = rig_key("stranger");
	struct rollcall_peer peer;

	join_hosts(2, PLACES);
	peer = peer_of("host-2");
	EXPECT(!bpf_map_update_elem(rig.table.peers_fd, &key, &peer, BPF_NOEXIST));
	EXPECT(live() == PLACES - 1);
	sweep_quietly();
	EXPECT(live() == PLACES);
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
}

static void without_a_sweeper_all_are_admitted(void)
{
	join_hosts(2, 1 + PLACES);
	rig.table.state->scanned_ns = rollcall_now_ns() - 2 * (uint64_t)(expiry_ns() - SECOND);
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
	rig.table.state->scanned_ns = rollcall_now_ns() - 2 * (uint64_t)(expiry_ns() + SECOND);
	EXPECT(hears("late", 9, 0) == ROLLCALL_JOINED);
	for (int i = 0; i < SHARE + 2; i++) {
		char name[] = { 'n', (char)('0' + i), '\0' };

		EXPECT(hears(name, 10, 0) == ROLLCALL_JOINED);
	}
	EXPECT(hears("host-2", 2, 0) == ROLLCALL_REFRESHED);
	/* after the next sweep the table is as full as it is */
	sweep_quietly();
	EXPECT(live() == PLACES + 1 + SHARE + 2);
	EXPECT(hears("later", 11, 0) == ROLLCALL_FULL);
}

static void a_sweep_keeps_admission_on(void)
{
	join_hosts(2, 1 + PLACES);
	rig.table.state->scanned_ns = rollcall_now_ns() - 3 * (uint64_t)expiry_ns();
	sweep_quietly();
	EXPECT(hears("late", 9, 0) == ROLLCALL_FULL);
}

/* Host 20 announces its maximum of names: a, b and c. */
static void take_a_share(void)
{
	EXPECT(hears("a", 20, 0) == ROLLCALL_JOINED);
	EXPECT(hears("b", 20, 0) == ROLLCALL_JOINED);
	EXPECT(hears("c", 20, 0) == ROLLCALL_JOINED);
}

static void an_address_holds_its_share(void)
{
	take_a_share();
	EXPECT(hears("d", 20, 0) == ROLLCALL_THROTTLED);
	EXPECT(!listed("d"));
	EXPECT(hears("a", 20, 0) == ROLLCALL_REFRESHED);
	EXPECT(live() == SHARE);
	EXPECT(hears("d", 21, 0) == ROLLCALL_JOINED);
}

static void throttling_is_told_once(void)
{
	take_a_share();
	EXPECT(told_of(ROLLCALL_EVENT_THROTTLED) == 0);
	for (int i = 0; i < 3; i++)
		EXPECT(hears("d", 20, 0) == ROLLCALL_THROTTLED);
	EXPECT(told_of(ROLLCALL_EVENT_THROTTLED) == 1);
	age("a", expiry_ns() + SECOND);
	EXPECT(sweep_quietly().left == 1);
	EXPECT(hears("d", 20, 0) == ROLLCALL_JOINED);
	EXPECT(hears("e", 20, 0) == ROLLCALL_THROTTLED);
	EXPECT(told_of(ROLLCALL_EVENT_THROTTLED) == 1);
}

static void who_leaves_frees_a_name(void)
{
	EXPECT(hears("a", 20, 0) == ROLLCALL_JOINED);
	EXPECT(hears("b", 20, 0) == ROLLCALL_JOINED);
	age("b", expiry_ns() + SECOND);
	EXPECT(sweep_quietly().left == 1);
	EXPECT(hears("c", 20, 0) == ROLLCALL_JOINED);
	EXPECT(hears("d", 20, 0) == ROLLCALL_JOINED);
	EXPECT(hears("e", 20, 0) == ROLLCALL_THROTTLED);
}

static void moving_there_counts(void)
{
	take_a_share();
	EXPECT(hears("mine", 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears("mine", 20, 0) == ROLLCALL_THROTTLED);
	EXPECT(peer_of("mine").ipv4[3] == 2);
	age("mine", expiry_ns() + SECOND); /* a return is rejected too */
	EXPECT(hears("mine", 20, 0) == ROLLCALL_THROTTLED);
}

static void moving_away_frees_a_name(void)
{
	take_a_share();
	EXPECT(hears("c", 2, 0) == ROLLCALL_MOVED);
	EXPECT(hears("d", 20, 0) == ROLLCALL_THROTTLED || hears("d", 20, 0) == ROLLCALL_REFRESHED);
	EXPECT(listed("d"));
	EXPECT(hears("e", 20, 0) == ROLLCALL_FULL);
}

static void full_comes_before_throttled(void)
{
	take_a_share();
	EXPECT(hears("host-2", 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears("d", 20, 0) == ROLLCALL_FULL);
}

static void counts_are_put_right(void)
{
	take_a_share();
	remove_behind_its_back("a");
	remove_behind_its_back("b");
	EXPECT(hears("d", 20, 0) == ROLLCALL_THROTTLED);
	sweep_quietly();
	EXPECT(hears("d", 20, 0) == ROLLCALL_JOINED);
	EXPECT(hears("e", 20, 0) == ROLLCALL_JOINED);
	EXPECT(hears("f", 20, 0) == ROLLCALL_THROTTLED);
}

/* The number of names of host HOST in the map. A host without names has no entry. */
static uint32_t names_held(uint16_t host)
{
	struct rollcall_source source = { .address = { 10, 78, (uint8_t)(host >> 8), (uint8_t)host },
					  .ifindex = HEARD_ON_LOOPBACK, .family = ROLLCALL_FAMILY_IPV4 };
	struct rollcall_source_use use;

	if (bpf_map_lookup_elem(rig.table.sources_fd, &source, &use))
		return 0;
	EXPECT(use.names > 0);
	return use.names;
}

static int count_source(const void *key, const void *value, void *context)
{
	(void)key;
	(void)value;
	++*(int *)context;
	return 0;
}

static int sources(void)
{
	int count = 0;

	EXPECT(!rollcall_map_walk(rig.table.sources_fd, sizeof(struct rollcall_source), sizeof(struct rollcall_source_use),
				  count_source, &count));
	return count;
}

#define MANY 3000 /* more than the map of a table for four has room for */

static void one_name_over_many_addresses(void)
{
	take_a_share();
	EXPECT(hears("mover", 1000, 0) == ROLLCALL_JOINED);
	for (uint16_t host = 1001; host <= 1000 + MANY; host++)
		EXPECT(hears("mover", host, 0) == ROLLCALL_MOVED);
	EXPECT(names_held(20) == SHARE);
	EXPECT(hears("mover", 20, 0) == ROLLCALL_THROTTLED);
	EXPECT(sources() == 2);
}

static void addresses_of_entries_are_known(void)
{
	join_hosts(2, 4);
	EXPECT(hears("second", 2, 0) == ROLLCALL_JOINED);
	EXPECT(names_held(2) == 2 && names_held(3) == 1 && names_held(4) == 1);
	EXPECT(hears("host-3", 9, 0) == ROLLCALL_MOVED);
	EXPECT(names_held(3) == 0 && names_held(9) == 1 && sources() == 3);
	EXPECT(hears("host-4", 9, 0) == ROLLCALL_MOVED);
	EXPECT(names_held(9) == 2 && sources() == 2);
	age("second", expiry_ns() + SECOND);
	age("host-3", expiry_ns() + SECOND);
	EXPECT(sweep_quietly().left == 2);
	EXPECT(names_held(2) == 1 && names_held(9) == 1 && sources() == 2);
	age("host-2", expiry_ns() + SECOND);
	EXPECT(sweep_quietly().left == 1);
	EXPECT(names_held(2) == 0 && sources() == 1);
}

/* Counts as two CPUs leave them that move one name at the same moment. */
static void wrong_counts_are_found(void)
{
	struct rollcall_source source = { .address = { 10, 78, 0, 2 }, .ifindex = HEARD_ON_LOOPBACK,
					  .family = ROLLCALL_FAMILY_IPV4 };
	struct rollcall_source_use none = {};

	join_hosts(2, 3);
	EXPECT(!bpf_map_delete_elem(rig.table.sources_fd, &source));
	source.address[3] = 77;
	EXPECT(!bpf_map_update_elem(rig.table.sources_fd, &source, &none, BPF_NOEXIST));
	EXPECT(hears("host-3", 9, 0) == ROLLCALL_MOVED);
	sweep_quietly();
	EXPECT(names_held(2) == 1 && names_held(9) == 1 && sources() == 2);
}

/* Events that do not fit into the ring are counted. */
static void a_full_ring_drops_events_and_counts_them(void)
{
	struct rollcall_counts counts;
	int told;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	for (int i = 0; i < MANY; i++)
		EXPECT(hears(NODE, i % 2 ? 2 : 3, 0) == ROLLCALL_MOVED);
	EXPECT(!table_counts(&rig.table, 0, &counts));
	told = told_of(ROLLCALL_EVENT_MOVE);
	EXPECT(told > 0 && told < MANY);
	EXPECT(counts.events_lost == (uint64_t)(MANY - told));
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED || hears(NODE, 2, 0) == ROLLCALL_MOVED);
	EXPECT(told_of(ROLLCALL_EVENT_MOVE) == 1);
}

/* HOST announces the name SPAN after the previous move. */
static void claim(uint16_t host, int64_t span)
{
	struct rollcall_entry entry;

	EXPECT(entry_of(NODE, &entry));
	entry.peer.moved_ns -= entry.peer.moved_ns ? (uint64_t)span : 0;
	EXPECT(!bpf_map_update_elem(rig.table.peers_fd, &entry.key, &entry.peer, BPF_EXIST));
	EXPECT(hears(NODE, host, 0) == ROLLCALL_MOVED);
}

static void two_claims_are_a_conflict(void)
{
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(peer_of(NODE).moved_ns == 0);
	claim(3, 0);
	EXPECT(!(peer_of(NODE).contested)); /* a host that got another address */
	EXPECT(peer_of(NODE).moved_ns == peer_of(NODE).last_seen_ns);
	EXPECT(peer_of(NODE).rival[3] == 2);
	claim(2, 7 * SECOND);
	EXPECT(peer_of(NODE).contested);
	EXPECT(peer_of(NODE).rival[3] == 3);
	age(NODE, refresh_ns()); /* the conflict is kept when the entry is rewritten */
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	EXPECT(peer_of(NODE).contested);
	EXPECT(peer_of(NODE).rival[3] == 3);
	claim(3, expiry_ns() + SECOND); /* more than an expiry after the last move: a usual move */
	EXPECT(!(peer_of(NODE).contested));
	age(NODE, expiry_ns() + SECOND); /* an entry that joins again has no move */
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	EXPECT(peer_of(NODE).moved_ns == 0 && peer_of(NODE).rival[3] == 0);
}

#define CASES(X)                                                                                    \
	X(full_refuses_newcomers)                                                                   \
	X(incumbents_stay_when_full)                                                                \
	X(who_leaves_makes_room)                                                                    \
	X(full_is_told_once)                                                                        \
	X(uncounted_leaves_are_found)                                                               \
	X(uncounted_entries_are_found)                                                              \
	X(without_a_sweeper_all_are_admitted)                                                       \
	X(a_sweep_keeps_admission_on)                                                               \
	X(an_address_holds_its_share)                                                               \
	X(throttling_is_told_once)                                                                  \
	X(who_leaves_frees_a_name)                                                                  \
	X(moving_there_counts)                                                                      \
	X(moving_away_frees_a_name)                                                                 \
	X(full_comes_before_throttled)                                                              \
	X(counts_are_put_right)                                                                     \
	X(one_name_over_many_addresses)                                                             \
	X(addresses_of_entries_are_known)                                                           \
	X(wrong_counts_are_found)                                                                   \
	X(a_full_ring_drops_events_and_counts_them)                                                 \
	X(two_claims_are_a_conflict)

LIFE_MAIN(settings.max_peers = PLACES, settings.names_per_source = SHARE)
