#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# bats file_tags=alone
# A flood of moves, joins and rejected names at full speed, to a loader whose output is blocked or is a file.

load helper

EXPIRY=5

setup_more() { READER=; }
teardown_more() { [ -z "$READER" ] || kill "$READER"; }

# unread NAME: make a pipe whose reader does not read
unread() {
	mkfifo "$T/$1"
	sleep 1000 <>"$T/$1" 3>&- &
	READER=$!
	await holds_open $! "$T/$1"
}

holds_open() { [ "$(readlink "/proc/$1/fd/0")" = "$2" ]; }
holds() { jq -e "$1" <<<"$flood" >/dev/null; }

# flooded SECONDS: node-b floods for SECONDS. The output of the flood is in $flood.
flooded() {
	on node-b flood eth0 mixed 20000 "$1s" >"$T/flood.out"
	flood=$(cat "$T/flood.out")
	echo "$flood"
	rollcall status
	[ "$(outcome moved)" -gt 1000 ]
	[ "$(outcome throttled)" -gt 1000 ]
	[ "$(outcome full)" -gt 1000 ]
}

# called NAME: print how many announcements of NAME the listener received
called() { lines_with listener ": multitastic:$1$"; }

@test "with blocked output the flooded loader sweeps on time, keeps its interval, loses no host, and exits at once" {
	lan node-a node-b
	start listener on node-b listener eth0
	await has_line listener listening
	unread pipe
	start loader-node-a on node-a bash -c \
		"exec rollcall attach eth0 --max-peers 4096 --expiry ${EXPIRY}s --announce -4 --interval 1s >$T/pipe"
	await loader_is_in_place node-a
	flooded 20
	holds '.missing == 0'
	holds ".scan_age_ms <= ($EXPIRY + 2) * 1000"
	# 20 s and the time before; an announcement is sent up to a tenth of the interval early
	[ "$(called node-a)" -ge 18 ]
	[ "$(called node-a)" -le 30 ]
	start flood on node-b flood eth0 mixed 20000 10s
	joined=$(outcome moved)
	flooded_again() { [ "$(outcome moved)" -gt $((joined + 1000)) ]; }
	await flooded_again
	local begun
	begun=$(date +%s%N)
	kill "${PIDS[loader-node-a]}"
	tail -f --pid="${PIDS[loader-node-a]}" /dev/null -s 0.01
	[ $(($(date +%s%N) - begun)) -le $((1000000000 * ${TIME_SCALE:-1})) ]
	ends_with 0 loader-node-a
}

@test "the log of a flood does not grow with the flood" {
	lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 --max-peers 4096 --expiry ${EXPIRY}s
	await loader_is_in_place node-a
	flooded 10
	stop loader-node-a
	# at most one join and one leave per place in the table and expiry, and 20 moves per second
	[ "$(lines_with loader-node-a ' move +mover ')" -le 250 ]
	[ "$(lines_with loader-node-a ' (join|leave) ')" -le $((2 * 4096 * (10 / EXPIRY + 2))) ]
	[ "$(lines_with loader-node-a '^rollcall: ')" -le 40 ]
	[ "$(stat -c %s "$(out loader-node-a)")" -le 5000000 ]
}
