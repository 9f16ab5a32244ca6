#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Interfaces that change while a loader is attached: they are renamed or moved, lose their link, or get another MTU or
# other addresses.

load helper
load interfaces

renamed() {
	local before
	before=$(entries)
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 name lan7
	ip -n "$ID-node-a" link set lan7 up
	await says "eth0: interface renamed to lan7"
	[ "$(status_of name) $(status_of mode)" = "lan7 $mode" ]
	[ "$(entries)" = "$before" ]
	[ "$(peer_field node-b interface)" = lan7 ]
	is_member lan7
	hears later lan7
	# it is detached by its current name
	fails_with 1 "nothing is attached to 'eth0'" on node-a rollcall detach eth0
	on node-a rollcall detach lan7
	ends_with 0 loader-node-a
	[ "$(lines_with loader-node-a "interface renamed")" = 1 ]
	ip -n "$ID-node-a" link set lan7 down
	ip -n "$ID-node-a" link set lan7 name eth0
	ip -n "$ID-node-a" link set eth0 up
}

@test "a renamed interface goes on recording under its new name, in every mode" { each_mode renamed; }

@test "a renamed interface is waited for under its new name" {
	lan node-a node-b
	attach_on node-a
	hears node-b
	ip -n "$ID-node-a" link set eth0 name lan7
	await says "eth0: interface renamed to lan7"
	ip -n "$ID-node-a" link del lan7
	await says "lan7: interface removed: waiting for it"
	plug_in # another interface with the name eth0
	ip -n "$ID-node-a" link set eth0 mtu 1400
	ip -n "$ID-node-a" link set eth0 name lan7
	await says "lan7: interface is present again: attached in mode $TC"
	lists node-b
	hears later lan7
	said 0 "eth0: interface is present again.*"
}

moved() {
	local before old id
	before=$(entries)
	old=$(ifindex node-a eth0)
	id=$(program)
	[ "$id" ]
	move_away
	await says "$GONE"
	# the filter is not attached in the other namespace
	await is_gone "$id"
	no_links
	[ "$(on node-b ip -d link show dev away0 | grep -c prog/xdp)" = 0 ]
	[ -z "$(on node-b tc filter show dev away0 ingress)" ]
	[ "$(entries)" = "$before" ]
	[ "$(status_of name) $(status_of mode)" = "eth0 none" ]
	move_back
	await says "$BACK $mode"
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	is_member
	announce_until_refreshed
	hears later
}
announce_until_refreshed() { await is_refreshed; }
is_refreshed() { announce_from node-b && [ "$(outcome refreshed)" -ge 1 ]; }

@test "an interface moved to another namespace leaves the filter behind, and is taken up when it is back, in every mode" {
	each_mode moved
}

away_and_back() {
	move_away
	move_back
}

round_trip() {
	local before old
	before=$(entries)
	old=$(ifindex node-a eth0)
	frozen away_and_back
	await is_member
	await is_followed
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	hears later
	stop loader-node-a
}

@test "an interface that was away between two looks is a member of the groups again, in every mode" {
	each_mode round_trip
}

flapped() {
	local before hung
	before=$(entries)
	hung=$(hook)
	[ "$hung" ]
	ip -n "$ID-node-a" link set eth0 down
	[ "$(entries)" = "$before" ]
	lists node-b
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$LAN" link set port1 down
	await no_carrier
	[ "$(entries)" = "$before" ]
	ip -n "$LAN" link set port1 up
	hears later
	[ "$(hook)" = "$hung" ]
	[ "$(entries | grep -v ^later)" = "$before" ]
	is_member
	says_nothing
	[ "$(lines_with loader-node-a ' leave ')" = 0 ]
	stop loader-node-a
}

@test "a link that goes down and comes back, or its carrier, changes nothing else, in every mode" { each_mode flapped; }

widened() {
	local hung
	hung=$(hook)
	ip -n "$ID-node-a" link set eth0 mtu 65535
	ip -n "$LAN" link set port1 mtu 65535
	hears wide
	ip -n "$ID-node-a" link set eth0 mtu 9000
	ip -n "$LAN" link set port1 mtu 9000
	hears jumbo
	ip -n "$LAN" link set port1 mtu 1500
	ip -n "$ID-node-a" link set eth0 mtu 1500
	hears narrow
	[ "$(hook)" = "$hung" ]
	is_member
	says_nothing
	stop loader-node-a
}

@test "after any increase of the MTU the filter stays and records, in every mode" { each_mode widened; }

@test "an MTU too small for IPv6 ends its membership; it is held again when the MTU is raised" {
	lan node-a node-b
	attach_on node-a
	ip -n "$ID-node-a" link set eth0 mtu 1279
	run ! is_member
	ip -n "$ID-node-a" link set eth0 mtu 1500
	await is_member
	hears node-b
	says_nothing
}

