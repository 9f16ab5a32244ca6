#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# `rollcall top` and its terminal: signals, suspension, errors, and terminals with few capabilities.

load helper
load terminal
load top

@test "an unprivileged user can run it" {
	a_table
	chmod o+x "$T/bpf" "$ROLLCALL_PIN_DIR"
	find "$ROLLCALL_PIN_DIR" -type f -exec chmod 644 {} +
	cat >"$T/as-nobody" <<-E
		mount -t tmpfs rollcall /mnt && mkdir /mnt/pins && mount --bind "$T/bpf" /mnt/pins &&
			install -m 755 "$(type -P rollcall)" /mnt/rollcall &&
			exec setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
				/mnt/rollcall top --pin-dir /mnt/pins/rollcall
	E
	terminal 80 24 "nsenter --net=/run/netns/$ID-node-a -- unshare --mount sh $T/as-nobody"
	await named 'alpha beta gamma'
	keys q
	await shows '^ended 0$'
}

@test "an error while it runs restores the terminal, and is printed" {
	a_table
	top 80 24
	await named 'alpha beta gamma'
	# the table is replaced by one of another layout
	stop loader-node-a
	await shows 'not attached'
	mkdir -p "$ROLLCALL_PIN_DIR"
	bpftool map create "$ROLLCALL_PIN_DIR/settings" type array key 4 value 8 entries 1 name other
	await shows '^ended 1$'
	is_restored
	shows '^rollcall: .*settings'
	rm "$ROLLCALL_PIN_DIR/settings"
}

@test "Ctrl-C, SIGTERM, SIGHUP and SIGQUIT restore the terminal" {
	local signal
	a_table
	for signal in INT TERM HUP QUIT C-c; do
		top 80 24
		await named 'alpha beta gamma'
		case $signal in
		C-*) keys "$signal" ;;
		*) kill "-$signal" "$(pid_of_top)" ;;
		esac
		await shows '^ended 0$'
		is_restored
		tmux_here kill-session
	done
}

@test "Ctrl-Z suspends it and restores the terminal, fg shows it again, bg does not change the terminal" {
	a_table
	tmux_here new-session -d -x 80 -y 24 "PS1='prompt> ' exec bash --norc --noprofile -i"
	WINDOW=$(tmux_here list-windows -F '#{window_id}')
	await shows '^prompt>'
	keys "nsenter --net=/run/netns/$ID-node-a -- rollcall top" Enter
	await named 'alpha beta gamma'
	keys Down
	await selected beta
	keys C-z
	await shows 'Stopped'
	shows_not '^HOSTNAME'
	keys 'echo $((6 * 7))' Enter
	await shows '^42$'
	resize 60 20
	keys fg Enter
	await named 'alpha beta gamma'
	fits 60
	keys Down
	await selected gamma
	keys C-z
	await shows 'Stopped'
	keys bg Enter
	await shows '\[1\]\+ .*&$'
	keys 'echo $((6 * 8))' Enter
	await shows '^48$'
	shows_not '^HOSTNAME'
	keys fg Enter
	await named 'alpha beta gamma'
	keys q
	await shows_not '^HOSTNAME'
	shows '^48$'
}

@test "SIGSTOP and SIGCONT: the screen is drawn again" {
	a_table
	top 80 24
	await named 'alpha beta gamma'
	kill -STOP "$(pid_of_top)"
	stty -F "$(tmux_here display-message -p '#{pane_tty}')" sane
	kill -CONT "$(pid_of_top)"
	keys Down
	await selected beta
	keys q
	await shows '^ended 0$'
	is_restored
}

@test "a terminal that is suspended by Ctrl-S delays nothing, and is right when it goes on" {
	a_table
	top 80 24
	await named 'alpha beta gamma'
	keys C-s
	announce_from node-b
	await lists node-b
	keys C-q
	await shows '^node-b '
	keys C-s
	kill -TERM "$(pid_of_top)"
	keys C-q
	await shows '^ended 0$'
	is_restored
}

@test "without a terminal it is wrong usage, and without a usable TERM a failure, with one line each" {
	lan node-a
	attach_on node-a
	fails_with 2 "standard output is not a terminal: use 'rollcall peers' or 'rollcall watch'" rollcall top
	local term
	for term in '-u TERM' TERM= TERM=dumb TERM=no-such-terminal; do
		terminal 120 24 "env $term rollcall top"
		await shows '^ended 1$'
		shows "^rollcall: .*TERM .*\(use 'rollcall peers' or 'rollcall watch'\)$"
		[ "$(screen | wc -l)" -eq 2 ]
		tmux_here kill-session
	done
	terminal 120 24 "rollcall top </dev/null"
	await shows '^ended 2$'
	shows '^rollcall: standard input is not a terminal'
	tmux_here kill-session
	terminal 120 24 "rollcall top --pin-dir /nosuch"
	await shows '^ended 1$'
	shows "^rollcall: no table in '/nosuch'"
}

@test "NO_COLOR: no colour, and the rest is the same" {
	a_table
	announce_from node-b --hostname twin
	announce_from node-c --hostname twin
	await counted moved 1
	terminal 80 24 "NO_COLOR=1 nsenter --net=/run/netns/$ID-node-a -- rollcall top"
	await shows '^twin .* moved$'
	run ! grep -E $'\e\\[[0-9;]*3[0-7]' <(tmux_here capture-pane -pe)
	tmux_here kill-session
	top 80 24
	await shows '^twin .* moved$'
	tmux_here capture-pane -pe | grep -qE $'\e\\[[0-9;]*33m'
}

@test "in a locale without UTF-8 the bar is ASCII" {
	a_table
	export LC_ALL=C
	terminal 80 24 "LC_ALL=C nsenter --net=/run/netns/$ID-node-a -- rollcall top"
	await shows '^beta .* ######+ '
}
