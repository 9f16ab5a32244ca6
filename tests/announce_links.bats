#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# 'rollcall announce' without IFACE: which interfaces it announces on.

load helper

INTERVAL=(--interval 100ms)

# announces OPTION...: start the announcer of node-a, on every suitable interface
announces() { start announcer on node-a rollcall announce "${INTERVAL[@]}" "$@"; }

# announces_on IFACE...: the announcer has reported exactly these interfaces
announces_on() { diff <(printf '%s\n' "$@") <(sed -nE 's/^rollcall: announcing node-a every 100ms on ([^ ]+) .*/\1/p' "$(out announcer)" | sort -u); }


@test "without IFACE it announces on each suitable interface, and reports where and from which addresses" {
	lan node-a node-b
	second_lan node-a node-b
	start loader on node-b rollcall attach eth0 eth1
	await is_loader_of 0 loader
	announces
	await lists node-a
	await announces_on eth0 eth1
	has_line announcer '^rollcall: announcing node-a every 100ms on eth0 \(10\.77\.0\.1, fe80::[0-9a-f:]+\)$'
	has_line announcer '^rollcall: announcing node-a every 100ms on eth1 \(10\.78\.0\.1, fe80::[0-9a-f:]+\)$'
	await on_both_lans
	[ "$(wc -l <"$(out announcer)")" = 2 ]
}
on_both_lans() { [ "$(rollcall peers -4 -a -H node-a | awk '{ print $2 }' | sort | xargs)" = '10.77.0.1 10.78.0.1' ]; }

# two_cards: node-a has a second interface on the first LAN, in the same subnet, whose route has a larger metric
two_cards() {
	ip -n "$ID-node-a" -batch - <<-EOF
		link add wlan0 type veth peer name card2 netns $LAN
		addr add 10.77.0.101/24 dev wlan0 noprefixroute
		link set wlan0 up
		route add 10.77.0.0/24 dev wlan0 src 10.77.0.101 metric 600
	EOF
	ip -n "$LAN" link set card2 master lan0 up
	await is_settled node-a wlan0
}

@test "a host with two cards on one LAN announces on that with the lower metric, and on the other when that one is down" {
	lan node-a node-b
	two_cards
	attach_on node-b
	announces
	await announced_from 10.77.0.1 node-b
	announces_on eth0
	ip -n "$ID-node-a" link set eth0 down
	await announced_from 10.77.0.101 node-b
	ip -n "$ID-node-a" link set eth0 up
	await announced_from 10.77.0.1 node-b
	# nothing is in conflict: a conflict would be two changes of the address within an expiry
	stop announcer
	stop loader-node-b
	attach_on node-b
	announces
	await received_often
	[ "$(rollcall peers -4 -H node-a | awk '{ print $2, $8 }')" = '10.77.0.1 ' ]
}
announced_from() { [ "$(rollcall peers -4 -H node-a | awk '{ print $2 }')" = "$1" ]; }
received_often() { [ "$(rollcall peers -4 -j node-a | jq '.[0].announcements')" -ge 5 ]; }

@test "a card without carrier does not keep the other card of its LAN from announcing" {
	lan node-a node-b
	two_cards
	attach_on node-b
	announces
	await announced_from 10.77.0.1 node-b
	ip -n "$LAN" link set port1 down
	await announced_from 10.77.0.101 node-b
}

@test "--all-links announces on every card of one LAN, --exclude leaves some interfaces out" {
	lan node-a node-b
	second_lan node-a node-b
	two_cards
	announces --all-links
	await announces_on eth0 eth1 wlan0
	stop announcer
	announces --exclude 'eth*'
	await announces_on wlan0
	stop announcer
	announces --exclude 'wlan*' --exclude eth1
	await announces_on eth0
}

@test "a bridge announces and its ports do not, nor does an interface without address or multicast, or the loopback device" {
	lan node-a node-b
	ip -n "$ID-node-a" -batch - <<-EOF
		addr flush dev eth0
		link add br0 type bridge
		link set eth0 master br0
		addr add 10.77.0.1/24 dev br0
		link set br0 up
		link add bare0 type veth peer name bare1
		link set bare0 addrgenmode none up
		link set bare1 addrgenmode none up
		link add deaf0 type veth peer name deaf1
		addr add 10.79.0.1/24 dev deaf0
		link set deaf0 multicast off up
	EOF
	announces -4
	await announces_on br0
}

