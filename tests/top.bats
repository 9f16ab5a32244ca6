#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# `rollcall top`: its output and its keys, in a real terminal (tmux). tests/terminal.bats tests the view of attach.

load helper
load terminal
load top

@test "rollcall top lists the hosts, and q ends it and restores the terminal" {
	a_table
	top 80 24
	await named 'alpha beta gamma'
	shows '^3 hosts  0 conflicts  last minute: 0 joined, 0 left  eth0 '
	header_is 'HOSTNAME ADDRESS INTERFACE AGE EXPIRES SINCE RECEIVED'
	shows '^beta +10\.77\.0\.12 +eth0 +3m[0-9]+s +6m[0-9]+s █+.? +3m[0-9]+s +1$'
	shows '^q quit'
	keys q
	await shows '^ended 0$'
	[ "$(screen)" = 'ended 0' ]
	is_restored
}

@test "40, 20 and 200 columns: name and address stay to the last, and no line is wider" {
	local name size
	a_table
	top 200 24
	await header_is 'HOSTNAME ADDRESS INTERFACE AGE EXPIRES SINCE RECEIVED NOTE'
	resize 40 24
	await header_is 'HOSTNAME ADDRESS INTERFACE AGE'
	await shows '^3 hosts  \+0 -0  eth0 '
	resize 20 24
	await header_is 'HOSTNAME ADDRESS'
	shows '^beta +10\.77\.0\.12'
	shows '^q quit'
	name=$(printf 'n%.0s' {1..60})
	announce_from node-b --hostname "$name"
	for size in 40 20 80 200; do
		resize "$size" 24
		await fits "$size"
	done
	await shows "^$name +10\.77\.0\.2 +eth0 "
}

# RECEIVED is left out first, because of the bar
has_header_of_peers() {
	[ "$(screen | grep '^HOSTNAME' | sed 's/ *RECEIVED//; s/ *NOTE//' | xargs)" = "$(cat "$T/header-$columns")" ]
}

@test "columns are left out in the order of peers" {
	local columns narrow='90 76 66 60 50 40'
	a_table
	for columns in $narrow; do
		terminal "$columns" 24 'rollcall peers'
		await shows '^3 hosts$'
		screen | head -n 1 | sed 's/ *NOTE//; s/ *RECEIVED//' | xargs >"$T/header-$columns"
		tmux_here kill-session
	done
	top 100 24
	for columns in $narrow; do
		resize "$columns" 24
		await has_header_of_peers
		fits "$columns"
	done
}

@test "one to five rows: the hosts stay to the last but one" {
	local rows
	a_table
	top 60 24
	for rows in 1 2 3 4 5 24; do
		resize 60 "$rows"
		await shows '^3 hosts'
		lines() { [ "$(screen | wc -l)" -eq "$1" ]; }
		((rows == 24)) || await lines "$rows"
		((rows == 1)) || shows '^alpha '
		((rows < 5)) || shows '^HOSTNAME '
	done
	await named 'alpha beta gamma'
}

