#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Output of `rollcall history` in a real terminal (tmux): no line is wider than the terminal.

load helper
load history
load terminal

LONG=a-name-of-sixty-four-characters.which-is-the-longest-that-exists

some_history() {
	DB=$T/db/history.db
	a_history <<-END
		node-b 4 eth0 0a4d0002 7200 3600 expired
		$1 4 eth0 0a4d0003 5000 4000 detached
	END
	recorder_runs
}

# header WIDTH [ARG...]: print the header of 'rollcall history' in a terminal of that width
header() {
	terminal "$1" 24 "rollcall history --db '$DB' ${*:2}"
	await shows '^ended 0$'
	[ "$(widest)" -le "$1" ] || { screen; return 1; }
	HEADER=$(screen | head -n 1 | xargs)
	screen >"$T/screen"
	[ "$(wc -l <"$T/screen")" -eq 4 ]
	tmux_here kill-session
}

@test "columns that do not fit are left out in a fixed order" {
	some_history node-c
	header 100
	[ "$HEADER" = 'HOSTNAME FROM UNTIL DURATION REASON INTERFACE ADDRESS' ]
	header 99
	[ "$HEADER" = 'HOSTNAME FROM UNTIL DURATION REASON ADDRESS' ]
	header 80
	[ "$HEADER" = 'HOSTNAME FROM UNTIL REASON ADDRESS' ]
	grep -qE '^node-b +[^ ]+Z +[^ ]+Z +expired +10\.77\.0\.2$' "$T/screen"
	header 78
	[ "$HEADER" = 'HOSTNAME FROM UNTIL REASON' ]
	header 61
	[ "$HEADER" = 'HOSTNAME FROM UNTIL' ]
	header 51
	[ "$HEADER" = 'HOSTNAME FROM' ]
	header 80 --last
	[ "$HEADER" = 'HOSTNAME LAST_SEEN AGO REASON INTERFACE ADDRESS' ]
	header 77 --last
	[ "$HEADER" = 'HOSTNAME LAST_SEEN AGO REASON ADDRESS' ]
}

@test "names that are too long are shortened, also in time lines" {
	local width
	some_history "$LONG"
	for width in 160 100 80 50 30; do
		header "$width"
		header "$width" --last
		header "$width" --timeline
	done
	header 80
	grep -qE '^a-name-of-[^ ]*\.\.\. ' "$T/screen"
	header 80 --timeline
	grep -qE '^a-name-of-[^ ]*\.\.\.  [^ ]{38}$' "$T/screen"
}

@test "what goes to a pipe or a file is whole" {
	some_history "$LONG"
	terminal 40 24 "rollcall history --db '$DB' | tee $T/pipe >/dev/null; rollcall history --db '$DB' >$T/file"
	await shows '^ended 0$'
	grep -qE "^$LONG .* detached +eth0 +10\\.77\\.0\\.3$" "$T/pipe"
	cmp "$T/pipe" "$T/file"
}
