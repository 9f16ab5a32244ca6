#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What watchers make of the difference between two looks, driven one thing after the other
# (tools/roster_cases.c). When they look is in watch.bats.

load helper

@test "a join is told once, and a refresh or another MAC is nothing" { roster_cases joins_are_told_once; }
@test "changes come in the order of their times, not of the table" { roster_cases changes_come_in_the_order_of_their_times; }
@test "moves between two looks are one, from the address that was told last" { roster_cases moves_between_two_looks_are_one; }
@test "moving away and back is a move from where it has been" { roster_cases moving_away_and_back_is_a_move_from_the_rival; }
@test "who has expired leaves once, swept or not, at the time that it expired" { roster_cases expired_ones_leave_once_swept_or_not; }
@test "who had expired before it was looked at never was here" { roster_cases expired_newcomers_are_not_told; }
@test "a return is a leave and a join" { roster_cases a_return_is_a_leave_and_a_join; }
@test "swept and heard again before the look is a return as well" { roster_cases swept_but_heard_again_before_the_look; }
@test "who was heard since an old look is still here" { roster_cases refreshed_since_an_old_look_is_no_leave; }
@test "an entry that one look misses has not left, is not counted, and is looked for again soon" { roster_cases one_miss_is_no_leave; }
@test "an entry that two looks miss was removed, or detached with its interface" { roster_cases two_misses_are_one; }
@test "removed and heard again at once is a leave before its time, and a join" { roster_cases removed_and_heard_again_at_once; }
@test "two joins on two CPUs at once are one" { roster_cases two_joins_at_once_are_one; }
@test "a peer carried over to another interface number is the same, at every moment" { roster_cases carried_over_is_the_same_peer; }
@test "carried over and expired before the look has left" { roster_cases carried_over_and_expired_has_left; }
@test "the same host on another interface is another peer, and one host" { roster_cases another_interface_is_another_peer; }
@test "glob and family decide who is on it" { roster_cases the_filter_decides_who_counts; }
@test "everybody leaves with the table" { roster_cases everybody_leaves_with_the_table; }

@test "every case of the driver is a test here" {
	local name
	for name in $(roster_cases --list); do
		grep -q "{ roster_cases $name; }" "$BATS_TEST_FILENAME"
	done
}