@test "arrows, pages, Home and End, and j and k select a host" {
	local i
	a_table
	for i in {01..30}; do add "host-$i" 10.77.0.$((100 + 10#$i)) "$IFINDEX"; done
	top 80 14
	await selected alpha
	keys Down
	await selected beta
	keys j
	await selected gamma
	keys k
	await selected beta
	keys Up
	await selected alpha
	keys Up
	keys End
	await selected host-30
	shows_not '^alpha'
	keys Home
	await selected alpha
	keys PageDown
	await selected host-09
	keys PageUp
	await selected alpha
	keys G
	await selected host-30
	keys g
	await selected alpha
}

@test "the selected host stays selected when others join, and the first row stays the first row" {
	a_table
	top 80 24
	await selected alpha
	announce_from node-b --hostname aaa
	await named 'aaa alpha beta gamma'
	selected aaa
	keys Down Down
	await selected beta
	announce_from node-c --hostname aab
	await named 'aaa aab alpha beta gamma'
	selected beta
}

@test "hosts are sorted by each column, and reversed" {
	local key order column
	a_table
	add beta 10.77.0.2 "$((IFINDEX + 1))" 50s
	top 120 24
	await named 'alpha beta gamma'
	while read -r key column order; do
		keys "$key"
		await shows "sort: $column( |$)"
		named "$order"
		keys r
		await shows "sort: $column, reversed"
		keys r
		await shows "sort: $column( |$)"
	done <<-E
		2 address gamma alpha beta
		4 age beta gamma alpha
		5 expires alpha gamma beta
		6 since alpha beta gamma
		7 received beta alpha gamma
		8 note alpha beta gamma
	E
	keys 1
	await shows 'sort: hostname'
	keys '>'
	await shows 'sort: address'
	keys '<'
	await shows 'sort: hostname'
	keys '<'
	await shows 'sort: note'
	keys 4 4
	await named 'alpha gamma beta'
}

@test "--sort and --reverse, --all, --interface, -4, -6 and patterns" {
	a_table
	add beta fd00::12 "$IFINDEX" 200s
	add delta 10.77.0.50 99 100s
	top 120 24 --sort age --reverse
	await named 'alpha beta gamma delta'
	shows 'sort: age, reversed'
	tmux_here kill-session
	top 120 24 -a beta
	await named 'beta beta'
	shows '^1 host '
	tmux_here kill-session
	top 120 24 -6
	await named beta
	shows '^beta +fd00::12 '
	tmux_here kill-session
	top 120 24 -i eth0 '"al*"' 10.77.0.50 10.77.0.3
	await named 'alpha gamma'
}

@test "a sorted table is sorted again as announcements come" {
	a_table
	announce_from node-b --hostname one
	announce_from node-c --hostname two
	peer "$ROLLCALL_PIN_DIR" age one 30s
	peer "$ROLLCALL_PIN_DIR" age two 60s
	top 80 24 -s age
	await named 'one two gamma beta alpha'
	announce_from node-c --hostname two
	await named 'two one gamma beta alpha'
}

@test "the filter is applied as it is typed, to names and addresses" {
	a_table
	top 80 24
	await named 'alpha beta gamma'
	keys /
	await shows '^filter:'
	types a
	types m
	await named gamma
	shows '^filter: am$'
	shows '^3 hosts'
	keys BSpace
	await named 'alpha beta gamma'
	keys C-u
	types '.0.1'
	await named 'alpha beta'
	keys Enter
	await shows '^q quit  / filter: \.0\.1'
	keys Down
	await selected beta
	keys Escape
	await named 'alpha beta gamma'
	selected beta
	types /ET
	await named beta
	keys C-u
	types '*a'
	await named 'alpha beta gamma'
	types q # a normal character in the prompt
	await shows 'No host matches'
	keys Escape
	await named 'alpha beta gamma'
}

@test "a toggles one line per host and one per entry" {
	a_table
	add beta fd00::12 "$IFINDEX" 150s
	top 80 24
	await named 'alpha beta gamma'
	shows '^beta +10\.77\.0\.12 \+1 '
	keys a
	await named 'alpha beta beta gamma'
	shows '^beta +fd00::12 '
	shows '^3 hosts'
	keys a
	await named 'alpha beta gamma'
}

@test "Enter shows the details of a host, and the times between its announcements" {
	a_table
	start announcer on node-b rollcall announce eth0 --interval 500ms
	top 80 30
	await shows '^node-b +10\.77\.0\.2 \+1 '
	keys End
	await selected node-b
	keys Enter
	await shows '^10\.77\.0\.2 on eth0$'
	shows '^fe80::.*%eth0 on eth0$'
	shows "^  MAC address +$(ip -n "$ID-node-b" -j link show eth0 | jq -r '.[0].address')$"
	shows '^  first received +[0-9T:-]+Z, [0-9]+s ago$'
	shows '^  last received +[0-9T:-]+Z, [0-9]+s ago$'
	shows '^  received +[0-9]+$'
	shows '^  state +here, expires in (10m00s|9m59s)$'
	await shows '^  intervals +▁+ last: [01]s$'
	keys Escape
	await shows '^HOSTNAME'
	selected node-b
	keys Enter
	await shows '^10\.77\.0\.2 on eth0$'
	resize 40 10
	await shows '^10\.77\.0\.2 on eth0$'
	keys End
	await shows 'the full height is the expiry'
	keys Home
	await shows '^node-b$'
	keys q
	await shows '^ended 0$'
}

@test "a host that sent a goodbye is shown with that reason at once" {
	a_table
	announce_from node-b
	await lists node-b
	top 120 12
	await shows '^node-b +10\.77\.0\.2 '
	on node-b datagram eth0 10.77.0.2 "$(seal --goodbye 10.77.0.2 node-b)"
	await shows '^node-b +10\.77\.0\.2 +eth0 .* left: goodbye$'
	shows '^3 hosts  0 conflicts  last minute: [0-9] joined, 1 left'
	announce_from node-b
	await shows '^4 hosts '
	shows_not 'left: '
}

@test "a host that left is shown with the reason, and not counted" {
	a_table
	top 100 24
	await named 'alpha beta gamma'
	peer "$ROLLCALL_PIN_DIR" age alpha 310s
	await shows '^alpha +10\.77\.0\.11 +eth0 .* left: expired$'
	shows '^2 hosts  0 conflicts  last minute: 0 joined, 1 left'
	tmux_here capture-pane -pe | grep -E $'\e\\[[0-9;]*2[;m].*alpha'
	peer "$ROLLCALL_PIN_DIR" remove gamma
	await shows '^gamma .* left: removed$'
	shows '^1 host '
	add beta fd00::12 "$IFINDEX"
	announce_from node-b --hostname alpha
	await shows '^alpha +10\.77\.0\.2 .*[0-9]$'
	await shows 'last minute: 1 joined, 1 left'
	keys End Enter
	await shows '^  state +left [0-9]+s ago: removed$'
}

@test "a conflict is counted, and shown with the other address" {
	a_table
	top 100 24
	announce_from node-b --hostname twin
	await shows '^twin '
	announce_from node-c --hostname twin
	await shows '^twin .* moved$'
	announce_from node-b --hostname twin
	await shows '^twin .* conflict$'
	await shows '^4 hosts  1 conflict '
	keys End Enter
	await shows '^  note +conflict: also announced by 10\.77\.0\.3$'
}

@test "the state of each interface is in the summary, and how many do not fit" {
	a_table
	announce_from node-b
	top 100 24
	await shows ' eth0 receiving$'
	ip -n "$ID-node-a" link set eth0 down
	await shows ' eth0 blocked$'
	ip -n "$ID-node-a" link set eth0 up
	resize 40 24
	await shows '^4 hosts  \+1 -0  eth0 [a-z]+$'
	resize 24 24
	await shows '^4 hosts  \+1 -0  \+1 more$'
}

@test "a hostname of other bytes does nothing to the terminal" {
	a_table
	add $'aa\e[2Jx' 10.77.0.66 "$IFINDEX"
	top 80 24
	await named 'aa??2Jx alpha beta gamma'
	keys Enter
	await shows '^aa\?\?2Jx$'
	shows '^10\.77\.0\.66 on eth0$'
}

@test "an empty table has a hint" {
	lan node-a
	attach_on node-a
	top 80 24
	await shows '^No announcement received yet'
	shows '^ +rollcall announce$'
	shows '^ +rollcall attach IFACE --announce$'
	widest_is_at_most() { [ "$(widest)" -le "$1" ]; }
	resize 40 24
	await widest_is_at_most 40
	shows 'rollcall attach IFACE --announce$'
	tmux_here kill-session
	terminal 200 24 "rollcall top --pin-dir $ROLLCALL_PIN_DIR"
	await shows "^ +rollcall attach IFACE --announce --pin-dir $ROLLCALL_PIN_DIR$"
	stop loader-node-a
	await shows "^ +rollcall attach IFACE --pin-dir $ROLLCALL_PIN_DIR$"
}

@test "a table that is removed and made again is followed" {
	a_table
	top 200 24
	await named 'alpha beta gamma'
	stop loader-node-a
	await shows '^alpha .* left: detached$'
	shows '^0 hosts .* not attached$'
	await shows "^rollcall: table in .* removed"
	attach_on node-a --expiry 10m
	announce_from node-b
	await shows '^node-b +10\.77\.0\.2 .*[0-9]$'
	shows '^1 host '
	keys q
	await shows '^ended 0$'
	shows "^rollcall: table in .* removed"
	shows "^rollcall: table in .* created"
}

@test "? lists the keys" {
	lan node-a
	attach_on node-a
	top 80 24
	keys '?'
	await shows '^PgUp PgDn +move by a page$'
	shows '^Esc back'
	keys '?'
	await shows 'No announcement received yet'
}