@test "interfaces are followed as they come and go, also when there is none at the beginning" {
	lan node-a node-b
	second_lan node-b
	ip -n "$ID-node-a" link set eth0 down
	announces -4
	await has_line announcer '^rollcall: no suitable interface: waiting for one \(see .*\)$'
	ip -n "$ID-node-a" link set eth0 up
	await announces_on eth0
	ip -n "$ID-node-a" -batch - <<-EOF
		link add late0 type veth peer name late1 netns $LAN
		addr add 10.80.0.1/24 dev late0
		link set late0 up
	EOF
	ip -n "$LAN" link set late1 up
	await announces_on eth0 late0
	ip -n "$ID-node-a" link del late0
	await has_line announcer '^rollcall: late0: no longer suitable: not announcing there$'
	[ "$(wc -l <"$(out announcer)")" = 4 ]
}

@test "--count without a suitable interface fails, and -q prints only what goes wrong" {
	lan node-a
	ip -n "$ID-node-a" link set eth0 down
	fails_with 1 '^rollcall: no suitable interface \(see .*\)$' on node-a rollcall announce --count 1
	ip -n "$ID-node-a" link set eth0 up
	await is_settled node-a eth0
	run -0 on node-a rollcall announce -q --count 1
	[ -z "$output" ]
}

@test "what has no effect together is wrong usage, and an interval that is too long is reported" {
	lan node-a
	fails_with 2 '^rollcall: --all-links has no effect on interfaces that are named' on node-a rollcall announce eth0 --all-links
	fails_with 2 '^rollcall: --exclude has no effect on interfaces that are named' on node-a rollcall announce eth0 --exclude 'a*'
	fails_with 2 '^rollcall: --group6 has no effect with -4' on node-a rollcall announce -4 --group6 ff02::1 --count 1
	fails_with 2 "^rollcall: --exclude: '' is not a pattern of interface names" on node-a rollcall announce --exclude ''
	for glob in '[w' 'e*[' '[!]' '[]a'; do
		run -2 on node-a rollcall announce --exclude "$glob" --count 1
		[ "$output" = "rollcall: --exclude: '$glob' is not a pattern: a bracket is not closed (see 'rollcall announce --help')" ]
	done
	for glob in '[v]' '[!a]x' '[]]' '[!]a]' '\[w' 'v]'; do on node-a rollcall announce --exclude "$glob" eth0 2>&1 | grep -q 'no effect'; done
}

@test "an interval that is given and is above a third of the expiry is reported, the default is not" {
	local set="with an expiry of 35s: set an interval of at most a third of the expiry"
	lan node-a
	for interval in 12s 15s; do
		run -0 on node-a rollcall announce -q --count 1 --interval "$interval" eth0
		[ "$output" = "rollcall: hosts that announce every $interval are removed when two announcements are lost $set" ]
	done
	run -0 on node-a rollcall announce -q --count 1 --interval 20s eth0
	[ "$output" = "rollcall: hosts that announce every 20s are removed when one announcement is lost $set" ]
	run -0 on node-a rollcall-announce -q --count 1 --interval 40s eth0
	[ "$output" = "rollcall-announce: hosts that announce every 40s are removed between announcements $set" ]
	for interval in '' '--interval 11s'; do
		run -0 on node-a rollcall announce -q --count 1 $interval eth0
		[ -z "$output" ]
	done
}

@test "a hostname with a dot is reported, because the name service does not answer it by default" {
	lan node-a
	for program in 'rollcall announce' rollcall-announce; do
		run -0 on node-a $program -q --count 1 --hostname Web1.example.org eth0
		[ "$output" = "${program% *}: hostname 'Web1.example.org': names with a dot are not answered by libnss_rollcall(8) by default: announce 'Web1'" ]
	done
	start loader on node-a rollcall attach eth0 --announce --hostname web1.lan
	await has_line loader "^rollcall: hostname 'web1.lan': names with a dot .*: announce 'web1'$"
	run -0 on node-a rollcall announce -q --count 1 --hostname web1 eth0
	[ -z "$output" ]
}
