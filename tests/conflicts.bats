#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall watch if two hosts announce one name.
# bats file_tags=long

load helper
load interfaces
load watch

# Entries do not expire, also on a slow machine. The expiry time is the longest that is accepted, so that it is longer
# than the machine has been up: the first move is no conflict there either.
setup_more() { LIFE=(--expiry 168h); }

# in_turn N HOST...: each HOST announces the name node-b; each announcement is a move, and the first is move number N
in_turn() {
	local number=$1 host
	for host in "${@:2}"; do
		announce_from "$host" --hostname node-b
		await counted moved $((number++))
	done
}

@test "a conflict is reported once, with both addresses, and its moves are not" {
	lan_with_marker "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	watch_as watch
	in_turn 1 node-c
	await tells 'move .*'
	in_turn 2 node-b
	await tells 'conflict .*'
	in_turn 3 node-c node-b node-c
	announce_from node-c
	await tells 'join node-c .*'
	told "join node-b 10.77.0.2 eth0 present
move node-b 10.77.0.3 eth0 address 10.77.0.2
conflict node-b 10.77.0.2 eth0 address 10.77.0.3
join node-c 10.77.0.3 eth0 announced"
	# a watcher that starts now reports it again
	watch_as later
	await has_line later ' conflict node-b 10\.77\.0\.3 eth0 address 10\.77\.0\.2$'
}

@test "a conflict between two reads of the table is one event" {
	lan_with_marker "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	watch_as watch
	unseen in_turn 1 node-c node-b
	await tells 'conflict .*'
	told $'join node-b 10.77.0.2 eth0 present\nconflict node-b 10.77.0.2 eth0 address 10.77.0.3'
}

@test "a conflict that is over and begins again is reported again, without a loader also" {
	lan_with_marker --expiry 2s
	start others on node-b rollcall announce eth0 -4 --interval 500ms
	await lists node-b
	watch_as watch
	kill_loader
	announce_from node-c --hostname node-b # node-b announces its name too
	await conflicts 1
	stop others || :
	await tells 'leave node-b .*'
	await conflicts_after 2
}
# conflicts_after N: N conflicts were reported, after both hosts have announced the name once more
conflicts_after() {
	announce_from node-b
	announce_from node-c --hostname node-b
	conflicts "$1"
}
conflicts() { [ "$(events | grep -c '^conflict')" = "$1" ]; }

@test "a program is run once per conflict, with both addresses" {
	lan_with_marker "${LIFE[@]}"
	printf '#!/bin/sh\necho "$ROLLCALL_EVENT $ROLLCALL_NAME $ROLLCALL_ADDRESS $ROLLCALL_REASON $ROLLCALL_PREVIOUS" >>%s\n' "$T/log" >"$T/hook"
	chmod +x "$T/hook"
	announce_from node-b
	await lists node-b
	watch_as watch --exec "$T/hook"
	in_turn 1 node-c
	await tells 'move .*'
	in_turn 2 node-b
	await tells 'conflict .*'
	in_turn 3 node-c
	announce_from node-c
	await grep -q '^join node-c' "$T/log"
	[ "$(grep -v -e here-before "$T/log")" = "join node-b 10.77.0.2 present 
move node-b 10.77.0.3 address 10.77.0.2
conflict node-b 10.77.0.2 address 10.77.0.3
join node-c 10.77.0.3 announced " ]
}
