#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The events that a watcher reports after two reads of the table, in sequences of changes (tools/roster_cases.c,
# tools/roster_conflicts.c). watch.bats tests when the table is read.

load helper

@test "a join is reported once, and a refresh or another MAC address is no event" { roster_cases joins_are_told_once; }
@test "changes come in the order of their times, not of the table" { roster_cases changes_come_in_the_order_of_their_times; }
@test "moves between two reads are one, from the address that was reported last" { roster_cases moves_between_two_looks_are_one; }
@test "moving away and back is a move from the other address" { roster_cases moving_away_and_back_is_a_move_from_the_other_address; }
@test "a conflict is reported once, however often the address changes" { roster_conflicts a_conflict_is_reported_once; }
@test "a conflict that began between two reads is one event" { roster_conflicts a_conflict_between_two_looks_is_one_event; }
@test "a conflict that is over and begins again is reported again" { roster_conflicts a_conflict_that_is_over_and_begins_again_is_reported_again; }
@test "a conflict that ends at another address than the reported one is a move" { roster_conflicts a_conflict_that_ends_at_the_other_address_is_a_move; }
@test "a host that joins or returns in conflict is reported with both events" { roster_conflicts a_host_that_joins_in_conflict_is_both; }
@test "a host that has expired leaves once, swept or not, at its expiry" { roster_cases expired_ones_leave_once_swept_or_not; }
@test "a host that had expired before the first read is not reported" { roster_cases expired_newcomers_are_not_told; }
@test "a return is a leave and a join" { roster_cases a_return_is_a_leave_and_a_join; }
@test "swept and received again before the next read is also a return" { roster_cases swept_but_heard_again_before_the_look; }
@test "a host that was received since an old read is still here" { roster_cases refreshed_since_an_old_look_is_no_leave; }
@test "an entry that one read misses has not left, is not counted, and is read again soon" { roster_cases one_miss_is_no_leave; }
@test "an entry that two reads miss was removed, or detached with its interface" { roster_cases two_misses_are_one; }
@test "removed and received again at once is a leave and a join" { roster_cases removed_and_heard_again_at_once; }
@test "two joins on two CPUs at once are one" { roster_cases two_joins_at_once_are_one; }
@test "a peer carried over to another interface number is the same, at every moment" { roster_cases carried_over_is_the_same_peer; }
@test "a conflict that is carried over to another interface number is not reported again" { roster_conflicts a_conflict_that_is_carried_over_is_the_same; }
@test "carried over and expired before the next read has left" { roster_cases carried_over_and_expired_has_left; }
@test "the same host on another interface is another peer, and one host" { roster_cases another_interface_is_another_peer; }
@test "pattern and family select the hosts" { roster_cases the_filter_decides_who_counts; }
@test "all hosts leave with the table" { roster_cases everybody_leaves_with_the_table; }
@test "a goodbye is a leave at once, and the next announcement a join" { roster_cases a_goodbye_is_a_leave_at_once; }
@test "a goodbye that is read late is no expiry" { roster_cases a_goodbye_before_an_old_look_is_no_expiry; }
@test "a host that had left before the first read is not reported" { roster_cases left_before_the_first_look_is_not_told; }
@test "carried over and left before the next read has sent a goodbye" { roster_cases carried_over_and_left_has_said_goodbye; }
@test "a goodbye and a new announcement between two reads are a leave and a join" { roster_cases gone_and_announced_between_two_looks_is_another_stay; }
@test "an entry that gets a seal is the same entry" { roster_cases an_entry_that_gets_a_seal_is_the_same; }
@test "an entry that two reads find shadowed was removed" { roster_cases a_shadowed_entry_was_removed_if_two_looks_find_it_so; }
@test "a host that begins to seal over one family after the other does not leave" { roster_cases a_host_that_begins_to_seal_does_not_leave; }
@test "a shadowed entry does not join" { roster_cases a_shadowed_newcomer_is_not_told; }

@test "every case of the drivers is a test here" {
	local driver name
	for driver in roster_cases roster_conflicts; do
		for name in $($driver --list); do
			grep -q "{ $driver $name; }" "$BATS_TEST_FILENAME"
		done
	done
}