# other_with_number: eth0 moves to another namespace and keeps its number there, and another eth0 gets that number here
other_with_number() {
	ip -n "$LAN" link set port1 name "away$moves"
	ip -n "$LAN" link set "away$moves" nomaster
	ip -n "$ID-node-a" link set eth0 netns "$ID-node-b" name "away$moves"
	[ "$(ifindex node-b "away$moves")" = 777 ]
	plug_in 777
}

same_number() {
	local later
	moves=0
	unplug
	plug_in 777
	await says "$BACK $mode"
	frozen other_with_number
	hears frozen
	is_member
	[ -z "$(on node-b programs away0)$(on node-b tc filter show dev away0 ingress)" ]
	ip -n "$ID-node-b" link del away0
	# the same without a loader
	stop loader-node-a KILL || true
	other_with_number
	lists frozen
	attach_on node-a --mode "$mode"
	hears later
	[ -z "$(on node-b programs away0)$(on node-b tc filter show dev away0 ingress)" ]
	ip -n "$ID-node-b" link del away0
	stop loader-node-a
	# the next mode begins with a new interface
	unplug
	plug_in
}

@test "an interface that moved away with its number is not taken for another that got the number here, in every mode" {
	each_mode same_number
}

# taken_off: another process detaches the filter; rtnetlink sends no notice of that
taken_off() {
	if [ "$mode" = clsact ]; then
		on node-a tc filter del dev eth0 ingress
	else
		# bpftool 7.5 and newer detach the link, and still exit with an error
		bpftool link detach pinned "$ROLLCALL_PIN_DIR/links/$(ifindex node-a eth0)" || true
	fi
	await says "eth0: filter detached by another process, attached again in mode $mode"
	hears later
	says_nothing_but "eth0: filter detached by another process, attached again in mode $mode"
	stop loader-node-a
	[ -z "$(on node-a programs eth0)" ]
	[ -z "$(on node-a tc qdisc show dev eth0 clsact)" ]
}

@test "a filter that another process removed is attached again at the next sweep, in every mode" {
	each_mode taken_off --expiry 2s
}

@test "addresses added and removed under a living loader are this host's own while they are there" {
	lan node-a node-b
	attach_on node-a
	ip -n "$ID-node-a" addr add 10.77.0.9/24 dev eth0
	await is_own_address 10.77.0.9
	ip -n "$ID-node-a" addr del 10.77.0.9/24 dev eth0
	await not_own_address 10.77.0.9
	unplug
	await not_own_address 10.77.0.1
	plug_in
	await is_own_address 10.77.0.1
	hears node-b
}

mac_of_eth0() { ip -n "$ID-node-a" -j link show dev eth0 | jq -r '.[].address'; }
recorded_mac() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/interfaces" | jq -r '.[0].formatted.value.lladdr[]' |
		xargs printf '%02x:%02x:%02x:%02x:%02x:%02x'
}
mac_is_recorded() { [ "$(recorded_mac)" = "$(mac_of_eth0)" ]; }

@test "the record has the MAC of the interface that came back, also when that is changed later" {
	lan node-a node-b
	attach_on node-a
	local old
	old=$(recorded_mac)
	swap
	await is_followed
	mac_is_recorded
	[ "$(recorded_mac)" != "$old" ]
	ip -n "$ID-node-a" link set eth0 address 02:00:00:00:00:77
	await mac_is_recorded
}

# many: cause so many notices that some are lost; the important ones come last
many() {
	local number
	for number in {1..1500}; do echo "addr add 10.$((100 + number / 250)).0.$((number % 250 + 1))/32 dev lo"; done |
		ip -n "$ID-node-a" -batch -
	"$@"
}
drops() { on node-a awk -v pid="${PIDS[loader-node-a]}" '$3 == pid && $4 != "00000000" { print $9 }' /proc/net/netlink; }

@test "notices that were lost are made up for by looking at everything" {
	lan node-a node-b
	attach_on node-a
	hears node-b
	[ "$(drops)" = 0 ]
	kill -STOP "${PIDS[loader-node-a]}"
	many swap
	[ "$(drops)" -gt 0 ]
	kill -CONT "${PIDS[loader-node-a]}"
	await says "$BACK $TC"
	lists node-b
	hears later
	kill -STOP "${PIDS[loader-node-a]}"
	ip -n "$ID-node-a" addr flush dev lo
	local before
	before=$(drops)
	many away_and_back
	[ "$(drops)" -gt "$before" ]
	kill -CONT "${PIDS[loader-node-a]}"
	await is_member
	await is_followed
	hears last
}
