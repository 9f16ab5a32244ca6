#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What becomes of interfaces under a living loader: deleted, made again, renamed, moved, without
# link, with other addresses. Nothing is forgotten at once, and nobody is listed twice.

load helper

MODES=(native generic tcx clsact)

# each_mode TEST: in each mode on a new table, by a loader of node-a that has heard node-b
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

# unplug, plug_in: eth0 of node-a, at the same place
unplug() { ip -n "$ID-node-a" link del eth0; }
plug_in() {
	ip -n "$ID-node-a" link add eth0 type veth peer name port1 netns "$LAN"
	ip -n "$ID-node-a" addr add 10.77.0.1/24 dev eth0
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$LAN" link set port1 master lan0 up
}

ifindex() { ip -n "$ID-$1" -j link show dev "$2" | jq '.[0].ifindex'; }
# entries: all that lie in the table, live or not, as "node-b 3 88172645463325"
entries() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" |
		jq -r '.[].formatted | "\(.key.hostname) \(.key.ifindex) \(.value.first_seen_ns)"'
}
status_of() { rollcall status -j | jq -r ".interfaces[0].$1"; }
says() { has_line "${2:-loader-node-a}" "^rollcall: $1$"; }
# said N PATTERN: so many times
said() { [ "$(lines_with loader-node-a "^rollcall: $2$")" = "$1" ]; }
is_member() { on node-a ip maddr show dev "${1:-eth0}" | grep -qw 239.2.3.4 &&
	on node-a ip maddr show dev "${1:-eth0}" | grep -qw ff02::ef02:304; }
no_links() { [ -z "$(ls -A "$ROLLCALL_PIN_DIR/links")" ]; }
# hears NAME: who calls now is entered, by this host's own filter
hears() {
	announce_from node-b --hostname "$1"
	await lists "$1"
	[ "$(peer_field "$1" interface)" = "${2:-eth0}" ]
}

# is_followed: eth0 as it is now has the filter, and the record says so
is_followed() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/interfaces" |
		jq -e ".[0].formatted.value | .mode != 0 and .ifindex == $(ifindex node-a "${1:-eth0}")"
}

GONE="'eth0' is gone; waiting for it to come back"
BACK="'eth0' is back; attached again in mode"

deleted() {
	unplug
	await says "$GONE"
	[ "$(status_of name) $(status_of mode) $(status_of loader)" = "eth0 none ${PIDS[loader-node-a]}" ]
	no_links
	# who was heard there leaves as everybody does
	lists node-b
	[ "$(peer_field node-b interface)" = eth0 ]
	age node-b 36
	lists_not node-b
	stop loader-node-a
	has_line loader-node-a "rollcall: $GONE" # once, and nothing else was said
	[ "$(lines_with loader-node-a '^rollcall: ')" = 1 ]
	plug_in
}

@test "a deleted interface is said to be gone once, and who was heard there leaves by expiry, in every mode" {
	each_mode deleted
}

@test "who was heard on a deleted interface is told as leaving when it expires, not before" {
	lan node-a node-b
	attach_on node-a --expiry 2s
	announce_from node-b
	await lists node-b
	unplug
	await says "$GONE"
	lists node-b || has_line loader-node-a ' leave +node-b '
	await has_line loader-node-a ' leave +node-b .*expired'
	[ "$(lines_with loader-node-a ' leave ')" = 1 ]
}

detached() {
	unplug
	await says "$GONE"
	on node-a rollcall detach eth0
	ends_with 0 loader-node-a
	plug_in
}

@test "a deleted interface can be detached, and its loader ends, in every mode" { each_mode detached; }

recreated() {
	local before old=$(ifindex node-a eth0)
	before=$(entries)
	[ "${before% *}" = "node-b $old" ]
	unplug
	await says "$GONE"
	plug_in
	await says "$BACK $mode"
	[ "$(ifindex node-a eth0)" != "$old" ]
	[ "$(status_of name) $(status_of mode) $(status_of loader)" = "eth0 $mode ${PIDS[loader-node-a]}" ]
	# the same entry, and no other
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	[ "$(rollcall peers -j | jq -c 'map([.hostname, .interface])')" = '[["node-b","eth0"]]' ]
	is_member
	announce_from node-b
	await counted refreshed 1
	[ "$(peer_field node-b announcements)" = 2 ]
	hears later
	await has_line loader-node-a ' join +later '
	said 1 "$GONE"
	[ "$(lines_with loader-node-a '^rollcall: ')" = 2 ]
}

@test "an interface made again is attached to again, and nobody is lost or listed twice, in every mode" {
	each_mode recreated
}

@test "an interface deleted and made again over and over is followed each time" {
	local round
	lan node-a node-b
	attach_on node-a
	for round in 1 2 3 4 5 6 7 8; do
		hears "round$round"
		unplug
		plug_in
		await is_followed
	done
	hears last
	[ "$(peers)" = 'last round1 round2 round3 round4 round5 round6 round7 round8' ]
	[ "$(entries | cut -d' ' -f2 | sort -u)" = "$(ifindex node-a eth0)" ]
	is_member
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}
