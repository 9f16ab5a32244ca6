// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The events that a watcher reports for a name that two hosts announce. */
#include "looking.h"

/* Change the entry of NODE as if its last move was SPAN earlier. */
static void moved_before(int64_t span)
{
	struct rollcall_entry entry;

	EXPECT(entry_of(NODE, &entry));
	entry.peer.moved_ns -= (uint64_t)span;
	put(&entry);
	for (size_t i = 0; i < roster.here.count; i++)
		roster.here.list[i].entry.peer.moved_ns -= (uint64_t)span;
}

/* Two hosts announce NODE: one move, and then a conflict. The conflict is reported. */
static void is_in_conflict(void)
{
	struct heard h;

	is_known(NODE);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	TELLS(look(), "move node-b address; ");
	moves_after(2, 7 * SECOND);
	h = look();
	TELLS(h, "conflict node-b address; ");
	EXPECT(!strcmp(h.previous, "10.78.0.3"));
	EXPECT(h.first_ns == peer_of(NODE).moved_ns);
}

static void a_conflict_is_reported_once(void)
{
	is_in_conflict();
	for (uint16_t i = 0; i < 4; i++) {
		moves_after(i % 2 ? 2 : 3, 7 * SECOND);
		TELLS(look(), "");
	}
	/* several moves between two reads, and an announcement from the same address */
	moves_after(3, 7 * SECOND);
	moves_after(2, 7 * SECOND);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	TELLS(look(), "");
}

static void a_conflict_between_two_looks_is_one_event(void)
{
	struct heard h;

	is_known(NODE);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	moves_after(2, 7 * SECOND);
	moves_after(4, 7 * SECOND);
	h = look();
	TELLS(h, "conflict node-b address; ");
	EXPECT(!strcmp(h.previous, "10.78.0.2"));
	TELLS(look(), "");
}

static void a_conflict_that_is_over_and_begins_again_is_reported_again(void)
{
	is_in_conflict();
	moved_before(expiry_ns() + SECOND);
	TELLS(look(), "");
	moves_after(3, 0);
	TELLS(look(), "move node-b address; ");
	moves_after(2, 7 * SECOND);
	TELLS(look(), "conflict node-b address; ");
	/* the conflict ended and began again between two reads */
	moves_after(3, expiry_ns() + SECOND);
	moves_after(2, 7 * SECOND);
	TELLS(look(), "conflict node-b address; ");
}

static void a_conflict_that_ends_at_the_other_address_is_a_move(void)
{
	uint64_t now_ns = rollcall_now_ns();
	struct heard h;

	is_in_conflict();
	moves_after(3, 7 * SECOND);
	TELLS(look(), "");
	EXPECT(roster_due_ns(&roster, &rig.table.settings, now_ns) <= peer_of(NODE).moved_ns + (uint64_t)expiry_ns() + NS_PER_S);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_REFRESHED);
	moved_before(expiry_ns() + SECOND);
	h = look();
	TELLS(h, "move node-b address; ");
	EXPECT(!strcmp(h.previous, "10.78.0.2"));
	EXPECT(h.first_ns == peer_of(NODE).moved_ns + (uint64_t)expiry_ns());
	TELLS(look(), "");
}

static void a_host_that_joins_in_conflict_is_both(void)
{
	struct heard h;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	moves_after(2, 7 * SECOND);
	h = look();
	TELLS(h, "join node-b announced; conflict node-b address; ");
	EXPECT(!strcmp(h.previous, "10.78.0.3"));
	moves_after(3, 7 * SECOND);
	TELLS(look(), "");
	/* the same for a host that returns */
	age(NODE, expiry_ns() + SECOND);
	looked_earlier(expiry_ns() + SECOND);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_RETURNED);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_MOVED);
	moves_after(3, 7 * SECOND);
	TELLS(look(), "leave node-b expired; join node-b returned; conflict node-b address; ");
}

static void a_conflict_that_is_carried_over_is_the_same(void)
{
	struct rollcall_entry entry, other;

	is_in_conflict();
	EXPECT(entry_of(NODE, &entry));
	other = entry;
	other.key.ifindex++;
	put(&other);
	take_out(&entry);
	TELLS(look(), "");
	other.peer.moved_ns++;
	memcpy(other.peer.rival, other.peer.ipv4, sizeof(other.peer.ipv4));
	other.peer.ipv4[3] = 3;
	put(&other);
	TELLS(look(), "");
}

#define CASES(X)                                                                                    \
	X(a_conflict_is_reported_once)                                                              \
	X(a_conflict_between_two_looks_is_one_event)                                                \
	X(a_conflict_that_is_over_and_begins_again_is_reported_again)                               \
	X(a_conflict_that_ends_at_the_other_address_is_a_move)                                      \
	X(a_host_that_joins_in_conflict_is_both)                                                    \
	X(a_conflict_that_is_carried_over_is_the_same)

LIFE_MAIN(if (atexit(free_roster)) return 1)
