// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The events that a watcher reports for changes between two reads of the table. Each case is a sequence of events. */
#include "looking.h"

static bool is_due_soon(void)
{
	uint64_t now_ns = rollcall_now_ns();

	return roster_due_ns(&roster, &rig.table.settings, now_ns) - now_ns < NS_PER_S;
}

static void joins_are_told_once(void)
{
	struct heard h;

	EXPECT(roster_due_ns(&roster, &rig.table.settings, rollcall_now_ns()) == UINT64_MAX);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	h = look();
	TELLS(h, "join node-b announced; ");
	EXPECT(h.first_ns == peer_of(NODE).first_seen_ns);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	EXPECT(hears(NODE, 2, 1) == ROLLCALL_REFRESHED); /* another card */
	TELLS(look(), "");
	EXPECT(roster_due_ns(&roster, &rig.table.settings, rollcall_now_ns()) > peer_of(NODE).last_seen_ns + (uint64_t)expiry_ns());
}

static void changes_come_in_the_order_of_their_times(void)
{
	struct heard h;

	EXPECT(hears("node-a", 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears("node-z", 2, 0) == ROLLCALL_JOINED);
	age("node-z", 10 * SECOND);
	h = look();
	TELLS(h, "join node-z announced; join node-a announced; ");
	EXPECT((int64_t)(h.last_ns - h.first_ns) > 0);
}

static void moves_between_two_looks_are_one(void)
{
	struct heard h;

	is_known(NODE);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	moves_after(4, expiry_ns() + SECOND);
	h = look();
	TELLS(h, "move node-b address; ");
	EXPECT(!strcmp(h.previous, "10.78.0.2"));
	EXPECT(h.first_ns == peer_of(NODE).moved_ns);
	TELLS(look(), "");
}

static void moving_away_and_back_is_a_move_from_the_other_address(void)
{
	struct heard h;

	is_known(NODE);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	moves_after(2, expiry_ns() + SECOND);
	h = look();
	TELLS(h, "move node-b address; ");
	EXPECT(!strcmp(h.previous, "10.78.0.3"));
	TELLS(look(), "");
}

static void expired_ones_leave_once_swept_or_not(void)
{
	struct heard h;
	struct rollcall_entry swept_out;

	is_known(NODE);
	swept_out = is_known(OTHER);
	age(NODE, expiry_ns() + SECOND);
	age(OTHER, expiry_ns() + 2 * SECOND);
	looked_earlier(expiry_ns() + 2 * SECOND);
	take_out(&swept_out);
	h = look();
	TELLS(h, "leave node-c expired; leave node-b expired; ");
	EXPECT(h.last_ns == peer_of(NODE).last_seen_ns + (uint64_t)expiry_ns());
	TELLS(look(), "");
	/* it is still in the table and is announced again; the watcher had reported its leave, so this is a join */
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	TELLS(look(), "join node-b announced; ");
}

static void expired_newcomers_are_not_told(void)
{
	join_and_expire(NODE);
	TELLS(look(), "");
	EXPECT(!roster_hosts(&roster, &rig.table.settings, rollcall_now_ns()));
}

static void a_return_is_a_leave_and_a_join(void)
{
	struct heard h;

	is_known(NODE);
	age(NODE, expiry_ns() + SECOND);
	looked_earlier(expiry_ns() + SECOND);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_RETURNED);
	h = look();
	TELLS(h, "leave node-b expired; join node-b returned; ");
	EXPECT(h.last_ns == peer_of(NODE).first_seen_ns);
	EXPECT((int64_t)(h.last_ns - h.first_ns) > 0 && (int64_t)(h.last_ns - h.first_ns) < 10 * SECOND);
}

static void swept_but_heard_again_before_the_look(void)
{
	struct rollcall_entry entry = is_known(NODE);

	looked_earlier(expiry_ns() + SECOND);
	take_out(&entry);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	TELLS(look(), "leave node-b expired; join node-b returned; ");
}

static void refreshed_since_an_old_look_is_no_leave(void)
{
	is_known(NODE);
	looked_earlier(expiry_ns() + SECOND);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	TELLS(look(), "");
}

static void one_miss_is_no_leave(void)
{
	struct rollcall_entry entry = is_known(NODE);

	take_out(&entry);
	TELLS(look(), "");
	EXPECT(is_due_soon());
	EXPECT(!roster_hosts(&roster, &rig.table.settings, rollcall_now_ns()));
	put(&entry);
	TELLS(look(), "");
	EXPECT(!is_due_soon());
	take_out(&entry);
	TELLS(look(), "");
}

