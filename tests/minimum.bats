#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Kernels older than the minimum: one clear message, and nothing is left behind. On a newer kernel the tests disable a
# feature that older kernels lack: lookup-and-delete on a hash (Linux 5.14).

load helper

LOOKUP_AND_DELETE=21 # in enum bpf_cmd
ENOTSUPP=524	     # the error of the kernel

setup_more() {
	lan node-a node-b
	TOO_OLD=()
	! kernel_has lookup_and_delete || TOO_OLD=(nobpf "$ENOTSUPP:$LOOKUP_AND_DELETE")
}

state_of() {
	on "$1" ip -d link show dev eth0 | without_time
	on "$1" ip maddr show dev eth0
	on "$1" tc qdisc show dev eth0
	find "$T/bpf" | sort
}

@test "on a kernel below the minimum attach reports that in one line, and leaves nothing behind" {
	local before mode release
	release=$(uname -r | sed 's/[.+]/\\&/g')
	before=$(state_of node-a)
	for mode in auto "${MODES[@]}"; do
		fails_with 1 "^rollcall: this kernel is too old: rollcall needs Linux 5.15 or newer, this is $release\$" \
			on node-a timeout "$AWAIT_SECONDS" "${TOO_OLD[@]}" rollcall attach eth0 --mode "$mode"
		diff <(echo "$before") <(state_of node-a)
	done
}

@test "on a kernel below the minimum -v reports what it lacks" {
	run on node-a timeout "$AWAIT_SECONDS" "${TOO_OLD[@]}" rollcall attach eth0 -v
	[ "$status" -eq 1 ]
	[[ $output = *"this kernel lacks "*"too old"* ]]
}

@test "on a kernel below the minimum readers find no table, as before an attach" {
	local command
	for command in peers status 'get node-b'; do
		fails_with 1 "^rollcall: no table in " "${TOO_OLD[@]}" rollcall $command
	done
}

@test "on a kernel below the minimum a host can announce itself all the same" {
	start listener on node-b listener eth0
	await has_line listener listening
	on node-a "${TOO_OLD[@]}" rollcall announce -4 eth0 --count 1
	await has_line listener ': multitastic:node-a$'
}
