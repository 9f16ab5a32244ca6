#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A host that sends a goodbye is not here any longer, for every reader, until it announces itself again.
# bats file_tags=long

load helper
load interfaces
load watch
load history
load sealed

# goodbye_from HOST [NAME]: HOST sends the goodbye of NAME (HOST) without a seal
goodbye_from() { send "$1" "$(seal --goodbye "$(address_of "$1")" "${2:-$1}")"; }

# node_b_is_here [OPTION...]: node-a is attached, and node-b has announced itself
node_b_is_here() {
	lan node-a node-b node-c
	attach_on node-a "$@"
	announce_from node-b
	await lists node-b
}

@test "a host that sent a goodbye is not listed, not found and not waited for as present" {
	node_b_is_here --expiry 10m
	announce_from node-c
	await lists node-c
	goodbye_from node-b
	await counted left 1
	[ "$(peers)" = node-c ]
	fails_with 1 'not found' rollcall get node-b
	fails_with 1 'not found' rollcall get 10.77.0.2
	fails_with 1 'timed out|not here' rollcall wait node-b --timeout 0
	[ "$(on node-a rollcall status -j | jq -c '[.hosts, .entries, .interfaces[0].state]')" = '[1,1,"receiving"]' ]
	rollcall metrics | grep -qx 'rollcall_hosts 1'
	bpftool map dump pinned "$ROLLCALL_PIN_DIR/peers" | grep -qF '"node-b"' # the tombstone
	printf 'node-b\nnode-c\n' >"$T/expected"
	run rollcall missing --expect "$T/expected"
	[ "$status $output" = "1 missing: node-b (1 of 2 hosts)" ]
}

@test "watch reports a leave with the reason goodbye, and the next announcement as a join" {
	lan_with_marker --expiry 2h
	announce_from node-b
	await lists node-b
	watch_as watch
	start json rollcall watch -j
	await has_line json here-before
	goodbye_from node-b
	await told $'join node-b 10.77.0.2 eth0 present\nleave node-b 10.77.0.2 eth0 goodbye'
	await has_line json '"event":"leave","hostname":"node-b","family":4,"address":"10.77.0.2","interface":"eth0","reason":"goodbye"'
	lists_not node-b
	announce_from node-b
	await told $'join node-b 10.77.0.2 eth0 present\nleave node-b 10.77.0.2 eth0 goodbye\njoin node-b 10.77.0.2 eth0 announced'
	lists node-b
	says_nothing
}

@test "a program of --exec gets the reason of the leave" {
	node_b_is_here --expiry 2h
	cat >"$T/hook" <<-END
		#!/bin/sh
		echo "\$ROLLCALL_EVENT \$ROLLCALL_NAME \$ROLLCALL_REASON" >>'$T/events'
	END
	chmod +x "$T/hook"
	start watch rollcall watch --exec "$T/hook"
	await grep -qx 'join node-b present' "$T/events"
	goodbye_from node-b
	await grep -qx 'leave node-b goodbye' "$T/events"
}

@test "the history has the interval with its end and the reason" {
	record_node_b node-c
	goodbye_from node-b
	await is_open 0
	history_says 'node-b goodbye eth0 10.77.0.2'
	[ "$(rollcall history --db "$DB" -j | jq -r '.[0].reason')" = goodbye ]
	run rollcall missing --db "$DB"
	[ "$status" -eq 1 ]
	announce_from node-b
	await has_intervals 2
}

@test "in the history a host was last seen when it sent its goodbye" {
	record_node_b node-c
	age node-b 20s
	announce_from node-c # the recorder reads the table
	await is_open 2
	goodbye_from node-b
	await is_open 1
	rollcall history --db "$DB" -j node-b >"$T/interval"
	[ "$(rollcall history --db "$DB" --last -j node-b | jq -r '.[0].last_seen')" = "$(jq -r '.[0].until' "$T/interval")" ]
}