static void two_misses_are_one(void)
{
	struct rollcall_entry entry = is_known(NODE);

	slots[3].ifindex = entry.key.ifindex;
	take_out(&entry);
	look();
	TELLS(look(), "leave node-b removed; ");
	TELLS(look(), "");
	put(&entry);
	look();
	slots[3].ifindex = 0;
	take_out(&entry);
	look();
	TELLS(look(), "leave node-b detached; ");
}

static void removed_and_heard_again_at_once(void)
{
	struct rollcall_entry entry = is_known(NODE);

	looked_earlier(10 * SECOND);
	take_out(&entry);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	TELLS(look(), "leave node-b removed; join node-b announced; ");
}

/* table_join(): the CPU that lost the race overwrites the time of the join of the other one. */
static void two_joins_at_once_are_one(void)
{
	struct rollcall_entry entry = is_known(NODE);

	entry.peer.first_seen_ns += 1000;
	put(&entry);
	TELLS(look(), "");
}

static void carried_over_is_the_same_peer(void)
{
	struct rollcall_entry entry = is_known(NODE), other = entry;

	other.key.ifindex = entry.key.ifindex + 1;
	put(&other);
	TELLS(look(), "");
	EXPECT(roster_hosts(&roster, &rig.table.settings, rollcall_now_ns()) == 1);
	take_out(&entry);
	TELLS(look(), "");
	TELLS(look(), "");
	/* and back to the first interface */
	put(&entry);
	take_out(&other);
	TELLS(look(), "");
	TELLS(look(), "");
	EXPECT(roster.here.count == 1);
}

static void carried_over_and_expired_has_left(void)
{
	struct rollcall_entry entry = is_known(NODE), other = entry;

	take_out(&entry);
	other.key.ifindex++;
	other.peer.last_seen_ns -= (uint64_t)expiry_ns() + NS_PER_S;
	put(&other);
	look();
	TELLS(look(), "leave node-b detached; ");
}

static void another_interface_is_another_peer(void)
{
	struct rollcall_entry entry = is_known(NODE), other = entry;

	other.key.ifindex++;
	other.peer.first_seen_ns += NS_PER_S / 2;
	put(&other);
	TELLS(look(), "join node-b announced; ");
	EXPECT(roster_hosts(&roster, &rig.table.settings, rollcall_now_ns()) == 1);
	take_out(&entry);
	look();
	TELLS(look(), "leave node-b detached; ");
}

static void the_filter_decides_who_counts(void)
{
	roster.selection = (struct selection){ .patterns = (char *const[]){ "*-c" }, .pattern_count = 1, .family = ROLLCALL_FAMILY_IPV4 };
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears(OTHER, 3, 0) == ROLLCALL_JOINED);
	TELLS(look(), "join node-c announced; ");
	roster_free(&roster);
	roster.selection.family = ROLLCALL_FAMILY_IPV6;
	TELLS(look(), "");
}

static void everybody_leaves_with_the_table(void)
{
	struct heard h;
	struct roster_input at = look_into(&h);

	is_known(NODE);
	is_known(OTHER);
	roster_dismiss(&roster, &at);
	TELLS(h, "leave node-b detached; leave node-c detached; ");
	EXPECT(!roster.here.count);
}

/* The entry as after a goodbye. */
static struct rollcall_entry says_goodbye(struct rollcall_entry entry)
{
	entry.peer.flags |= ROLLCALL_PEER_LEFT;
	entry.peer.last_seen_ns = rollcall_now_ns();
	put(&entry);
	return entry;
}

static void a_goodbye_is_a_leave_at_once(void)
{
	struct rollcall_entry entry = says_goodbye(is_known(NODE));
	struct heard h = look();

	TELLS(h, "leave node-b goodbye; ");
	EXPECT(h.first_ns == entry.peer.last_seen_ns);
	TELLS(look(), "");
	EXPECT(!roster_hosts(&roster, &rig.table.settings, rollcall_now_ns()));
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	TELLS(look(), "join node-b announced; ");
}

static void a_goodbye_before_an_old_look_is_no_expiry(void)
{
	struct rollcall_entry entry = says_goodbye(is_known(NODE));

	entry.peer.last_seen_ns -= (uint64_t)expiry_ns() + NS_PER_S;
	put(&entry);
	TELLS(look(), "leave node-b goodbye; ");
}

static void left_before_the_first_look_is_not_told(void)
{
	struct rollcall_entry entry = {};

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(entry_of(NODE, &entry));
	says_goodbye(entry);
	TELLS(look(), "");
}

