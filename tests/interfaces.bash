# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for the suites of changing interfaces: node-a is attached, node-b announces.

# each_mode TEST: run TEST in each mode, with a new table, and a loader of node-a that has received node-b
each_mode() {
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		echo "mode $mode"
		attach_on node-a --mode "$mode" "${@:2}"
		announce_from node-b
		await lists node-b
		"$1"
		[ -z "${PIDS[loader-node-a]:-}" ] || stop loader-node-a
		[ ! -e "$ROLLCALL_PIN_DIR" ]
	done
}

# unplug, plug_in [NUMBER]: remove eth0 of node-a, and create it again at the same port of the bridge
unplug() { ip -n "$ID-node-a" link del eth0; }
plug_in() {
	ip -n "$ID-node-a" link add eth0 ${1:+index "$1"} type veth peer name port1 netns "$LAN"
	ip -n "$ID-node-a" addr add 10.77.0.1/24 dev eth0
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$LAN" link set port1 master lan0 up
}

ifindex() { ip -n "$ID-$1" -j link show dev "$2" | jq '.[0].ifindex'; }
# entries: print all entries of the table, live or not, as "node-b 3 88172645463325"
entries() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" |
		jq -r '.[].formatted | "\(.key.hostname) \(.key.ifindex) \(.value.first_seen_ns)"'
}
status_of() { rollcall status -j | jq -r ".interfaces[0].$1"; }
says() { has_line "${2:-loader-node-a}" "^rollcall: $1$"; }
# said N PATTERN: the loader printed N messages that match PATTERN
said() { [ "$(lines_with loader-node-a "^rollcall: $2$")" = "$1" ]; }
is_member() { on node-a ip maddr show dev "${1:-eth0}" | grep -qw 239.2.3.4 &&
	on node-a ip maddr show dev "${1:-eth0}" | grep -qw ff02::ef02:304; }
no_links() { [ -z "$(ls -A "$ROLLCALL_PIN_DIR/links")" ]; }
# hears NAME [IFACE]: an announcement of NAME is recorded. It is repeated until then, because a link may not be up at
# once.
hears() {
	await is_heard "$1"
	[ "$(peer_field "$1" interface)" = "${2:-eth0}" ]
}
is_heard() { announce_from node-b --hostname "$1" && lists "$1"; }
says_nothing() { reported 0 loader-node-a; }

# hook: print the identity of the filter on eth0 of node-a: it changes when the filter is attached again
hook() {
	bpftool -j link show pinned "$ROLLCALL_PIN_DIR"/links/* | jq -c '[.id, .prog_id]' || true
	on node-a tc filter show dev "${1:-eth0}" ingress
}
# program: print the id of the program of the filter
program() {
	if [ "$mode" = clsact ]; then
		on node-a tc -j filter show dev eth0 ingress | jq '.[].options.prog.id // empty'
	else
		bpftool -j link show pinned "$ROLLCALL_PIN_DIR"/links/* | jq .prog_id
	fi
}
is_gone() { ! bpftool prog show id "$1"; }

# frozen CMD...: run CMD while the loader is stopped
frozen() {
	kill -STOP "${PIDS[loader-node-a]}"
	"$@"
	kill -CONT "${PIDS[loader-node-a]}"
}
swap() {
	unplug
	plug_in "$@"
}

# is_followed: the attachment table says that the filter is attached to the current eth0
is_followed() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/interfaces" |
		jq -e ".[0].formatted.value | .mode != 0 and .ifindex == $(ifindex node-a "${1:-eth0}")"
}

GONE="eth0: interface removed: waiting for it"
BACK="eth0: interface is present again: attached in mode"
# says_nothing_but LINE...: the loader printed no other messages
says_nothing_but() { ! messages loader-node-a | grep -vxFf <(printf 'rollcall: %s\n' "$@"); }
move_away() { ip -n "$ID-node-a" link set eth0 netns "$ID-node-b" name away0 && ip -n "$ID-node-b" link set away0 up; }

move_back() {
	ip -n "$ID-node-b" link set away0 netns "$ID-node-a" name eth0
	ip -n "$ID-node-a" addr add 10.77.0.1/24 dev eth0
	ip -n "$ID-node-a" link set eth0 up
}
no_carrier() { on node-a ip link show dev eth0 | grep -q NO-CARRIER; }
