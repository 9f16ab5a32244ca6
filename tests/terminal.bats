#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What people see, in a real terminal (tmux): widths, colours, a picture drawn in place, Ctrl-C.

load helper

add() { peer "$ROLLCALL_PIN_DIR" add "$@"; }

# a server of the test's own, which is a process like any other
setup_more() {
	export TMUX_TMPDIR=$T LC_ALL=C.UTF-8 SHELL=/bin/sh
	unset TMUX
	start tmux tmux -L "$ID" -f /dev/null -D
	await tmux_here list-sessions
}

tmux_here() { tmux -L "$ID" "$@"; }

# terminal COLUMNS ROWS CMD: a terminal in which the shell runs CMD, and which stays when it has ended
terminal() {
	tmux_here new-session -d -x "$1" -y "$2" "trap : INT; $3; echo \"ended \$?\"; exec cat"
	WINDOW=$(tmux_here list-windows -F '#{window_id}')
}

resize() { tmux_here resize-window -t "$WINDOW" -x "$1" -y "$2"; }
# what is on the screen, wrapped lines as the one that they are
screen() { tmux_here capture-pane -pJ | sed -e 's/ *$//' -e '/^$/d'; }
shows() { screen | grep -qE -- "$1"; }
widest() { screen | wc -L; }

a_table() {
	lan node-a node-b node-c
	attach_on node-a --expiry 10m
	IFINDEX=$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')
	add a-name-of-moderate-length 10.77.0.200 "$IFINDEX" 100s
	add node-z 10.77.0.1 "$IFINDEX" 500s
}

# header WIDTH: of 'rollcall peers' in a terminal that wide
header() {
	terminal "$1" 24 'rollcall peers'
	await shows '^ended 0$'
	[ "$(widest)" -le "$1" ]
	HEADER=$(screen | head -n 1 | xargs)
	[ "$(screen | wc -l)" -eq 4 ]
	tmux_here kill-session
}

@test "columns that do not fit the terminal are left out from the right, then lines are cut" {
	a_table
	header 80
	[ "$HEADER" = "HOSTNAME ADDRESS DEV AGE EXPIRES UP HEARD" ]
	header 76
	[ "$HEADER" = "HOSTNAME ADDRESS DEV AGE EXPIRES UP HEARD" ]
	header 75
	[ "$HEADER" = "HOSTNAME ADDRESS DEV AGE EXPIRES UP" ]
	header 60
	[ "$HEADER" = "HOSTNAME ADDRESS DEV AGE" ]
	header 30
	[ "$HEADER" = "HOSTNAME" ]
	header 12
	[ "$HEADER" = "HOSTNAME" ]
}

@test "flags stay on a narrow terminal" {
	a_table
	announce_from node-b --hostname twin
	await lists twin
	announce_from node-c --hostname twin
	await counted moved 1
	terminal 58 24 'rollcall peers'
	await shows '^ended 0$'
	shows '^HOSTNAME +ADDRESS +DEV$'
	shows '^twin +10\.77\.0\.3 +eth0  moved$'
}

@test "what goes to a file or a pipe from a terminal is whole" {
	a_table
	terminal 30 24 "rollcall peers --output $T/file; rollcall peers | tee $T/pipe >/dev/null"
	await shows '^ended 0$'
	grep -qE '^HOSTNAME .* HEARD$' "$T/file"
	grep -qE '^HOSTNAME .* HEARD$' "$T/pipe"
	run ! grep -q $'\e' "$T/file" "$T/pipe"
}

# colours [WORD...]: of 'rollcall peers' with these words before it, as the terminal keeps them
colours() {
	terminal 120 24 "env $* rollcall peers"
	await shows '^ended 0$'
	tmux_here capture-pane -pe >"$T/screen"
	tmux_here kill-session
}

@test "in a terminal the header is bold, a conflict red, a move and a missed call yellow" {
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

# live COLUMNS ROWS: 'rollcall attach' of node-a in such a terminal
live() {
	BEFORE=$(state_of node-a)
	terminal "$1" "$2" "nsenter --net=/run/netns/$ID-node-a --uts=$T/uts-node-a -- rollcall attach eth0 --expiry 10m"
	await has_loader
	PIDS[in-terminal]=$(rollcall status -j | jq '.interfaces[0].loader')
	await shows '^HOSTNAME '
}

has_loader() { [ "$(rollcall status -j | jq '.interfaces[0].loader')" -gt 0 ]; }

# one_picture: the screen begins with the header, and there is no other
one_picture() { [[ $(screen) = HOSTNAME* ]] && [ "$(screen | grep -c HOSTNAME)" -eq 1 ]; }

# fits COLUMNS: a whole picture, no line of it wrapped
fits() { one_picture && [ "$(widest)" -le "$1" ]; }

@test "the live picture follows the terminal when that is resized" {
	local name
	lan node-a node-b
	live 100 24
	name=$(printf 'n%.0s' {1..40})
	announce_from node-b --hostname "$name"
	announce_from node-b
	await shows "^$name +10\.77\.0\.2 +eth0 "
	await shows '^node-b +10\.77\.0\.2 +eth0 '
	for size in '60 24' '30 10' '120 30' '40 4' '100 24'; do
		resize $size
		await fits "${size% *}"
	done
	await shows '^HOSTNAME .* EXPIRY$'
	kill -0 "${PIDS[in-terminal]}"
}

@test "Ctrl-C ends the live picture cleanly" {
	lan node-a node-b
	live 80 24
	announce_from node-b
	await shows '^node-b '
	tmux_here send-keys C-c
	await shows '^ended 0$'
	unset 'PIDS[in-terminal]'
	# the last picture stays, and what comes next comes below it, not behind the ^C
	[ "$(screen | awk '{ print $1 }' | paste -sd' ')" = "HOSTNAME node-b ended" ]
	diff <(echo "$BEFORE") <(state_of node-a)
}

@test "of 500 peers the live picture shows as many as there are rows, and says how many more" {
	lan node-a
	live 80 24
	on node-a crowd eth0 500 0
	await shows '^\.\.\. and [0-9]+ more: '
	await shows '^node-1 '
	[ "$(screen | wc -l)" -eq 23 ]
	one_picture
	[ "$(($(screen | grep -c '^node-') + $(screen | sed -nE 's/^\.\.\. and ([0-9]+) more.*/\1/p')))" -eq 500 ]
	resize 80 40
	await shows '^node-36 '
	one_picture
	tmux_here send-keys C-c
	await shows '^ended 0$'
	unset 'PIDS[in-terminal]'
}
