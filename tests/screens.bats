#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The output of 'peers' and 'status' in a real terminal of 40, 80 and 200 columns. tests/top.bats tests 'top'.

load helper
load terminal

WIDTHS=(40 80 200)

# five_hosts: make five hosts with two interfaces each, and a name that two hosts announce
five_hosts() {
	local host number
	lan node-a node-b
	second_lan node-a node-b
	start loader on node-a rollcall attach eth0 eth1 --expiry 10m
	await is_loader_of 1 loader
	for number in 1 2 3 4 5; do
		for host in 0 1; do
			peer "$ROLLCALL_PIN_DIR" add "host$number" "10.7$((7 + host)).0.5$number" "$(index_of "eth$host")"
		done
	done
}
index_of() { ip -n "$ID-node-a" -j link show "$1" | jq '.[0].ifindex'; }

# in_terminal COLUMNS CMD: run CMD in a terminal of that width; the screen is in $SCREEN
in_terminal() {
	terminal "$1" 30 "$2"
	await shows '^ended [0-9]+$'
	SCREEN=$(screen | sed '/^ended /d')
	tmux_here kill-window -t "$WINDOW"
	echo "$1 columns:"
	echo "$SCREEN"
	[ "$(wc -L <<<"$SCREEN")" -le "$1" ]
}

@test "peers has one line per host, the name and address in every width, and the number of hosts" {
	local columns
	five_hosts
	for columns in "${WIDTHS[@]}"; do
		in_terminal "$columns" 'rollcall peers'
		[ "$(grep -cE '^host[1-5] +10\.77\.0\.5[1-5] \+1( |$)' <<<"$SCREEN")" = 5 ]
		[ "$(tail -n 1 <<<"$SCREEN")" = '5 hosts' ]
	done
	in_terminal 200 'rollcall peers -a'
	[ "$(grep -c '^host' <<<"$SCREEN")" = 10 ]
	[ "$(tail -n 1 <<<"$SCREEN")" = '10 entries' ]
	[ "$(rollcall peers -c)" = 5 ]
	[ "$(rollcall status -j | jq -c '[.hosts, .entries]')" = '[5,10]' ]
	rollcall wait --count 5 --timeout 0
	rollcall metrics | grep -qx 'rollcall_hosts 5'
}

@test "an empty table is a header and '0 hosts'" {
	lan node-a
	attach_on node-a
	in_terminal 80 'rollcall peers'
	[ "$(wc -l <<<"$SCREEN")" = 2 ]
	[[ $SCREEN = HOSTNAME*'0 hosts' ]]
}

@test "a conflict is in the column NOTE in every width" {
	local columns
	lan node-a node-b node-c
	attach_on node-a
	announce_from node-b --hostname twin
	announce_from node-c --hostname twin
	announce_from node-b --hostname twin
	await counted moved 2
	for columns in "${WIDTHS[@]}"; do
		in_terminal "$columns" 'rollcall peers'
		grep -qE '^twin +10\.77\.0\.2 .*conflict$' <<<"$SCREEN"
	done
}

@test "status fits every width, and begins with what is right or wrong" {
	local columns
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	for columns in 80 200; do
		in_terminal "$columns" "nsenter --net=/run/netns/$ID-node-a rollcall status"
		grep -q '^eth0: receiving' <<<"$SCREEN"
	done
}

@test "a name of 64 bytes leaves room for the other columns" {
	local long
	long=$(printf 'x%.0s' {1..64})
	lan node-a node-b
	attach_on node-a
	announce_from node-b --hostname "$long"
	await lists "$long"
	in_terminal 40 'rollcall peers'
	grep -qE '^x+\.\.\. +10\.77\.0\.2$' <<<"$SCREEN"
	in_terminal 80 'rollcall peers'
	grep -qE '^HOSTNAME +ADDRESS +INTERFACE' <<<"$SCREEN"
	grep -qE '^x+\.\.\. +10\.77\.0\.2 +eth0' <<<"$SCREEN"
	rollcall peers | grep -q "^$long "
}
