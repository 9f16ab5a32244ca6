# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for the suites of `rollcall top`; they also load terminal.bash.

add() { peer "$ROLLCALL_PIN_DIR" add "$@"; }

# a_table [OPTION...]: a table on node-a with three hosts that do not expire during a test
a_table() {
	lan node-a node-b node-c
	attach_on node-a --expiry 10m "$@"
	IFINDEX=$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')
	add alpha 10.77.0.11 "$IFINDEX" 300s
	add beta 10.77.0.12 "$IFINDEX" 200s
	add gamma 10.77.0.3 "$IFINDEX" 100s
}

# top COLUMNS ROWS [WORD...]: run 'rollcall top' in a terminal of that size, in the namespace of node-a
top() {
	terminal "$1" "$2" "nsenter --net=/run/netns/$ID-node-a -- rollcall top ${*:3}"
	await shows '^[0-9]+ hosts?'
}

# names: print the first column of the rows
names() {
	screen | sed -n '/^HOSTNAME/,$p' | sed -E '1d; /^(q (quit|stop)|filter:|rollcall:)/d' | awk '{ print $1 }' | paste -sd' '
}
named() { [ "$(names)" = "$1" ]; }
header_is() { [ "$(screen | grep '^HOSTNAME' | xargs)" = "$1" ]; }
# selected NAME: the row of NAME is in reverse video
selected() { tmux_here capture-pane -pe | grep -qE $'^(\e\\[[0-9;]*m)*\e\\[[0-9;]*7m(\e\\[[0-9;]*m)*'"$1 "; }
# is_restored: the terminal has its cursor and its modes again, and shows nothing of the view
is_restored() {
	[ "$(tmux_here display-message -p '#{alternate_on} #{cursor_flag} #{keypad_flag}')" = '0 1 0' ] &&
		stty -F "$(tmux_here display-message -p '#{pane_tty}')" -a | grep -qE '(^| )icanon .*(^| )echo ' && shows_not HOSTNAME
}
pid_of_top() { tmux_here list-panes -F '#{pane_pid}' | xargs pgrep -P | xargs ps -o pid=,comm= | awk '$2 == "rollcall" { print $1 }'; }

# fits COLUMNS: the screen has one header and the keys, and no line is wider
fits() { [ "$(screen | grep -c '^HOSTNAME')" = 1 ] && [ "$(widest)" -le "$1" ] && shows '^q quit'; }
