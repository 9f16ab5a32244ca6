#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The sweep races announcements on two CPUs (tools/stress.c). The tests count how often the two met.
# bats file_tags=alone

load helper

# race OPTION...: with an expiry of 2 ms; what it printed is in $race
race() {
	(($(nproc) >= 2)) || skip "a race needs two CPUs"
	stress --expiry-us $((2000 * ${TIME_SCALE:-1})) "$@" >"$T/race.out"
	race=$(cat "$T/race.out")
	echo "$race"
}

holds() { jq -e "$1" <<<"$race" >/dev/null; }

# Where one thread emulates both CPUs, they meet seldom.
MEETINGS=$((50 / ${TIME_SCALE:-1} + 1))

@test "two CPUs racing until they met often lose no announcement to the sweep" {
	race --seconds 3 --heard 5001 --deletions $((2 * MEETINGS + 1)) --put-backs $MEETINGS --seed 1
	holds '.lost == 0'
	# and it was a race: entries were deleted, and some were heard in that very moment
	holds '.announcements - .dropped_run - .dropped_late > 5000'
	holds ".deletions > 2 * $MEETINGS and .put_backs >= $MEETINGS"
	# and the account of places comes out even
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
