#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The demo lists the hosts, and leaves nothing when it exits or is killed.

load helper

# machine: print all of the machine that the demo could change
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
	start demo "$TOP/scripts/demo" # the pin directory in the environment is ignored
	ends_with 0 demo
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	has_line demo ' join +node-c 10\.77\.0\.3 eth0 '
	has_line demo ' join +node-d 10\.77\.0\.4 eth0 '
	has_line demo ' leave +node-d 10\.77\.0\.4 eth0 goodbye$'
	has_line demo '^node-b +10\.77\.0\.2 \+1 +eth0 '
	has_line demo '^node-a +10\.77\.0\.1 \+1 +eth0 ' # an entry of the table of node-b
	has_line demo '^3 hosts  0 conflicts  last minute: '
	has_line demo '^node-d +[0-9TZ:-]+ +[0-9TZ:-]+ +[0-9]+s +goodbye +eth0 +10\.77\.0\.4$'
	has_line demo '^node-c +[0-9TZ:-]+ +- +[0-9]+s +here +eth0 +10\.77\.0\.3$'
	has_line demo 'http://127\.0\.0\.1:49001/$'
	has_line demo '^node-c$' # by HTTP
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
	# the first process of the demo's process namespace: when it ends, the kernel kills all others
	inside=$(pgrep -P "$(pgrep -P "${PIDS[demo]}")")
	kill -0 "$inside"
	kill -TERM "${PIDS[demo]}"
	ends_with 130 demo
	has_line demo '^interrupted; nothing is left behind$'
	await gone "$inside"
	# the demo had not finished
	run ! has_line demo ' leave '
	machine | diff "$T/before" -
}
