#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What 'status' says of an interface: hearing, alone, or deaf, and why.

load helper

# of_eth0 FILTER: of the interface in 'status', asked from where it is
of_eth0() { on node-a rollcall status -j | jq -r ".interfaces[0] | $1"; }
is_hearing() { [ "$(of_eth0 .hearing)" = "$1" ]; }
says() { on node-a rollcall status | grep -qE "^  $1"; }

node_b_is_heard() {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
}

@test "status says hearing where an announcement came within the expiry, and since when" {
	node_b_is_heard
	is_hearing hearing
	[ "$(of_eth0 .carrier)" = true ]
	[ "$(of_eth0 '.membership | [.ipv4, .ipv6] | @csv')" = true,true ]
	[ "$(of_eth0 .received)" -gt 0 ]
	[ "$(of_eth0 .last_announcement)" = "$(peer_field node-b last_seen)" ]
	says 'hearing; member of both groups, [0-9]+ frames received; last announcement [0-9]+s ago$'
}

@test "status says alone where nothing is wrong but nobody calls" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b --port 7 # a frame like any other
	await is_hearing alone
	[ "$(of_eth0 .last_announcement)" = null ]
	says 'alone: nobody calls; member of both groups, [0-9]+ frames received$'
}

@test "status says alone when who called is expired" {
	node_b_is_heard
	is_hearing hearing
	age node-b 36
	is_hearing alone
}

@test "status says deaf when the interface is down" {
	node_b_is_heard
	ip -n "$ID-node-a" link set eth0 down
	is_hearing deaf
	[ "$(of_eth0 .carrier)" = false ]
	says 'deaf: the interface is down; '
	ip -n "$ID-node-a" link set eth0 up
	await is_hearing hearing
}

@test "status says deaf when there is no carrier" {
	node_b_is_heard
	ip -n "$LAN" link set port1 down
	await is_hearing deaf
	[ "$(of_eth0 .carrier)" = false ]
	says 'deaf: no carrier; '
	ip -n "$LAN" link set port1 up
	await is_hearing hearing
}

@test "status says deaf when the interface is gone" {
	node_b_is_heard
	stop loader-node-a KILL || true
	ip -n "$ID-node-a" link del eth0
	is_hearing deaf
	[ "$(of_eth0 '[.carrier, .membership.ipv4, .membership.ipv6, .received] | map(tostring) | join(" ")')" = 'false false false null' ]
	says 'deaf: the interface is gone'
}

