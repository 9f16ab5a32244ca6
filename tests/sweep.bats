#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The life of an entry, and that no announcement is lost to the sweep: orders of events driven one
# by one (tools/interleave.c), then a race of both sides on two CPUs (tools/stress.c).

load helper

@test "a refresh keeps an entry alive, and is written in place" { interleave refresh_keeps_alive; }
@test "the margin between stores in place and deletions is a seventh of the expiry" { interleave margin_is_a_seventh; }
@test "an entry as old as the expiry less the margin is written whole" { interleave late_refresh_is_rewritten; }
@test "an entry heard from another MAC is written whole and joined when it did" { interleave other_card_is_rewritten; }
@test "an entry heard from another address is written whole and joined when it did" { interleave move_is_rewritten; }
@test "a host that returns before it was swept has joined anew" { interleave return_begins_anew; }
@test "expired entries leave by the sweep, each is told, and the report counts them" { interleave expired_leave; }
@test "an entry that has not expired yet stays" { interleave just_within_expiry_stays; }
@test "an entry stamped ahead of the reader's clock is young, not ancient" { interleave ahead_of_the_clock_is_young; }
@test "the next sweep is due when the oldest live entry has expired, or an expiry from now" { interleave deadline; }

@test "heard after it was found stale, before it is taken out: it is put back as a return" { interleave heard_when_found; }
@test "heard after the sweeper read its clock: it is young and put back" { interleave heard_after_the_clock_was_read; }
@test "heard while the sweeper has it in its hand: the newer entry stays" { interleave heard_when_taken_out; }
@test "heard after it was taken out for good: it joins" { interleave heard_when_gone; }
@test "moved after it was found stale: it is put back at its new address" { interleave moved_when_found; }
@test "refreshed late after it was found stale: it is put back and joined when it did" { interleave refreshed_late_when_found; }
@test "recycled by the kernel after it was found stale: it is neither put back nor told" { interleave recycled_when_found; }
@test "recycled and heard again after it was found stale: it is put back" { interleave recycled_and_heard_when_found; }

@test "every case of the driver is a test here" {
	local name
	for name in $(interleave --list); do
		grep -q "{ interleave $name; }" "$BATS_TEST_FILENAME"
	done
}
