# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# A real terminal (tmux) for suites that check what users see.

# each test has its own tmux server
setup_more() {
	export TMUX_TMPDIR=$T LC_ALL=C.UTF-8 SHELL=/bin/sh
	unset TMUX
	start tmux tmux -L "$ID" -f /dev/null -D
	await tmux_here list-sessions
}

tmux_here() { tmux -L "$ID" "$@"; }

# terminal COLUMNS ROWS CMD: open a terminal where a shell runs CMD; it stays open when CMD has exited
terminal() {
	tmux_here new-session -d -x "$1" -y "$2" "trap : INT; $3; echo \"ended \$?\"; exec cat"
	WINDOW=$(tmux_here list-windows -F '#{window_id}')
}

resize() { tmux_here resize-window -t "$WINDOW" -x "$1" -y "$2"; }
# screen: print the screen; a wrapped line is printed as one line
screen() { tmux_here capture-pane -pJ | sed -e 's/ *$//' -e '/^$/d'; }
shows() { screen | grep -qE -- "$1"; }
shows_not() { ! shows "$1"; }
widest() { screen | wc -L; }
keys() { tmux_here send-keys "$@"; }
types() { tmux_here send-keys -l "$1"; }

# await of helper.bash, which also prints the screen after a timeout
eval "$(declare -f await | sed '1s/await/await_only/')"
await() {
	await_only "$@" || {
		echo "the screen was:"
		tmux_here capture-pane -p
		return 1
	}
}