@test "status of an interface that was deleted without a loader names what to do, and no recording" {
	node_b_is_heard
	stop loader-node-a KILL || true
	on node-a rollcall status | grep -q '^eth0: mode [a-z]*, no loader; the filter goes on recording$'
	ip -n "$ID-node-a" link del eth0
	on node-a rollcall status >"$T/status"
	grep -qx "eth0: no loader: run 'rollcall attach eth0' when the interface is back, or 'rollcall detach eth0' to remove its entry" "$T/status"
	grep -q '^  deaf: the interface is gone' "$T/status"
	run ! grep recording "$T/status"
	on node-a rollcall detach eth0
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "status says deaf when nobody holds the membership, but not while it hears all the same" {
	node_b_is_heard
	stop loader-node-a KILL || true
	is_hearing hearing
	[ "$(of_eth0 '.membership | [.ipv4, .ipv6] | @csv')" = false,false ]
	age node-b 36
	is_hearing deaf
	says 'deaf: not a member of the group; member of neither group, '
	local family
	for family in '' -6; do # elsewhere is not here
		start elsewhere on node-a listener $family lo
		await has_line elsewhere listening
		is_hearing deaf
		stop elsewhere || true
	done
	start listener on node-a listener eth0
	await is_hearing alone
	[ "$(of_eth0 '.membership | [.ipv4, .ipv6] | @csv')" = true,false ]
	says 'alone: nobody calls; member of the IPv4 group, '
	stop listener || true
	start listener on node-a listener -6 eth0
	await is_hearing alone
	says 'alone: nobody calls; member of the IPv6 group, '
}

# silent_wire HOST: wire0, where nobody says anything, to speaker0
silent_wire() {
	on "$1" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
	ip -n "$ID-$1" link add wire0 type veth peer name speaker0
	ip -n "$ID-$1" link set wire0 up
	ip -n "$ID-$1" link set speaker0 up
}

speak() { on node-a inject speaker0 ffffffffffff02000000000188b5"$(printf '%092d' 0)"; }
has_received() { [ "$(of_eth0 .received)" = "$1" ]; }

@test "status says deaf when not one frame came since it was attached, and counts from then, over loaders" {
	lan node-a
	silent_wire node-a
	speak # before
	start first on node-a rollcall attach wire0
	await is_loader_of 0 first
	is_hearing deaf
	has_received 0
	says 'deaf: not one frame came since it was attached; member of .*, 0 frames received$'
	speak
	await has_received 1
	is_hearing alone
	stop first KILL || true
	start second on node-a rollcall attach wire0
	await is_loader_of 0 second
	has_received 1
	stop second
	start third on node-a rollcall attach wire0
	await is_loader_of 0 third
	has_received 0
}

@test "asked from another network namespace, status says unknown, and why" {
	node_b_is_heard
	run -0 --separate-stderr on node-b rollcall status -j
	[ -z "$stderr" ]
	[ "$(jq -c '.interfaces[0] | [.hearing, .carrier, .membership, .received]' <<<"$output")" = \
		'["unknown",null,{"ipv4":null,"ipv6":null},null]' ]
	[ "$(jq '.interfaces[0].last_announcement' <<<"$output")" != null ]
	on node-b rollcall status | grep -qE '^  unknown: its network namespace is another one; last announcement '
}

@test "an ordinary user who may read the pins is told the same" {
	local as_root
	node_b_is_heard
	chmod o+x "$T/bpf" "$ROLLCALL_PIN_DIR"
	find "$ROLLCALL_PIN_DIR" -type f -exec chmod 644 {} +
	as_root=$(of_eth0 '[.hearing, .carrier, .membership]')
	[ "$as_root" = "$(on node-a unshare --mount sh -c 'mount -t tmpfs rollcall /mnt && mkdir /mnt/pins &&
		mount --bind "$1" /mnt/pins && install -m 755 "$2" /mnt/rollcall &&
		exec setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
			/mnt/rollcall status -j --pin-dir /mnt/pins/rollcall' - "$T/bpf" "$(type -P rollcall)" |
		jq '.interfaces[0] | [.hearing, .carrier, .membership]')" ]
}

# blind CMD...: on node-a, where /proc is not mounted
blind() {
	# LeakSanitizer needs /proc
	on node-a env ASAN_OPTIONS=detect_leaks=0 unshare --mount sh -c 'mount --bind "$1" /proc && shift && exec "$@"' - \
		"$T/no-proc" "$@"
}

@test "status does not take memberships that it cannot see for memberships that are not held" {
	[ -z "$(sanitizer)" ] || skip "AddressSanitizer needs /proc"
	node_b_is_heard
	mkdir -p "$T/no-proc"
	run -0 blind rollcall status -j
	[ "$(jq -c '.interfaces[0] | [.hearing, .carrier, .membership.ipv4, .membership.ipv6]' <<<"$output")" = '["hearing",true,null,null]' ]
	age node-b 36
	run -0 blind rollcall status -j
	[ "$(jq -c '.interfaces[0] | [.hearing, .carrier, .membership.ipv4, .membership.ipv6]' <<<"$output")" = '["unknown",true,null,null]' ]
	run -0 blind rollcall status
	[[ $output =~ "unknown: its memberships cannot be seen: is /proc mounted?; memberships unknown, " ]]
}

@test "status asks about an interface by its number" {
	node_b_is_heard
	stop loader-node-a KILL || true
	ip -n "$ID-node-a" link add swap0 type veth peer name speaker0
	ip -n "$ID-node-a" link set eth0 name lan0
	ip -n "$ID-node-a" link set swap0 name eth0
	[ "$(of_eth0 '[.name, .hearing, .carrier] | @csv')" = '"lan0","hearing",true' ]
}
