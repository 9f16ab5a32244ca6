#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The sweep races with announcements on two CPUs (tools/stress.c), and sealed messages race with each other and with the
# removal (tools/sequence_stress.c). The tests also require a minimum number of real races.
# bats file_tags=alone

load helper

# race OPTION...: run stress with an expiry of 2 ms; its output is in $race
race() {
	(($(nproc) >= 2)) || skip "a race needs two CPUs"
	stress --expiry-us $((2000 * ${TIME_SCALE:-1})) "$@" >"$T/race.out"
	race=$(cat "$T/race.out")
	echo "$race"
}

holds() { jq -e "$1" <<<"$race" >/dev/null; }

# If one thread emulates both CPUs, races are rare.
MEETINGS=$((50 / ${TIME_SCALE:-1} + 1))

@test "two CPUs racing until they met often lose no announcement to the sweep" {
	race --seconds 3 --heard 5001 --deletions $((2 * MEETINGS + 1)) --put-backs $MEETINGS --seed 1
	holds '.lost == 0'
	# there were real races: entries were deleted, and some were announced at that moment
	holds '.announcements - .dropped_run - .dropped_late > 5000'
	holds ".deletions > 2 * $MEETINGS and .put_backs >= $MEETINGS"
	# the account of places is correct
	holds '.misaccounted == 0'
}

@test "nor does the same race where entries are read out" {
	SWEEP_BY_READING=1 race --seconds 2 --deletions 301 --put-backs 5 --seed 2
	holds '.lost == 0 and .deletions > 300 and .put_backs >= 5 and .misaccounted == 0'
}

@test "the same race sees what scanning and then deleting loses" {
	race --seconds 60 --seed 1 --naive --until-lost 10
	holds '.lost >= 10'
}

@test "of sealed messages on two CPUs each is accepted once, and the newest one is recorded" {
	(($(nproc) >= 2)) || skip "a race needs two CPUs"
	sequence_stress --rounds $((20000 / ${TIME_SCALE:-1})) --seed 1
}
