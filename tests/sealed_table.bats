#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Tables with keys: which announcements they record, what is counted, and their settings.

load helper
load sealed

# seen_by HOST: the hosts in the table of HOST
seen_by() { rollcall peers -f names --pin-dir "$T/bpf/$1" | paste -sd' '; }
sees() { [ "$(seen_by "$1")" = "$2" ]; }

@test "two hosts with the key see each other, over both families, and a third host without it does not appear" {
	local host
	lan node-a node-b node-c
	keyfile "$KEY1"
	start node-c on node-c rollcall attach eth0 --announce --interval 100ms --pin-dir "$T/bpf/node-c"
	for host in node-a node-b; do
		start "$host" on "$host" rollcall attach eth0 --key "$T/keys" --announce --interval 100ms --pin-dir "$T/bpf/$host"
	done
	await sees node-a node-b
	await sees node-b node-a
	await sees node-c 'node-a node-b'
	for host in node-a node-b; do
		ROLLCALL_PIN_DIR=$T/bpf/$host await unsealed_came
		[ "$(rollcall peers -j --pin-dir "$T/bpf/$host" | jq length)" = 2 ]
	done
	sees node-a node-b
	sees node-b node-a
}
unsealed_came() { [ "$(outcome unsealed)" -ge 4 ]; }

@test "a sealed table records what has a valid seal, and nothing else" {
	lan node-a node-b node-c
	attach_with_keys node-a
	announces node-b node-b
	await lists node-b
	announce_from node-c
	await counted unsealed 1
	announces node-c node-c --key "$KEY2"
	await counted unknown_key 1
	announces node-c node-c --key "${KEY2/2:/1:}"
	await counted bad_seal 1
	announces node-c node-c --sequence -11000
	await counted stale 1
	[ "$(peers)" = node-b ]
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq -e '.[0].formatted.value | .flags == 1 and .sequence > 0'
}

@test "a message with a wrong length, flag or seal field is counted as bad_message in every table" {
	local message good count=0
	lan node-a node-b
	attach_on node-a
	good=$(seal 10.77.0.2 node-b) # an announcement without a seal has the plain format
	for message in "$good" "${good:0:20}02${good:22}" "${good:0:56}" "${good:0:20}01${good:22:18}01${good:42}"; do
		send node-b "$message"
		await counted bad_message $((++count))
	done
	stop loader-node-a
	attach_with_keys node-a
	send node-b "$good"
	await counted bad_message 1
}

@test "a mixed table records announcements without a seal, but not of a name that has a sealed entry" {
	lan node-a node-b node-c
	attach_with_keys node-a --accept-unsealed
	announce_from node-c --hostname plain
	await lists plain
	announces node-b node-b
	await lists node-b
	announce_from node-c --hostname node-b
	await counted unsealed 1
	[ "$(peer_field node-b address)" = 10.77.0.2 ]
	# over the other family too, and while the tombstone is there
	on node-c rollcall announce -q -6 eth0 --count 1 --hostname node-b
	await counted unsealed 2
	send node-b "$(goodbye node-b node-b)"
	await counted left 1
	announce_from node-c --hostname node-b
	await counted unsealed 3
	[ "$(peers)" = plain ]
}

@test "a mixed table rejects an unknown key, a wrong seal and a wrong time, also where it records without a seal" {
	lan node-a node-b node-c
	attach_with_keys node-a --accept-unsealed
	announce_from node-b --hostname plain
	await lists plain
	announces node-b plain --key "$KEY2"
	await counted unknown_key 1
	announces node-b plain --key "${KEY2/2:/1:}"
	await counted bad_seal 1
	announces node-b plain --sequence -11000
	await counted stale 1
	send node-b "$(goodbye node-b plain --key "${KEY2/2:/1:}")"
	await counted bad_seal 2
	[ "$(peers)" = plain ]
	[ "$(entry plain announcements)" = 1 ]
	announces node-b plain
	await counted refreshed 1
	[ "$(entry plain flags)" = 1 ]
	# also of a name that has a sealed entry
	send node-c "$(sealed node-c plain --key "${KEY2/2:/1:}")" "$(sealed node-c plain --sequence +11000)"
	await counted bad_seal 3
	await counted stale 2
	[ "$(peer_field plain address)" = 10.77.0.2 ]
}

@test "in a mixed table a sealed announcement takes the entry of an unsealed one of the same name over" {
	lan node-a node-b node-c
	attach_with_keys node-a --accept-unsealed
	announce_from node-c --hostname node-b
	await lists node-b
	is_state_field unsealed 1
	announces node-b node-b
	await counted returned 1
	[ "$(peer_field node-b address)" = 10.77.0.2 ]
	is_state_field unsealed 0
}

