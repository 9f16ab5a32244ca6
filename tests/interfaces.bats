#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Interfaces that are deleted and recreated, with a live loader and without one. Entries stay until they expire, and no
# host is listed twice.
# bats file_tags=long

load helper
load interfaces

deleted() {
	unplug
	await says "$GONE"
	[ "$(status_of name) $(status_of mode) $(status_of loader)" = "eth0 none ${PIDS[loader-node-a]}" ]
	no_links
	# hosts that were received there expire as usual
	lists node-b
	[ "$(peer_field node-b interface)" = eth0 ]
	age node-b 36
	lists_not node-b
	stop loader-node-a
	has_line loader-node-a "rollcall: $GONE" # once, and no other message
	reported 1 loader-node-a
	plug_in
}

@test "a deleted interface is reported once, and its hosts leave by expiry, in every mode" {
	each_mode deleted
}

@test "a host of a deleted interface leaves when it expires, not before" {
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
	# only the same entry, with the new number
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	[ "$(rollcall peers -j | jq -c 'map([.hostname, .interface])')" = '[["node-b","eth0"]]' ]
	is_member
	announce_from node-b
	await counted refreshed 1
	[ "$(peer_field node-b announcements)" = 2 ]
	hears later
	await has_line loader-node-a ' join +later '
	said 1 "$GONE"
	reported 2 loader-node-a
}

