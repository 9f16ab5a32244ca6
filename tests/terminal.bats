#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Output in a real terminal (tmux): widths and colours of `peers`, and the view of `attach`. tests/top.bats tests the
# view itself.

load helper
load terminal

add() { peer "$ROLLCALL_PIN_DIR" add "$@"; }

a_table() {
	lan node-a node-b node-c
	attach_on node-a --expiry 10m
	IFINDEX=$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')
	add a-name-of-moderate-length 10.77.0.200 "$IFINDEX" 100s
	add node-z 10.77.0.1 "$IFINDEX" 500s
}

# header WIDTH: print the header of 'rollcall peers' in a terminal of that width
header() {
	terminal "$1" 24 'rollcall peers'
	await shows '^ended 0$'
	[ "$(widest)" -le "$1" ]
	HEADER=$(screen | head -n 1 | xargs)
	[ "$(screen | wc -l)" -eq 5 ]
	tmux_here kill-session
}

@test "columns that do not fit the terminal are left out in a fixed order, then names are shortened, then lines are cut" {
	a_table
	header 90
	[ "$HEADER" = "HOSTNAME ADDRESS INTERFACE AGE EXPIRES SINCE RECEIVED NOTE" ]
	header 84
	[ "$HEADER" = "HOSTNAME ADDRESS INTERFACE AGE EXPIRES SINCE RECEIVED" ]
	header 83
	[ "$HEADER" = "HOSTNAME ADDRESS INTERFACE AGE EXPIRES SINCE" ]
	header 73
	[ "$HEADER" = "HOSTNAME ADDRESS INTERFACE AGE SINCE" ]
	header 64
	[ "$HEADER" = "HOSTNAME ADDRESS INTERFACE AGE" ]
	header 56
	[ "$HEADER" = "HOSTNAME ADDRESS INTERFACE" ]
	header 40
	[ "$HEADER" = "HOSTNAME ADDRESS" ]
	header 30
	[ "$HEADER" = "HOSTNAME ADDRESS" ]
	header 12
	[ "$HEADER" = "HOSTNAME AD" ]
}

@test "notes stay on a narrow terminal" {
	a_table
	announce_from node-b --hostname twin
	await lists twin
	announce_from node-c --hostname twin
	await counted moved 1
	terminal 58 24 'rollcall peers'
	await shows '^ended 0$'
	shows '^HOSTNAME +ADDRESS +INTERFACE +NOTE$'
	shows '^twin +10\.77\.0\.3 +eth0 +moved$'
}

@test "what goes to a file or a pipe from a terminal is whole" {
	a_table
	terminal 30 24 "rollcall peers --output $T/file; rollcall peers | tee $T/pipe >/dev/null"
	await shows '^ended 0$'
	grep -qE '^HOSTNAME .* NOTE$' "$T/file"
	grep -qE '^HOSTNAME .* NOTE$' "$T/pipe"
	run ! grep -q $'\e' "$T/file" "$T/pipe"
}

# colours [WORD...]: print the colours of 'rollcall peers', with variables WORD... in its environment
colours() {
	terminal 120 24 "env $* rollcall peers"
	await shows '^ended 0$'
	tmux_here capture-pane -pe >"$T/screen"
	tmux_here kill-session
}

@test "in a terminal the header is bold, a conflict red, a move and a missed announcement yellow" {
	a_table
	local name
	for name in twin walker; do
		announce_from node-b --hostname "$name"
		await lists "$name"
	done
	announce_from node-c --hostname twin
	announce_from node-b --hostname twin
	announce_from node-c --hostname walker
	await counted moved 3
	colours
	grep -qE $'^\e\\[1mHOSTNAME' "$T/screen"
	grep -qE $'twin .*\e\\[31mconflict' "$T/screen"
	grep -qE $'walker .*\e\\[33mmoved' "$T/screen"
	grep -qE $'node-z .*\e\\[33m +8m[0-9]+s' "$T/screen"
	run ! grep -q $'a-name.*\e' "$T/screen"
}

@test "NO_COLOR, a dumb terminal and one without a name get no colours" {
	local words
	a_table
	for words in NO_COLOR=1 NO_COLOR=0 TERM=dumb '-u TERM'; do
		colours $words
		grep -q '^HOSTNAME' "$T/screen"
		run ! grep -q $'\e' "$T/screen"
	done
	colours NO_COLOR=
	grep -q $'\e' "$T/screen"
}

