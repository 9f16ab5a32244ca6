#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Announcing on interfaces that are removed and recreated. The interval is long in these tests, so a received
# announcement was sent at once.

load helper
load interfaces

# direct: connect node-a and node-b without a bridge. A port of a bridge may forward again a moment later than its
# interface is up.
direct() {
	lan node-a node-b
	ip -n "$ID-node-b" link del eth0
	ip -n "$LAN" link set port1 netns "$ID-node-b" name eth0
	ip -n "$ID-node-b" addr add 10.77.0.2/24 dev eth0
	ip -n "$ID-node-b" link set eth0 up
}

# listening CMD...: a listener of node-b receives the announcement of CMD once
listening() {
	start listener on node-b listener eth0
	await has_line listener listening
	"$@"
	await heard 1
}
heard() { [ "$(lines_with listener ': multitastic:node-a$')" -ge "$1" ]; }
announcer() { start announcer on node-a rollcall announce -4 eth0 --interval 1h "$@"; }
attached_announcer() { attach_on node-a -4 --announce --interval 1h "$@"; }

bounce() {
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 up
}

link_back() {
	ip -n "$ID-node-b" link set eth0 down
	await no_carrier
	ip -n "$ID-node-b" link set eth0 up
	await heard 2
	bounce
	await heard 3
}

@test "attach --announce announces at once when the link is back" {
	direct
	listening attached_announcer
	link_back
	says_nothing
}

@test "announce announces at once when the link is back" {
	direct
	listening announcer
	link_back
	reported 0 announcer
}

@test "a link that was down between two looks is announced on at once" {
	direct
	listening attached_announcer
	frozen bounce
	await heard 2
}

@test "attach --announce announces at once from an interface that was recreated" {
	lan node-a node-b
	listening attached_announcer
	unplug
	await says "$GONE"
	plug_in
	await says "$BACK $TC"
	await heard 2
	says_nothing_but "$GONE" "$BACK $TC"
}

@test "attach --announce announces at once from an interface that was in another namespace" {
	direct
	listening attached_announcer
	move_away
	await says "$GONE"
	move_back
	await heard 2
	says_nothing_but "$GONE" "$BACK $TC"
}

@test "announce follows its interface when that is deleted and made again" {
	lan node-a node-b
	listening announcer
	unplug
	await says "$GONE" announcer
	plug_in
	await says "eth0: interface is present again" announcer
	await heard 2
	reported 2 announcer
}

@test "announce follows its interface when that is renamed, and waits for its new name" {
	direct
	listening announcer
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 name lan7
	ip -n "$ID-node-a" link set lan7 up
	await says "eth0: interface renamed to lan7" announcer
	await heard 2
	ip -n "$ID-node-a" link del lan7
	await says "lan7: interface removed: waiting for it" announcer
	reported 2 announcer
}

@test "attach --announce goes on from an interface that was renamed, over both families" {
	lan node-a node-b
	start listener6 on node-b listener -6 eth0
	await has_line listener6 listening
	listening attach_on node-a --announce --interval 100ms
	ip -n "$ID-node-a" link set eth0 name lan7
	await says "eth0: interface renamed to lan7"
	await heard $(($(lines_with listener ': ') + 3))
	swap_lan7
	await says "lan7: interface is present again: attached in mode $TC"
	await heard $(($(lines_with listener ': ') + 3))
	local before
	before=$(lines_with listener6 ': ')
	await heard6 $((before + 3))
}
heard6() { [ "$(lines_with listener6 ': multitastic:node-a$')" -ge "$1" ]; }
swap_lan7() {
	ip -n "$ID-node-a" link del lan7
	plug_in
	ip -n "$ID-node-a" link set eth0 name lan7
}

@test "attach --announce reports an interface without an address, and announces at once when it has one" {
	lan node-a node-b
	ip -n "$ID-node-a" addr flush dev eth0
	start listener on node-b listener eth0
	await has_line listener listening
	attached_announcer
	says "cannot announce on 'eth0': it has no IPv4 address; still trying \(see 'ip address show dev eth0'\)"
	ip -n "$ID-node-a" addr add 10.77.0.1/24 dev eth0
	await heard 1
	await says "announcing node-a every 1h on eth0 \(10\.77\.0\.1.*\)"
}

@test "announce waits for the alternative name by which it was started" {
	direct
	on node-a ip link property add dev eth0 altname lan-port
	start listener on node-b listener eth0
	await has_line listener listening
	start announcer on node-a rollcall announce -4 lan-port --interval 1h
	await heard 1
	ip -n "$ID-node-a" link del eth0
	await says "$GONE" announcer
	ip -n "$ID-node-b" link add eth0 type veth peer name other7 netns "$ID-node-a"
	ip -n "$ID-node-b" link set eth0 up
	stop listener || true
	ip -n "$ID-node-b" addr add 10.77.0.2/24 dev eth0
	start listener on node-b listener eth0
	await has_line listener listening
	on node-a ip addr add 10.77.0.1/24 dev other7
	on node-a ip link property add dev other7 altname lan-port
	on node-a ip link set other7 up
	await says "other7: interface is present again" announcer
	await heard 1
}
