#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Every kind of device: the modes that it supports, receiving announcements, and programs of other users.

load helper
load frames # WIRE: node-b at 10.77.0.2


setup_more() {
	lan node-a node-b
	FROM=dev0 # the interface that node-b announces on
	SOURCE=10.80.0.2
}

mode() { rollcall status -j | jq -r '.interfaces[0].mode'; }

# make_dev0 HOST ARG...: create dev0 by 'ip link add' with ARG..., or skip the test if the kernel cannot
make_dev0() {
	ip -n "$ID-$1" link add name dev0 "${@:2}" 2>"$T/why" || skip "this kernel has no such devices: $(cat "$T/why")"
}

# use_dev0 HOST...: set dev0 up, with addresses of both families
use_dev0() {
	local -A number=([node-a]=1 [node-b]=2)
	local host
	for host; do
		ip -n "$ID-$host" addr add "10.80.0.${number[$host]}/24" dev dev0
		ip -n "$ID-$host" link set dev0 up
	done
	for host; do await is_settled "$host" dev0; done
}

# from_eth0: dev0 of node-a receives what node-b announces on eth0
from_eth0() {
	use_dev0 node-a
	FROM=eth0 SOURCE=10.77.0.2
}

# tunnel_devices KIND [LINK_TYPE]: create dev0 on both hosts, connected by a tunnel
tunnel_devices() {
	[ -e /dev/net/tun ] || skip "this kernel has no tun and tap devices"
	start tunnel tunnel "$1" dev0 "/run/netns/$ID-node-a" "/run/netns/$ID-node-b" "${@:2}"
	await has_line tunnel connected
}

# attach_to IFACE [OPTION...]: start the loader of node-a, and wait until it has attached
attach_to() {
	start loader on node-a rollcall attach "$@"
	await is_loader_of 0 loader
}

# call HOST IFACE [OPTION...]: send one announcement over each family
call() { on "$1" rollcall announce "$2" --count 1 "${@:3}"; }

# announces_own: sockets of node-b receive the announcements of node-a, over both families
announces_own() {
	local family
	local -A before
	for family in 4 6; do
		[ "${PIDS[back$family]:-}" ] || start "back$family" on node-b listener $([ $family = 4 ] || echo -6) "$FROM"
		await has_line "back$family" listening
		before[$family]=$(lines_with "back$family" ': multitastic:own$' || true)
	done
	call node-a dev0 --hostname own
	for family in 4 6; do await has_lines "back$family" ': multitastic:own$' $((before[$family] + 1)); done
}

has_lines() { [ "$(lines_with "$1" "$2")" -ge "$3" ]; }

# records: the filter records what node-b announces and not what node-a itself announces, which node-b receives
records() {
	call node-b "$FROM"
	await counted joined 2
	[ "$(rollcall get -4 node-b)" = "$SOURCE" ]
	[[ $(rollcall get -6 node-b) = fe80::*%dev0 ]]
	announces_own
	call node-b "$FROM"
	await counted refreshed 2
	call node-b "$FROM" --hostname last
	await counted joined 4
	[ "$(peers)" = 'last last node-b node-b' ]
	[ "$(rollcall status -j | jq '[.interfaces[0].outcomes[]] | add')" = 6 ]
}

# takes TEST IFACE MODE...: the default mode on IFACE is the first MODE; each MODE passes TEST and leaves nothing
# behind; all other modes are rejected
takes() {
	local test=$1 dev=$2 given before
	local -a modes=("${@:3}")
	[ "$TC" = tcx ] || read -ra modes <<<"${modes[*]/tcx/}" # without tcx the default is the next mode
	before=$(state_of node-a "$dev")
	for given in auto "${modes[@]}"; do
		echo "mode $given"
		attach_to "$dev" --mode "$given"
		[ "$(mode)" = "${given/auto/${modes[0]}}" ]
		"$test"
		stop loader
		diff <(echo "$before") <(state_of node-a "$dev")
	done
	for given in "${MODES[@]}"; do
		[[ " ${modes[*]} " != *" $given "* ]] || continue
		fails_with 1 "^rollcall: cannot attach to '$dev': Operation not supported \(.*; try --mode (auto|tc)\)$" \
			on node-a rollcall attach "$dev" --mode "$given"
		diff <(echo "$before") <(state_of node-a "$dev")
	done
}

@test "a veth device takes every mode, and receives" {
	make_dev0 node-a type veth peer name dev0 netns "$ID-node-b"
	use_dev0 node-b node-a
	takes records dev0 tcx clsact native generic
}

@test "a tap device takes every mode, and receives" {
	tunnel_devices tap
	use_dev0 node-a node-b
	takes records dev0 tcx clsact native generic
}

@test "a tun device, without Ethernet headers, takes the tc modes, and receives" {
	tunnel_devices tun
	use_dev0 node-a node-b
	takes records dev0 tcx clsact
}

# judged_without_ethernet: the checks of headers are those of Ethernet; each line changes one field of a valid datagram
judged_without_ethernet() {
	local ip=${WIRE:28}
	on node-b inject dev0 "$ip"
	await counted joined 1
	[ "$(rollcall get node-b)" = 10.77.0.2 ]
	[ "$(peer_field node-b lladdr)" = 00:00:00:00:00:00 ]
	on node-b inject dev0 "${ip/56ad/56ae}" "${ip/07e5/07e6}" "${ip/0a4d0002/0a4d0003}" \
		"${ip/4500002e/4500002f}" "${ip/001a07e5/007a07e5}" "${ip/ef020304/ef020305}" "${ip/bf69001a/bf6a001a}" 45
	on node-b inject dev0 "$ip"
	await counted refreshed 1
	local outcomes
	outcomes=$(rollcall status -j | jq -c '.interfaces[0].outcomes | with_entries(select(.value > 0))')
	echo "$outcomes"
	[ "$outcomes" = '{"joined":1,"refreshed":1,"bad_ip_length":1,"bad_ip_checksum":2,"bad_udp_length":1,"bad_udp_checksum":1}' ]
}

