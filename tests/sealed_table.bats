#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Tables with keys: which announcements they record, what is counted, and their settings.

load helper
load sealed

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
