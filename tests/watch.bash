# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for the suites of `watch`, `watch --exec` and `wait`.

# watch_as NAME [ARG...]: start a watcher, and wait until it has reported the entry here-before: it reports all later
# events
watch_as() {
	start "$1" rollcall watch "${@:2}"
	await has_line "$1" 'here-before'
}

eth0_of() { ip -n "$ID-$1" -j link show eth0 | jq '.[0].ifindex'; }
add() { peer "$ROLLCALL_PIN_DIR" add "$1" "$2" "$(eth0_of node-a)" "${3:-0}"; }

# events [NAME]: print its events, without times and without here-before: "join node-b 10.77.0.2 eth0 announced"
events() {
	grep -v '^rollcall: ' "$(out "${1:-watch}")" | grep -v here-before | sed -E 's/^[^ ]+ //; s/ +/ /g'
}
tells() { events | grep -qxE -- "$1"; }
told() { [ "$(events)" = "$1" ]; }
says() { has_line "${2:-watch}" "^rollcall: $1$"; }
says_nothing() { ! grep '^rollcall: ' "$(out "${1:-watch}")"; }

# unseen CMD...: run CMD while the watcher is stopped
unseen() {
	kill -STOP "${PIDS[watch]}"
	"$@"
	kill -CONT "${PIDS[watch]}"
}

kill_loader() { stop loader-node-a KILL || :; }

# lan_with_marker [OPTION...]: node-a is attached, and its table has the entry here-before, which is not swept
lan_with_marker() {
	lan node-a node-b node-c
	attach_on node-a "$@"
	add here-before 10.77.0.9 0
}