@test "in a mixed table entries without a seal fill at most half of the places" {
	local number
	lan node-a node-b node-c
	attach_with_keys node-a --accept-unsealed --max-peers 4
	for number in 1 2 3; do announce_from node-c --hostname "plain-$number"; done
	await counted full 1
	[ "$(peers)" = 'plain-1 plain-2' ]
	for number in 1 2; do announces node-b "sealed-$number"; done
	await counted joined 4
	# an entry that the sweep removes makes room
	age plain-1 40s
	stop loader-node-a HUP
	attach_with_keys node-a --accept-unsealed --max-peers 4
	await is_state_field unsealed 1
	announce_from node-c --hostname plain-3
	await lists plain-3
}

@test "the sweep corrects the number of entries without a seal" {
	lan node-a node-b node-c
	attach_with_keys node-a --accept-unsealed --keep
	announce_from node-c
	announces node-b node-b
	await counted joined 2
	stop loader-node-a
	peer "$ROLLCALL_PIN_DIR" remove node-c
	peer "$ROLLCALL_PIN_DIR" remove node-b
	is_state_field unsealed 1
	attach_with_keys node-a --accept-unsealed
	await is_state_field unsealed 0
}

@test "an unsealed goodbye removes nothing in a sealed table, and with --ignore-goodbye in no table" {
	lan node-a node-b
	attach_with_keys node-a
	announces node-b node-b
	await lists node-b
	send node-b "$(seal --goodbye 10.77.0.2 node-b)"
	await counted unsealed 1
	lists node-b
	stop loader-node-a
	attach_on node-a --ignore-goodbye
	announce_from node-b
	await lists node-b
	send node-b "$(seal --goodbye 10.77.0.2 node-b)"
	await counted goodbye_ignored 1
	lists node-b
}

@test "a host that has left is not listed, keeps its place for one expiry, and is then removed" {
	lan node-a node-b
	attach_with_keys node-a
	announces node-b node-b
	await has_line loader-node-a ' join +node-b '
	send node-b "$(goodbye node-b node-b)"
	await has_line loader-node-a ' leave +node-b .*goodbye'
	lists_not node-b
	has_entry node-b
	stop loader-node-a HUP
	age node-b 30s
	attach_with_keys node-a
	has_entry node-b
	stop loader-node-a HUP
	age node-b 10s
	attach_with_keys node-a
	await has_no_entry node-b
	# it is not reported again
	run ! has_line loader-node-a ' leave '
}

@test "another sealing, skew or treatment of goodbyes requires --replace" {
	local remedy='\(--replace recreates the table, another --pin-dir has a second one\)'
	lan node-a
	attach_with_keys node-a --keep
	stop loader-node-a
	fails_with 1 "the table in '.*' is sealed, not mixed $remedy" on node-a rollcall attach eth0 --key "$T/keys" --accept-unsealed
	fails_with 1 "the table in '.*' has --max-skew 10s, not 5s $remedy" on node-a rollcall attach eth0 --key "$T/keys" --max-skew 5s
	fails_with 1 "the table in '.*' was made without --ignore-goodbye $remedy" on node-a rollcall attach eth0 --ignore-goodbye
	attach_with_keys node-a --replace --accept-unsealed --max-skew 5s --ignore-goodbye --keep
	stop loader-node-a
	fails_with 1 "the table in '.*' is mixed, not sealed $remedy" on node-a rollcall attach eth0 --key "$T/keys"
	on node-a rollcall detach --all
	attach_on node-a --keep
	stop loader-node-a
	fails_with 1 "the table in '.*' is plain, not sealed $remedy" on node-a rollcall attach eth0 --key "$T/keys"
}

@test "an attach without --key may join a sealed table, and leaves its keys as they are" {
	lan node-a node-b
	second_lan node-a
	attach_with_keys node-a
	start second on node-a rollcall attach eth1
	await is_loader_of 1 second
	[ "$(key_ids)" = 1 ]
	has_line second 'requires seals, and its keys stay as they are .--key FILE sets them.$'
	stop loader-node-a
	[ "$(key_ids)" = 1 ]
}

@test "options about keys that have no effect are wrong usage" {
	fails_with 2 "--accept-unsealed requires --key" rollcall attach eth0 --accept-unsealed
	fails_with 2 "--max-skew requires --key" rollcall attach eth0 --max-skew 5s
	fails_with 2 "--max-skew: '18s' is more than half of --expiry: at most 17500ms" rollcall attach eth0 --key x --max-skew 18s
	fails_with 2 "--max-skew: '3s' is more than half of --expiry: at most 2s" rollcall attach eth0 --max-skew 3s --key x --expiry 4s
	fails_with 2 "--max-skew: '1ms' is not a duration in 100ms..84h, such as 10s" rollcall attach eth0 --key x --max-skew 1ms
}

@test "the maximum skew is 10s, or half of the expiry if that is less" {
	lan node-a
	attach_with_keys node-a
	[ "$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/settings" | jq '.[0].formatted.value.max_skew_ns')" = 10000000000 ]
	stop loader-node-a
	attach_with_keys node-a --expiry 4s
	[ "$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/settings" | jq '.[0].formatted.value.max_skew_ns')" = 2000000000 ]
}
