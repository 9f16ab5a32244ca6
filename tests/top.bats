#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The interactive view, in a real terminal (tmux): `rollcall top`, and what attach shows.

load helper
load terminal

add() { peer "$ROLLCALL_PIN_DIR" add "$@"; }

# a_table: three hosts on node-a, which nothing removes during a test
a_table() {
	lan node-a node-b node-c
	attach_on node-a --expiry 10m
	IFINDEX=$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')
	add alpha 10.77.0.11 "$IFINDEX" 300s
	add beta 10.77.0.12 "$IFINDEX" 200s
	add gamma 10.77.0.3 "$IFINDEX" 100s
}

# top COLUMNS ROWS [WORD...]: 'rollcall top' in such a terminal, in the namespace of node-a
top() {
	terminal "$1" "$2" "nsenter --net=/run/netns/$ID-node-a -- rollcall top ${*:3}"
	await shows '^[0-9]+ hosts?'
}

# names: the first column of the rows
names() { screen | sed -n '/^HOSTNAME/,$p' | sed -e 1d -e '/^q quit/d' -e '/^rollcall: /d' | awk '{ print $1 }' | paste -sd' '; }
named() { [ "$(names)" = "$1" ]; }
selected() { tmux_here capture-pane -pe | grep -qE $'\e\\[7m'"$1"; }

@test "rollcall top lists the hosts, and q ends it and restores the screen" {
	a_table
	top 80 24
	await named 'alpha beta gamma'
	screen
	shows '^3 hosts  0 conflicts  last minute: 0 joined, 0 left  eth0 '
	shows '^HOSTNAME  ADDRESS     INTERFACE     AGE  EXPIRES'
	shows '^q quit'
	keys q
	await shows '^ended 0$'
	[ "$(screen)" = 'ended 0' ]
	[ "$(tmux_here display-message -p '#{alternate_on} #{cursor_flag}')" = '0 1' ]
}
