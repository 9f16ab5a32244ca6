# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the suites of `watch`, its programs and `wait` share.

# watch_as NAME [ARG...]: a watcher, once it has told of the marker that was here before it: from
# then on nothing escapes it
watch_as() {
	start "$1" rollcall watch "${@:2}"
	await has_line "$1" 'here-before'
}

eth0_of() { ip -n "$ID-$1" -j link show eth0 | jq '.[0].ifindex'; }
add() { peer "$ROLLCALL_PIN_DIR" add "$1" "$2" "$(eth0_of node-a)" "${3:-0}"; }

# events [NAME]: what it told, without times and the marker: "join node-b 10.77.0.2 eth0 announced"
events() {
	grep -v '^rollcall: ' "$(out "${1:-watch}")" | grep -v here-before | sed -E 's/^[^ ]+ //; s/ +/ /g'
}
tells() { events | grep -qxE -- "$1"; }
told() { [ "$(events)" = "$1" ]; }
says() { has_line "${2:-watch}" "^rollcall: $1$"; }
says_nothing() { ! grep '^rollcall: ' "$(out "${1:-watch}")"; }

# unseen CMD...: by the time the watcher looks, it is over
unseen() {
	kill -STOP "${PIDS[watch]}"
	"$@"
	kill -CONT "${PIDS[watch]}"
}

kill_loader() { stop loader-node-a KILL || :; }

# lan_with_marker [OPTION...]: node-a is attached, and has heard somebody whom nobody sweeps
lan_with_marker() {
	lan node-a node-b node-c
	attach_on node-a "$@"
	add here-before 10.77.0.9 0
}
