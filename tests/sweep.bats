#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The life of an entry, and that the sweep loses no announcement: sequences of events (tools/lifetime.c,
# tools/interleave.c). races.bats runs filter and sweeper on two CPUs.

load helper

@test "a refresh keeps an entry alive, and is written in place" { lifetime refresh_keeps_alive; }
@test "the margin between stores in place and deletions is a seventh of the expiry" { lifetime margin_is_a_seventh; }
@test "an entry as old as the expiry less the margin is written whole" { lifetime late_refresh_is_rewritten; }
@test "an entry received from another MAC is written whole and joined when it did" { lifetime other_card_is_rewritten; }
@test "an entry received from another address is written whole and joined when it did" { lifetime move_is_rewritten; }
@test "a host that returns before it was swept has joined again" { lifetime return_begins_anew; }
@test "expired entries are removed by the sweep, each is reported, and the report counts them" { lifetime expired_leave; }
@test "more entries leave at once than one scan in the kernel hands over" { lifetime crowd_leaves; }
@test "an entry that has not expired yet stays" { lifetime just_within_expiry_stays; }
@test "an entry stamped ahead of the reader's clock is young, not ancient" { lifetime ahead_of_the_clock_is_young; }
@test "the next sweep is due when the oldest live entry has expired, or an expiry from now" { lifetime deadline; }

@test "received after it was found stale, before it is removed: it is put back as a return" { interleave heard_when_found; }
@test "received after the sweeper read its clock: it is young and put back" { interleave heard_after_the_clock_was_read; }
@test "received while the sweeper has removed it: the newer entry stays" { interleave heard_when_taken_out; }
@test "refreshed in place while it is removed: it is put back as received now" { interleave stored_when_taken_out; }
@test "put back after a delay: it is not made younger than it is" { interleave put_back_late_or_ahead; }
@test "received after it was removed: it joins" { interleave heard_when_gone; }
@test "moved after it was found stale: it is put back at its new address" { interleave moved_when_found; }
@test "refreshed late after it was found stale: it is put back and joined when it did" { interleave refreshed_late_when_found; }
@test "reused by the kernel after it was found stale: it is neither put back nor reported" { interleave recycled_when_found; }
@test "reused and received again after it was found stale: it is put back" { interleave recycled_and_heard_when_found; }

@test "every case of the drivers is a test here" {
	local driver name
	for driver in lifetime interleave; do
		for name in $("$driver" --list); do
			grep -q "{ $driver $name; }" "$BATS_TEST_FILENAME"
		done
	done
}

@test "all of this also holds if entries are read out, because a kernel rejects the scan" {
	local driver name
	export SWEEP_BY_READING=1
	for driver in lifetime interleave admission; do
		for name in $("$driver" --list); do
			echo "$driver $name"
			"$driver" "$name"
		done
	done
}
