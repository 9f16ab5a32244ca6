#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Signals: those that were ignored when the program started stay ignored.

load helper
load watch

LIFE=(--expiry 2h)


# signalled NAME SIGNAL
signalled() { kill "-$2" "${PIDS[$1]}"; }

@test "a loader that nohup started survives a hangup" {
	lan node-a node-b
	attach_on node-a "${LIFE[@]}"
	stop loader-node-a KILL || :
	start loader-node-a on node-a nohup rollcall attach eth0 "${LIFE[@]}"
	await loader_is_in_place node-a
	signalled loader-node-a HUP
	announce_from node-b
	await has_line loader-node-a ' join +node-b '
	loader_is_in_place node-a
	run ! ended loader-node-a
}

@test "a watcher that nohup started survives a hangup" {
	lan_with_marker "${LIFE[@]}"
	start watch nohup rollcall watch
	await has_line watch here-before
	signalled watch HUP
	announce_from node-b
	await tells 'join node-b .*'
	run ! ended watch
}

@test "an ignored interrupt ends neither attach nor watch nor announce" {
	lan node-a node-b node-c
	start loader-node-a on node-a env --ignore-signal=INT rollcall attach eth0 "${LIFE[@]}"
	await loader_is_in_place node-a
	start watch env --ignore-signal=INT rollcall watch
	start announcer on node-b env --ignore-signal=INT rollcall announce -4 eth0 --interval 100ms --hostname beating
	await has_line watch beating
	signalled loader-node-a INT
	signalled watch INT
	signalled announcer INT
	local before
	before=$(outcome refreshed)
	more_refreshed() { [ "$(outcome refreshed)" -gt "$((before + 2))" ]; }
	await more_refreshed
	announce_from node-c
	await has_line watch ' join +node-c '
	await has_line loader-node-a ' join +node-c '
	run ! ended announcer
	loader_is_in_place node-a
}

@test "a signal that was not ignored ends all three" {
	lan node-a node-b
	local signal name
	for signal in INT TERM; do
		attach_on node-a "${LIFE[@]}"
		start watch rollcall watch
		start announcer on node-b rollcall announce -4 eth0 --interval 100ms --hostname beating
		await has_line watch beating
		for name in announcer watch loader-node-a; do
			signalled "$name" "$signal"
			ends_with 0 "$name"
		done
	done
}

@test "with SIGCHLD ignored at the start, each failure of a program is counted" {
	lan_with_marker "${LIFE[@]}"
	local i
	for i in {1..63}; do add "host-$i" "10.77.1.$i"; done
	start watch env --ignore-signal=CHLD rollcall watch -v --exec /bin/false
	failed() { [ "$(lines_with watch "'/bin/false' ended with exit status 1")" -ge 64 ]; }
	await failed
	stop watch
	has_line watch "'/bin/false': 64 run, of these 64 failed and 0 were ended"
}

@test "a program of --exec has the dispositions and the mask that the watcher was started with" {
	lan_with_marker "${LIFE[@]}"
	printf '#!/bin/cat /proc/self/status\n' >"$T/status"
	chmod +x "$T/status"
	local of
	for of in '' CHLD,HUP,PIPE USR1; do
		start watch env --default-signal ${of:+--ignore-signal=$of} ${of:+--block-signal=$of} rollcall watch --exec "$T/status"
		await has_line watch '^SigCgt'
		stop watch
		diff <(env --default-signal ${of:+--ignore-signal=$of} ${of:+--block-signal=$of} grep -E '^Sig(Blk|Ign)' /proc/self/status) \
			<(grep -E '^Sig(Blk|Ign)' "$(out watch)")
	done
}