static void carried_over_and_left_has_said_goodbye(void)
{
	struct rollcall_entry entry = is_known(NODE), other = entry;

	take_out(&entry);
	other.key.ifindex++;
	says_goodbye(other);
	TELLS(look(), "leave node-b goodbye; ");
	TELLS(look(), "");
}

static void gone_and_announced_between_two_looks_is_another_stay(void)
{
	struct rollcall_entry entry = is_known(NODE);

	looked_earlier(10 * SECOND);
	says_goodbye(entry);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	TELLS(look(), "leave node-b removed; join node-b announced; ");
}

/* The table as readers see it, with the sealed entry OTHER of NODE on another attached interface. */
static struct rollcall_entry mixed_with_sealed(struct rollcall_entry other)
{
	struct rollcall_attachment attachment = { .ifindex = ++other.key.ifindex };
	__u32 slot = 0;

	rig.table.settings.sealing = ROLLCALL_MIXED;
	EXPECT(!bpf_map_update_elem(rig.table.interfaces_fd, &slot, &attachment, BPF_ANY));
	other.peer.flags = ROLLCALL_PEER_SEALED;
	other.peer.first_seen_ns += NS_PER_S / 2;
	put(&other);
	return other;
}

static void an_entry_that_gets_a_seal_is_the_same(void)
{
	struct rollcall_entry entry = is_known(NODE);

	rig.table.settings.sealing = ROLLCALL_MIXED;
	entry.peer.flags = ROLLCALL_PEER_SEALED;
	put(&entry);
	TELLS(look(), "");
	TELLS(look(), "");
}

static void a_shadowed_entry_was_removed_if_two_looks_find_it_so(void)
{
	struct rollcall_entry entry = is_known(NODE), sealed = mixed_with_sealed(entry);

	TELLS(look(), "join node-b announced; ");
	EXPECT(is_due_soon());
	TELLS(look(), "leave node-b removed; ");
	TELLS(look(), "");
	/* it is not here, so its goodbye and its expiry are not told */
	says_goodbye(entry);
	TELLS(look(), "");
	put(&entry);
	take_out(&sealed);
	TELLS(look(), "join node-b announced; ");
}

static void a_host_that_begins_to_seal_does_not_leave(void)
{
	struct rollcall_entry entry = is_known(NODE);

	mixed_with_sealed(entry);
	TELLS(look(), "join node-b announced; ");
	/* a moment later the other one, too */
	entry.peer.flags = ROLLCALL_PEER_SEALED;
	put(&entry);
	TELLS(look(), "");
	TELLS(look(), "");
	EXPECT(!is_due_soon());
}

static void a_shadowed_newcomer_is_not_told(void)
{
	struct rollcall_entry entry = {};

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(entry_of(NODE, &entry));
	mixed_with_sealed(entry);
	TELLS(look(), "join node-b announced; ");
	TELLS(look(), "");
}

#define CASES(X)                                                                                    \
	X(joins_are_told_once)                                                                      \
	X(changes_come_in_the_order_of_their_times)                                                 \
	X(moves_between_two_looks_are_one)                                                          \
	X(moving_away_and_back_is_a_move_from_the_other_address)                                    \
	X(expired_ones_leave_once_swept_or_not)                                                     \
	X(expired_newcomers_are_not_told)                                                           \
	X(a_return_is_a_leave_and_a_join)                                                           \
	X(swept_but_heard_again_before_the_look)                                                    \
	X(refreshed_since_an_old_look_is_no_leave)                                                  \
	X(one_miss_is_no_leave)                                                                     \
	X(two_misses_are_one)                                                                       \
	X(removed_and_heard_again_at_once)                                                          \
	X(two_joins_at_once_are_one)                                                                \
	X(carried_over_is_the_same_peer)                                                            \
	X(carried_over_and_expired_has_left)                                                        \
	X(another_interface_is_another_peer)                                                        \
	X(the_filter_decides_who_counts)                                                            \
	X(everybody_leaves_with_the_table)                                                          \
	X(a_goodbye_is_a_leave_at_once)                                                             \
	X(a_goodbye_before_an_old_look_is_no_expiry)                                                \
	X(left_before_the_first_look_is_not_told)                                                   \
	X(carried_over_and_left_has_said_goodbye)                                                   \
	X(gone_and_announced_between_two_looks_is_another_stay)                                     \
	X(an_entry_that_gets_a_seal_is_the_same)                                                    \
	X(a_shadowed_entry_was_removed_if_two_looks_find_it_so)                                     \
	X(a_host_that_begins_to_seal_does_not_leave)                                                \
	X(a_shadowed_newcomer_is_not_told)

LIFE_MAIN(if (atexit(free_roster)) return 1)
