#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Datagrams that this host itself sent are never recorded: over IPv4 and IPv6, on any of its interfaces, with any number
# of addresses.

load helper

# same_lan: node-a has a second interface, eth1, on the LAN of its first
same_lan() {
	lan node-a node-b
	ip -n "$ID-node-a" link add eth1 type veth peer name second1 netns "$LAN"
	ip -n "$ID-node-a" addr add 10.77.0.101/24 dev eth1
	ip -n "$LAN" link set second1 master lan0 up
	ip -n "$ID-node-a" link set eth1 up
	await is_settled node-a eth1
}

link_local() { ip -n "$ID-$1" -6 -j addr show dev "$2" scope link | jq -r '.[].addr_info[]?.local // empty'; }
entries() { rollcall peers -j | jq -r '.[] | "\(.hostname) \(.family) \(.address)"' | sort | paste -sd,; }
entries_are() { [ "$(entries)" = "$1" ]; }
# recorded N: at least N addresses are in the map
recorded() { [ "$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/own_addresses" | jq length)" -ge "$1" ]; }

announce_by_itself() {
	local six
	six=$(link_local node-b eth0)
	on node-a rollcall announce eth1 --count 1 --hostname itself
	await counted bad_source 2 # one per family
	[ "$(entries)" = "" ]
	on node-b rollcall announce eth0 --count 1
	await entries_are "node-b 4 10.77.0.2,node-b 6 $six%eth0"
	# without a link-local address the source is a global one
	ip -n "$ID-node-a" addr add 2001:db8::a/64 dev eth1 nodad
	ip -n "$ID-node-a" addr del "$(link_local node-a eth1)/64" dev eth1
	await is_own_address 2001:db8::a
	on node-a rollcall announce -6 eth1 --count 1 --hostname itself
	await counted bad_source 3
	[ "$(entries)" = "node-b 4 10.77.0.2,node-b 6 $six%eth0" ]
	ip -n "$ID-node-a" addr add fe80::a:a/64 dev eth1 nodad
	ip -n "$ID-node-a" addr del 2001:db8::a/64 dev eth1
	await is_own_address fe80::a:a
}

@test "what this host announces on another interface of the same LAN is not recorded, over either family in every mode" {
	local mode
	same_lan
	for mode in "${MODES[@]}"; do
		echo "mode $mode"
		attach_on node-a --mode "$mode"
		announce_by_itself
		stop loader-node-a
	done
}

@test "a link-local address that another host has too is this host's own only together with its MAC address" {
	same_lan
	attach_on node-a
	ip -n "$ID-node-a" addr add fe80::77/64 dev eth1 nodad
	await is_own_address fe80::77
	ip -n "$ID-node-b" addr add fe80::77/64 dev eth0 nodad
	ip -n "$ID-node-b" addr del "$(link_local node-b eth0 | grep -v '^fe80::77$')/64" dev eth0
	on node-b rollcall announce -6 eth0 --count 1
	await entries_are 'node-b 6 fe80::77%eth0'
	[ "$(outcome bad_source)" = 0 ]
}

@test "an entry whose address becomes this host's own is removed, over either family" {
	lan node-a node-b
	ip -n "$ID-node-b" addr add 2001:db8::b/64 dev eth0 nodad
	ip -n "$ID-node-b" addr del "$(link_local node-b eth0)/64" dev eth0
	attach_on node-a
	on node-b rollcall announce eth0 --count 1
	await entries_are 'node-b 4 10.77.0.2,node-b 6 2001:db8::b'
	ip -n "$ID-node-a" addr add 2001:db8::b/128 dev lo
	await entries_are 'node-b 4 10.77.0.2'
	ip -n "$ID-node-a" addr add 10.77.0.2/32 dev lo
	await entries_are ''
	on node-b rollcall announce eth0 --count 1
	await counted bad_source 2
	# the address may be recorded again when this host no longer has it
	ip -n "$ID-node-a" addr del 2001:db8::b/128 dev lo
	await not_own_address 2001:db8::b
	on node-b rollcall announce eth0 --count 1
	await entries_are 'node-b 6 2001:db8::b'
}

@test "an interface whose MAC address changes is still known as this host's own" {
	same_lan
	attach_on node-a
	ip -n "$ID-node-a" link set dev eth1 address 02:00:00:00:00:77
	await is_own_lladdr 02:00:00:00:00:77
	on node-a rollcall announce -6 eth1 --count 1 --hostname itself
	await counted bad_source 1
	[ "$(entries)" = "" ]
}

# many_addresses N [DEV]: add N /32 addresses, as kube-ipvs does
many_addresses() {
	ip -n "$ID-node-a" link add "${2:-many0}" type bridge
	awk -v n="$1" -v dev="${2:-many0}" -v net="${3:-96}" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "addr add 10.%d.%d.%d/32 dev %s\n", net + int(i / 65536), int(i / 256) % 256, i % 256, dev
	}' >"$T/batch"
	ip -n "$ID-node-a" -batch "$T/batch"
}

@test "a host with 5000 addresses attaches, and none of them is a source" {
	lan node-a node-b
	many_addresses 5000
	attach_on node-a
	recorded 5000
	is_own_address 10.96.19.135 # the last one
	ip -n "$ID-node-b" addr add 10.96.19.135/32 dev eth0
	ip -n "$ID-node-b" addr del 10.77.0.2/24 dev eth0
	announce_from node-b
	await counted bad_source 1
	# addresses are removed and added while the loader lives
	ip -n "$ID-node-a" link del many0
	await not_own_address 10.96.19.135
	announce_from node-b
	await entries_are 'node-b 4 10.96.19.135'
	ip -n "$ID-node-a" addr add 10.96.19.135/32 dev lo
	await entries_are ''
	reported 0 loader-node-a
}

@test "more addresses than the map has room for are a warning, and attaching goes on" {
	local dev
	lan node-a node-b
	for dev in {0..16}; do many_addresses 4000 "many$dev" $((96 + dev)); done
	attach_on node-a
	recorded 65536
	has_line loader-node-a "^rollcall: [0-9]+ of this host's 680[0-9]+ addresses are not in 'own_addresses' \(at most 65536\)"
	announce_from node-b
	await lists node-b
	ip -n "$ID-node-a" addr add 10.77.0.55/24 dev eth0
	ip -n "$ID-node-a" link del many16
	ip -n "$ID-node-a" link del many15
	await is_own_address 10.77.0.55
	[ "$(lines_with loader-node-a "this host's .* addresses")" = 1 ]
}