# live COLUMNS ROWS [WORD...]: run 'rollcall attach' of node-a in a terminal of that size, with WORD... appended
live() {
	BEFORE=$(state_of node-a)
	terminal "$1" "$2" "nsenter --net=/run/netns/$ID-node-a --uts=$T/uts-node-a -- rollcall attach eth0 --expiry 10m ${*:3}"
	await has_loader
	PIDS[in-terminal]=$(rollcall status -j | jq '.interfaces[0].loader')
	await shows '^[0-9]+ hosts?  '
}

has_loader() { [ "$(rollcall status -j | jq '.interfaces[0].loader')" -gt 0 ]; }
# has_ended STATUS: the loader exited with STATUS; the terminal and the interface are restored
has_ended() {
	await shows "^ended $1$"
	unset 'PIDS[in-terminal]'
	is_restored
	diff <(echo "$BEFORE") <(state_of node-a)
}
is_restored() {
	[ "$(tmux_here display-message -p '#{alternate_on} #{cursor_flag}')" = '0 1' ] && shows_not HOSTNAME &&
		stty -F "$(tmux_here display-message -p '#{pane_tty}')" -a | grep -qE '(^| )icanon .*(^| )echo '
}
display_of() { pgrep -P "$1" -x rollcall-show; }

# fits COLUMNS: the view is complete, and no line is wrapped
fits() { [ "$(screen | grep -c '^HOSTNAME')" -eq 1 ] && [ "$(widest)" -le "$1" ] && shows '^q stop'; }

@test "attach shows the interactive view, which follows the terminal when that is resized" {
	local name
	lan node-a node-b
	live 100 24
	shows '^No announcement received yet'
	name=$(printf 'n%.0s' {1..40})
	announce_from node-b --hostname "$name"
	announce_from node-b
	await shows "^$name +10\.77\.0\.2 +eth0 "
	await shows '^node-b +10\.77\.0\.2 +eth0 '
	for size in '60 24' '30 10' '120 30' '40 6' '100 24'; do
		resize $size
		await fits "${size% *}"
	done
	kill -0 "${PIDS[in-terminal]}"
}

@test "Ctrl-C in the view of attach stops the loader cleanly, and so does q" {
	local key
	lan node-a node-b
	for key in C-c q; do
		live 80 24
		announce_from node-b
		await shows '^node-b '
		keys "$key"
		has_ended 0
		[ "$(screen | sed 's/^rollcall: eth0: attached .*/attached/')" = $'attached\nended 0' ]
		tmux_here kill-session
	done
}

@test "with --keep, q leaves filter and table" {
	lan node-a node-b
	live 80 24 --keep
	announce_from node-b
	await shows '^node-b '
	keys q
	await shows '^ended 0$'
	unset 'PIDS[in-terminal]'
	is_restored
	lists node-b
}

@test "detach ends the view of attach too" {
	lan node-a
	live 80 24
	on node-a rollcall detach eth0
	has_ended 0
}

@test "messages of the loader have a line of the view, and are printed when it ends" {
	lan node-a node-b
	live 100 10
	announce_from node-b --hostname node-a
	await shows '^rollcall: .*node-a'
	fits 100
	shows '^0 hosts'
	[ "$(screen | grep -c '^rollcall: ')" -eq 1 ]
	ip -n "$ID-node-a" link set eth0 name lan0
	ip -n "$ID-node-a" link set lan0 name eth0
	keys C-c
	has_ended 0
	shows '^rollcall: .*node-a'
}

@test "standard error that is a file has the messages at once, and the view shows them" {
	lan node-a node-b
	live 100 10 "2>$T/errors"
	announce_from node-b --hostname node-a
	await shows '^rollcall: .*node-a'
	grep -q '^rollcall: .*node-a' "$T/errors"
	keys q
	has_ended 0
	[ "$(screen)" = 'ended 0' ]
	[ "$(grep -c 'node-a' "$T/errors")" = 1 ]
}