@test "without a seal only the address and the MAC of the entry can send a goodbye" {
	node_b_is_here --expiry 10m
	goodbye_from node-c node-b # another address
	await counted goodbye_ignored 1
	lists node-b
	# the address of the entry, and another MAC
	ip -n "$ID-node-b" link set eth0 down
	ip -n "$ID-node-c" addr add 10.77.0.2/24 dev eth0
	on node-c datagram eth0 10.77.0.2 "$(seal --goodbye 10.77.0.2 node-b)"
	await counted goodbye_ignored 2
	lists node-b
}

@test "a goodbye of a host that is not here, or that has left, changes nothing" {
	node_b_is_here --expiry 10m
	goodbye_from node-c
	await counted goodbye_ignored 1
	[ "$(peers)" = node-b ]
	goodbye_from node-b
	await counted left 1
	goodbye_from node-b
	await counted goodbye_ignored 2
	[ -z "$(peers)" ]
}

@test "the entry of a host that left is removed one expiry after the goodbye" {
	node_b_is_here
	goodbye_from node-b
	await counted left 1
	peer "$ROLLCALL_PIN_DIR" age node-b 36s
	stop loader-node-a KILL || : # the next loader sweeps at once
	attach_on node-a
	await not_in_map node-b
}
not_in_map() { ! bpftool map dump pinned "$ROLLCALL_PIN_DIR/peers" | grep -qF "\"$1\""; }

@test "with --ignore-goodbye one without a seal has no effect" {
	node_b_is_here --ignore-goodbye
	goodbye_from node-b
	await counted goodbye_ignored 1
	lists node-b
}

@test "a sealed table takes only sealed goodbyes" {
	lan node-a node-b
	attach_with_keys node-a
	announces node-b node-b
	await lists node-b
	goodbye_from node-b
	await counted unsealed 1
	lists node-b
	send node-b "$(goodbye node-b node-b)"
	await counted left 1
	lists_not node-b
	announces node-b node-b
	await lists node-b
}

@test "status explains why a table with keys records nothing" {
	lan node-a node-b
	attach_with_keys node-a
	announce_from node-b
	await counted unsealed 1
	is_quiet_because "1 rejected without a seal, which this table requires: run 'rollcall announce --key FILE' on the other hosts"
	send node-b "$(sealed node-b node-b --key "$KEY2")" "$(sealed node-b node-b --key "$KEY2")"
	await counted unknown_key 2
	is_quiet_because "2 rejected with an unknown key: add the key of the other hosts to the key file of 'rollcall attach --key'"
	for _ in 1 2 3; do send node-b "$(sealed node-a node-b)"; done
	await counted bad_seal 3
	is_quiet_because "3 rejected with a wrong seal: is the key with this id the same on the other hosts\?"
	for _ in 1 2 3 4; do announces node-b node-b --sequence -60000; done
	await counted stale 4
	is_quiet_because "4 rejected because of their time: are the clocks of this host and of the others right\? \('timedatectl'\)"
	announces node-b node-b
	await lists node-b
	[ "$(on node-a rollcall status -j | jq -r '.interfaces[0] | "\(.state) \(.reason)"')" = "receiving null" ]
	age node-b 40s
	on node-a rollcall status --check --require-peers >"$T/check" || :
	grep -qE "^eth0: quiet: no announcements received for 4[0-9]s; since the filter was attached, 4 rejected because of their time: " "$T/check"
}
is_quiet_because() {
	[[ $(on node-a rollcall status -j | jq -r '.interfaces[0] | "\(.state): \(.reason)"') =~ ^quiet:\ no\ announcements\ received\ yet\ \(attached\ .*\ ago\),\ $1$ ]]
}

@test "the event stream of serve has the goodbye, and its list of hosts lacks the host" {
	node_b_is_here --expiry 10m
	start server on node-a rollcall serve --db "$T/none.db"
	await has_line server 'listening on'
	start client on node-a curl -sSN http://127.0.0.1:49001/api/v1/events
	await has_line client '^(:|id|retry|event)'
	goodbye_from node-b
	await has_line client '"event":"leave","hostname":"node-b",.*"reason":"goodbye"'
	[ "$(on node-a curl -sS http://127.0.0.1:49001/api/v1/hosts)" = '[]' ]
}
