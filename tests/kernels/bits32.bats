#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# On a 32-bit kernel, where a store of 8 bytes is made in two steps, attach is rejected. `make test-arch` runs this.

load ../helper

@test "on a 32-bit kernel attach is rejected in every mode, with the reason, and leaves nothing behind" {
	local mode before
	lan node-a
	before=$(state_of node-a)
	for mode in auto native generic tc tcx clsact; do
		fails_with 1 "^rollcall: attach requires a 64-bit kernel, this is one for $(uname -m): it does not store 8 bytes in one step$" \
			on node-a timeout "$AWAIT_SECONDS" rollcall attach eth0 --mode "$mode"
		diff <(echo "$before") <(state_of node-a)
	done
	[ ! -e /run/rollcall ]
}

@test "on a 32-bit kernel readers find no table" {
	local command
	for command in peers status 'get node-b'; do
		fails_with 1 "^rollcall: no table in " rollcall $command
	done
}

@test "on a 32-bit kernel rollcall-announce announces, over both families" {
	lan node-a node-b
	start listener on node-b listener eth0
	await has_line listener listening
	on node-a rollcall-announce eth0 --count 1 --hostname small
	await has_line listener ': multitastic:small$'
}