@test "Ctrl-Z in the view of attach suspends the loader and restores the terminal, fg continues both" {
	lan node-a node-b
	BEFORE=$(state_of node-a)
	tmux_here new-session -d -x 80 -y 24 "PS1='prompt> ' exec bash --norc --noprofile -i"
	WINDOW=$(tmux_here list-windows -F '#{window_id}')
	await shows '^prompt>'
	keys "nsenter --net=/run/netns/$ID-node-a --uts=$T/uts-node-a -- rollcall attach eth0" Enter
	await has_loader
	PIDS[in-terminal]=$(rollcall status -j | jq '.interfaces[0].loader')
	await shows '^0 hosts'
	keys C-z
	await shows 'Stopped'
	shows_not '^0 hosts'
	keys 'echo $((6 * 7))' Enter
	await shows '^42$'
	# the filter still records
	announce_from node-b
	await lists node-b
	keys fg Enter
	await shows '^node-b '
	keys C-c
	await shows_not '^node-b '
	await ended in-terminal
	unset 'PIDS[in-terminal]'
	keys 'echo $((6 * 8))' Enter
	await shows '^48$'
	diff <(echo "$BEFORE") <(state_of node-a)
}

@test "in the background attach prints lines and does not change the terminal" {
	lan node-a node-b
	tmux_here new-session -d -x 120 -y 24 "PS1='prompt> ' exec bash --norc --noprofile -i"
	await shows '^prompt>'
	keys "nsenter --net=/run/netns/$ID-node-a --uts=$T/uts-node-a -- rollcall attach eth0 &" Enter
	await has_loader
	PIDS[in-terminal]=$(rollcall status -j | jq '.interfaces[0].loader')
	announce_from node-b
	await shows ' join +node-b '
	keys 'echo $((6 * 7))' Enter
	await shows '^42$'
	keys 'kill %1; wait' Enter
	await shows 'Done'
	unset 'PIDS[in-terminal]'
}

@test "where TERM names no usable terminal, attach prints lines" {
	lan node-a node-b
	BEFORE=$(state_of node-a)
	terminal 120 24 "TERM=dumb nsenter --net=/run/netns/$ID-node-a --uts=$T/uts-node-a -- rollcall attach eth0"
	await has_loader
	PIDS[in-terminal]=$(rollcall status -j | jq '.interfaces[0].loader')
	announce_from node-b
	await shows ' join +node-b '
	keys C-c
	await shows '^ended 0$'
	unset 'PIDS[in-terminal]'
	diff <(echo "$BEFORE") <(state_of node-a)
}

@test "the terminal is restored when the loader is killed, and the loader goes on when its display is" {
	lan node-a node-b
	live 80 24
	announce_from node-b
	await shows '^node-b '
	kill -KILL "${PIDS[in-terminal]}"
	await is_restored # output of the shell before this is lost with the screen of the view
	tmux_here kill-session
	live 80 24
	kill -KILL "$(display_of "${PIDS[in-terminal]}")"
	has_loader
	announce_from node-b --hostname later
	await lists later
	kill "${PIDS[in-terminal]}"
	await shows 'ended 0$'
	unset 'PIDS[in-terminal]'
}

@test "a terminal that goes away does not stop a loader that ignores SIGHUP" {
	lan node-a node-b
	terminal 80 24 "trap '' HUP; nsenter --net=/run/netns/$ID-node-a --uts=$T/uts-node-a -- rollcall attach eth0 --expiry 10m 2>$T/errors"
	await has_loader
	PIDS[in-terminal]=$(rollcall status -j | jq '.interfaces[0].loader')
	await shows '^0 hosts'
	tmux_here kill-session
	said() { grep -q '^rollcall: cannot write to standard output: Input/output error: attach goes on without it$' "$T/errors"; }
	await said
	announce_from node-b
	await lists node-b
	kill "${PIDS[in-terminal]}"
	await ended in-terminal
	unset 'PIDS[in-terminal]'
}

@test "500 hosts: the view has as many as there are rows, and all of them can be reached" {
	lan node-a
	live 80 24
	on node-a crowd eth0 500 0
	await shows '^500 hosts'
	await shows '^node-1 '
	fits 80
	keys End
	await shows '^node-500 '
	resize 80 40
	await shows '^node-464 '
	fits 80
	keys C-c
	has_ended 0
}