@test "an interface that was recreated is attached again, and no host is lost or listed twice, in every mode" {
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

@test "an interface that was recreated between two looks is attached again" {
	local before old
	lan node-a node-b
	attach_on node-a
	hears node-b
	old=$(ifindex node-a eth0)
	before=$(entries)
	frozen swap
	await says "$BACK $TC"
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	is_member
	hears later
	said 0 "$GONE"
}

same_number() {
	local before number
	number=$(ifindex node-a eth0)
	before=$(entries)
	frozen swap "$number"
	await says "$BACK $mode"
	[ "$(ifindex node-a eth0)" = "$number" ]
	[ "$(entries)" = "$before" ]
	is_member
	hears later
	stop loader-node-a
}

@test "an interface made again under the same number is attached to again, in every mode" { each_mode same_number; }

@test "another interface that got the number of a deleted one is not mistaken for it" {
	local before number
	lan node-a node-b
	attach_on node-a
	hears node-b
	number=$(ifindex node-a eth0)
	before=$(entries)
	unplug
	await says "$GONE"
	ip -n "$ID-node-a" link add other0 index "$number" type bridge
	ip -n "$ID-node-a" link set other0 up
	[ "$(ifindex node-a other0)" = "$number" ]
	fails_with 1 "'other0' has the number of 'eth0', for which the loader with pid ${PIDS[loader-node-a]} waits" \
		on node-a rollcall attach other0
	plug_in
	await says "$BACK $TC"
	[ "$(entries)" = "${before/ $number / $(ifindex node-a eth0) }" ]
	hears later
	says_nothing_but "$GONE" "$BACK $TC"
}

@test "names held by an address are held on an interface that was made again" {
	lan node-a node-b
	attach_on node-a --names-per-source 2
	hears first
	unplug
	plug_in
	await is_followed
	hears second
	announce_from node-b --hostname third
	await counted throttled 1
	lists_not third
	[ "$(peers)" = 'first second' ]
}

@test "an entry that is there already under the new number is kept, and the old one goes" {
	local since
	lan node-a node-b
	attach_on node-a
	hears node-b
	hears other
	peer "$ROLLCALL_PIN_DIR" add node-b 10.77.0.2 77 5s
	since=$(entries | sed -n 's/^node-b 77 //p')
	[ "$since" ]
	frozen swap 77
	await says "$BACK $TC"
	[ "$(entries | cut -d' ' -f1,2 | sort)" = $'node-b 77\nother 77' ]
	[ "$(entries | sed -n 's/^node-b 77 //p')" = "$since" ]
}

@test "an interface that comes back as a port of a bridge is rejected once, and attached when it is none" {
	lan node-a node-b
	attach_on node-a
	ip -n "$ID-node-a" link add br0 type bridge
	unplug
	await says "$GONE"
	ip -n "$ID-node-a" link add eth0 master br0 type veth peer name port1 netns "$LAN"
	await says "'eth0' is a port of bridge 'br0': attach to 'br0' instead"
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$LAN" link set port1 master lan0 up
	ip -n "$ID-node-a" link set br0 mtu 1400 # causes another notice
	[ "$(status_of mode)" = none ]
	ip -n "$ID-node-a" link set eth0 nomaster
	await says "$BACK $TC"
	hears node-b
	said 1 "'eth0' is a port of .*"
}

@test "if the interface that came back rejects the mode of --mode, that is reported once, and tried again" {
	lan node-a node-b
	attach_on node-a --mode native
	unplug
	await says "$GONE"
	ip -n "$ID-node-a" link add eth0 type bridge
	await has_line loader-node-a "^rollcall: cannot attach to 'eth0': .*--mode auto"
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$ID-node-a" link set eth0 mtu 1400
	ip -n "$ID-node-a" addr add 10.79.0.1/24 dev eth0
	unplug
	await said 2 "$GONE"
	plug_in
	await says "$BACK native"
	hears node-b
	said 1 "cannot attach .*"
}

@test "two interfaces of one loader: the other one goes on, and each comes back to its own" {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader-node-a
	hears node-b
	on node-b rollcall announce -4 eth1 --count 1
	await is_listed_on eth0 eth1
	unplug
	await says "$GONE"
	on node-b rollcall announce -4 eth1 --count 1
	await counted refreshed 1 1
	plug_in
	await says "$BACK $TC"
	is_listed_on eth0 eth1
	is_member eth1
	is_member eth0
}
is_listed_on() { [ "$(rollcall peers -j node-b | jq -r 'map(.interface) | sort | join(" ")')" = "$*" ]; }

@test "an interface that got the name of a deleted one is not attached twice" {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader-node-a
	unplug
	await says "$GONE"
	ip -n "$ID-node-a" link set eth1 name eth0
	await says "eth1: interface renamed to eth0"
	ip -n "$ID-node-a" link set eth0 mtu 1400
	on node-b rollcall announce -4 eth1 --count 1
	await lists node-b
	[ "$(rollcall status -j | jq -c '.interfaces | map([.name, .mode])')" = '[["eth0","none"],["eth0","'"$TC"'"]]' ]
	ip -n "$ID-node-a" link set eth0 name eth1
	await says "eth0: interface renamed to eth1"
	plug_in
	await says "$BACK $TC"
	said 1 "$GONE"
	said 1 "eth0: interface is present again.*"
}

@test "of two loaders the one whose interface is deleted does not affect the other" {
	lan node-a node-b
	second_lan node-a node-b
	attach_on node-a
	start other on node-a rollcall attach eth1
	await is_loader_of 1 other
	hears node-b
	on node-b rollcall announce -4 eth1 --count 1
	await is_listed_on eth0 eth1
	unplug
	await says "$GONE"
	plug_in
	await says "$BACK $TC"
	is_listed_on eth0 eth1
	reported 0 other
	stop loader-node-a
	is_listed_on eth1
	on node-b rollcall announce -4 eth1 --count 1
	await counted refreshed 1
	stop other
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "a second loader does not take an interface that the first one waits for" {
	lan node-a node-b
	attach_on node-a
	unplug
	await says "$GONE"
	kill -STOP "${PIDS[loader-node-a]}"
	plug_in
	fails_with 1 "'eth0' is attached already, by the loader with pid ${PIDS[loader-node-a]} " \
		on node-a rollcall attach eth0
	kill -CONT "${PIDS[loader-node-a]}"
	await says "$BACK $TC"
	hears node-b
}

@test "what was detached while the interface was made again stays detached" {
	lan node-a
	attach_on node-a
	kill -STOP "${PIDS[loader-node-a]}"
	swap
	start detach on node-a rollcall detach eth0
	await is_detached
	kill -CONT "${PIDS[loader-node-a]}"
	ends_with 0 loader-node-a
	ends_with 0 detach
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	[ "$(on node-a ip -d link show dev eth0 | grep -c prog/xdp)" = 0 ]
}

@test "what a process detached before it was killed stays detached" {
	lan node-a
	attach_on node-a
	kill -STOP "${PIDS[loader-node-a]}"
	swap
	bpftool map update pinned "$ROLLCALL_PIN_DIR/interfaces" key 0 0 0 0 value $(yes 0 | head -n 128)
	kill -CONT "${PIDS[loader-node-a]}"
	ends_with 0 loader-node-a
	says "eth0: detached by another process"
	says_nothing_but "eth0: detached by another process"
	[ "$(on node-a ip -d link show dev eth0 | grep -c prog/xdp)" = 0 ]
}

is_detached() { [ ! -e "$ROLLCALL_PIN_DIR/settings" ]; }

without_loader() {
	local before old
	before=$(entries)
	old=$(ifindex node-a eth0)
	stop loader-node-a KILL || true
	unplug
	lists node-b
	plug_in
	attach_on node-a --mode "$mode"
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	[ "$(rollcall status -j | jq -c '.interfaces | map([.name, .mode])')" = "[[\"eth0\",\"$mode\"]]" ]
	[ "$(ls "$ROLLCALL_PIN_DIR/links")" = "$([ "$mode" = clsact ] || ifindex node-a eth0)" ]
	hears later
	stop loader-node-a
}

@test "an interface that was recreated without a loader is attached by the next one, and no host is lost, in every mode" {
	each_mode without_loader
}

@test "an attach that fails keeps the hosts of an interface that was recreated" {
	lan node-a node-b
	attach_on node-a
	hears node-b
	stop loader-node-a KILL || true
	swap
	fails_with 1 "no interface 'eth7'" on node-a rollcall attach eth0 eth7
	lists node-b
	attach_on node-a
	[ "$(peers)" = node-b ]
	hears later
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "an interface deleted while no loader runs goes with the next attach elsewhere; its peers leave by expiry" {
	lan node-a node-b
	second_lan node-a
	attach_on node-a
	hears node-b
	stop loader-node-a KILL || true
	unplug
	start loader on node-a rollcall attach eth1
	await is_loader_of 0 loader
	[ "$(rollcall status -j | jq -c '.interfaces | map(.name)')" = '["eth1"]' ]
	lists node-b
	age node-b 36
	await lists_not node-b
	stop loader
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}
