#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Hosts without rollcall: the lines of rollcall(8) that announce them, run as they are printed, against the filter.

load helper

setup_more() {
	lan node-a node-b
	ip -n "$ID-node-b" route add default via 10.77.0.1
	attach_on node-a
}

# shown FIRST: print the example of the section ONBOARDING whose first line begins with FIRST
shown() {
	MANWIDTH=200 mandoc -Tascii "$TOP/docs/rollcall.8" | sed 's/.\x08//g' | awk -v first="$1" '
		/^[A-Z]/ { inside = /^ONBOARDING/ }
		inside && index($0, first) { shown = 1; match($0, /^ */); indent = RLENGTH }
		shown && !NF { exit }
		shown { print substr($0, indent + 1) }'
}

received_twice() { [ "$(rollcall peers -j node-b | jq '.[0].announcements')" -ge 2 ]; }

# quick: make a folder with a short `sleep`, so that the second announcement of the loop follows soon
quick() {
	mkdir -p "$T/quick"
	printf '%s\n' '#!/bin/sh' 'exec /bin/sleep 0.2' >"$T/quick/sleep"
	chmod +x "$T/quick/sleep"
}

@test "bash announces a host by /dev/udp" {
	quick
	shown 'while :; do printf multitastic:%s "${HOSTNAME' >"$T/line"
	[ "$(wc -l <"$T/line")" = 1 ]
	start announcer on node-b env PATH="$T/quick:$PATH" bash "$T/line"
	await received_twice
}

@test "the shell of busybox announces a host by an nc that has -u" {
	shown 'while :; do printf multitastic:%s "$(hostname' >"$T/line"
	[ "$(wc -l <"$T/line")" = 1 ]
	# busybox sh prefers its applets to programs in PATH, but not to functions
	printf '%s() { %s; }\n' nc "$(type -P nc.openbsd nc | head -n 1) \"\$@\"" sleep "$(type -P sleep) 0.2" | cat - "$T/line" >"$T/script"
	start announcer on node-b "$(type -P busybox)" sh "$T/script"
	await received_twice
}

@test "Python announces a host by a socket" {
	shown 'import socket, time' >"$T/announce.py"
	[ "$(wc -l <"$T/announce.py")" = 6 ]
	sed -i 's/sleep(15)/sleep(0.2)/' "$T/announce.py"
	start announcer on node-b python3 "$T/announce.py"
	await received_twice
}