@test "datagrams that come without Ethernet header are judged like any other" {
	tunnel_devices tun
	use_dev0 node-a node-b
	takes judged_without_ethernet dev0 tcx clsact
}

@test "a device of type PPP is like tun, and receives" {
	tunnel_devices tun 512
	local host
	for host in node-a node-b; do # as pppd does
		ip -n "$ID-$host" link set dev0 up
		ip -n "$ID-$host" addr add "fe80::${host/node-/}/64" dev dev0
	done
	use_dev0 node-a node-b
	takes records dev0 tcx clsact
}

@test "a device of another link type is rejected in one line, and nothing is left" {
	tunnel_devices tun 778 # GRE
	local before mode
	before=$(state_of node-a dev0)
	for mode in auto tc native; do
		fails_with 1 "^rollcall: 'dev0' is of link type 778: the filter reads Ethernet frames, and bare IP ones$" \
			on node-a rollcall attach dev0 --mode "$mode"
		diff <(echo "$before") <(state_of node-a dev0)
	done
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "a bridge takes every mode but native, and receives" {
	make_dev0 node-a type bridge
	ip -n "$ID-node-a" link set eth0 master dev0
	from_eth0
	takes records dev0 tcx clsact generic
}

@test "a macvlan device takes every mode but native, and receives" {
	make_dev0 node-a link eth0 type macvlan mode bridge
	from_eth0
	takes records dev0 tcx clsact generic
}

@test "an ipvlan device takes every mode but native, and receives" {
	make_dev0 node-a link eth0 type ipvlan mode l2
	from_eth0
	takes records dev0 tcx clsact generic
}

@test "a VLAN device takes every mode but native, and receives" {
	make_dev0 node-a link eth0 type vlan id 5
	make_dev0 node-b link eth0 type vlan id 5
	use_dev0 node-a node-b
	takes records dev0 tcx clsact generic
}

@test "a VXLAN device takes every mode but native, and receives" {
	make_dev0 node-a type vxlan id 5 group 239.9.9.9 dev eth0 dstport 4789
	make_dev0 node-b type vxlan id 5 group 239.9.9.9 dev eth0 dstport 4789
	use_dev0 node-a node-b
	takes records dev0 tcx clsact generic
}

@test "a bond takes every mode, and receives" {
	make_dev0 node-a type bond mode active-backup
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 master dev0
	from_eth0
	takes records dev0 tcx clsact native generic
}

# the filter is attached to the port of a VRF: packets pass its hooks, and not those of the VRF device
@test "a port of a VRF takes every mode, and receives" {
	ip -n "$ID-node-a" link add name vrf0 type vrf table 10 2>"$T/why" || skip "this kernel has no such devices: $(cat "$T/why")"
	make_dev0 node-a type veth peer name dev0 netns "$ID-node-b"
	ip -n "$ID-node-a" link set dev0 master vrf0
	ip -n "$ID-node-a" link set vrf0 up
	use_dev0 node-b node-a
	takes records dev0 tcx clsact native generic
}

# WireGuard has no multicast: the groups are allowed addresses of the peer, and IPv6 requires a route and link-local
# addresses
@test "a WireGuard device, without Ethernet headers, takes the tc modes, and receives" {
	make_dev0 node-a type wireguard
	make_dev0 node-b type wireguard
	type -P wg >/dev/null || skip "wg is not installed"
	local host other
	for host in node-a node-b; do
		(umask 077 && wg genkey >"$T/$host.key")
		on "$host" wg set dev0 listen-port 51820 private-key "$T/$host.key"
	done
	for host in node-a node-b; do
		other=$([ "$host" = node-a ] && echo node-b || echo node-a)
		on "$host" wg set dev0 peer "$(wg pubkey <"$T/$other.key")" \
			endpoint "10.77.0.$([ "$other" = node-a ] && echo 1 || echo 2):51820" \
			allowed-ips 10.80.0.0/24,239.2.3.4/32,fe80::/64,ff02::ef02:304/128
		ip -n "$ID-$host" link set dev0 up
		ip -n "$ID-$host" addr add "fe80::${host/node-/}/64" dev dev0
		ip -n "$ID-$host" -6 route add multicast ff02::ef02:304/128 dev dev0 table local
	done
	use_dev0 node-a node-b
	takes records dev0 tcx clsact
}

# only_own: no other host can be received on these devices
only_own() {
	call node-a "$dev" --hostname own # $dev is set by takes()
	[ "$(peers)" = '' ]
}

@test "a dummy device takes every mode but native, and receives from no host" {
	make_dev0 node-a type dummy
	use_dev0 node-a
	takes only_own dev0 tcx clsact generic
}

# own_on_lo: own announcements are received on lo, from ::1 or 127.0.0.1, because the kernel has routes for them
own_on_lo() {
	only_own
	await has_counted bad_source
	[ "$(peers)" = '' ]
}

has_counted() { [ "$(outcome "$1")" -gt 0 ]; }

@test "the loopback device takes every mode but native, and receives from no host" {
	takes own_on_lo lo tcx clsact generic
}
