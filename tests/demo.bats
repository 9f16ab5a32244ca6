#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The demo shows the main job, and leaves nothing, however it ends.

load helper

# what of the machine's own the demo could change, by the names that it uses
machine() {
	hostname
	ip -o link
	ip netns list | sed -nE '/^node-[abcd]/p'
	ls /sys/fs/bpf
	sed -nE '/ (bpf|tmpfs) /p' /proc/self/mounts
}

gone() { ! kill -0 "$1"; }

@test "the demo shows hosts that join and leave, by rollcall and by bpftool, and leaves nothing" {
	machine >"$T/before"
	start demo "$TOP/scripts/demo" # with a pin directory in the environment, which is not the demo's
	ends_with 0 demo
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	has_line demo ' join +node-c 10\.77\.0\.3 eth0 '
	has_line demo ' join +node-d 10\.77\.0\.4 eth0 '
	has_line demo ' leave +node-d 10\.77\.0\.4 eth0 expired$'
	has_line demo '^node-b +10\.77\.0\.2 \+1 +eth0 '
	has_line demo '^node-a +10\.77\.0\.1 \+1 +eth0 ' # in the table of node-b
	has_line demo '^3 hosts  0 conflicts  last minute: '
	has_line demo '"hostname": "node-b"'
	has_line demo "^  filter +mode $TC, loader "
	has_line demo '^  filter +mode native, loader '
	has_line demo '^eth0: receiving'
	machine | diff "$T/before" -
}

@test "the demo that is interrupted leaves nothing" {
	local inside
	machine >"$T/before"
	start demo "$TOP/scripts/demo"
	await has_line demo ' join +node-c '
	# init of the demo's own process namespace: with it everything in there ends
	inside=$(pgrep -P "$(pgrep -P "${PIDS[demo]}")")
	kill -0 "$inside"
	kill -TERM "${PIDS[demo]}"
	ends_with 130 demo
	has_line demo '^interrupted; nothing is left behind$'
	await gone "$inside"
	# and has not just come to its end
	run ! has_line demo ' leave '
	machine | diff "$T/before" -
}
