#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Do announcements reach the interface? The tests check the membership of the group with a live loader and after its
# death, the reaction when announcements stop, and the output of 'status'.
# bats file_tags=long

load helper

# --- IGMP/MLD snooping switches, which forward announcements only to members ----------------------

# snooping_lan: connect node-a to node-c by a switch that forwards a group only to ports with a member, and removes a
# port at once when its member leaves. node-c is a member, so that the switch knows the groups.
snooping_lan() {
	lan node-a node-b node-c
	# the bridge sends no IPv6 queries for half a minute if its address cannot be used yet
	await switch_is_settled
	# before the querier is enabled, because the switch then waits for the response interval
	ip -n "$LAN" link set lan0 type bridge mcast_query_response_interval 100
	ip -n "$LAN" link set lan0 type bridge mcast_querier 1
	in_lan bridge link set dev port1 fastleave on
	start member4 on node-c listener eth0
	start member6 on node-c listener -6 eth0
	await is_told 3 239.2.3.4
	await is_told 3 ff02::ef02:304
	# only the filter, without a member; the tests use many names
	attach_on node-a --names-per-source 0
	stop loader-node-a KILL || true
	await is_cut_off -4
	await is_cut_off -6
}

switch_is_settled() { ip -n "$LAN" -6 -o addr show dev lan0 scope link -tentative | grep -q inet6; }

# is_told N GROUP: the switch knows a member of GROUP at port N
is_told() { in_lan bridge mdb show | grep -q "port port$1 grp $2 "; }
is_not_told() { ! is_told "$@"; }

# reaches_always N MODE: with MODE 2 the switch forwards all multicast to port N, with MODE 1 no longer
reaches_always() { in_lan bridge link set dev "port$1" mcast_router "$2"; }

call() { on node-b rollcall announce "$1" eth0 --count 1 --hostname "$2"; }

# is_cut_off FAMILY: the filter of node-a does not receive an announcement of node-b, but receives a later frame
is_cut_off() {
	local status=0
	CALLS=$((${CALLS:-0} + 1))
	call "$1" "lost-$CALLS"
	reaches_always 1 2
	call "$1" "after-$CALLS"
	await lists "after-$CALLS" || status=$?
	reaches_always 1 1
	((status == 0)) && lists_not "lost-$CALLS"
}

# hears FAMILY: the filter of node-a receives the next announcement of node-b
hears() {
	CALLS=$((${CALLS:-0} + 1))
	call "$1" "call-$CALLS"
	await lists "call-$CALLS"
}

# comes_through FAMILY NAME: one of several announcements was recorded, even if it has expired since
comes_through() { call "$1" "$2" && has_line loader-node-a " join +$2 "; }

# forgets_with_the_loader FAMILY GROUP
forgets_with_the_loader() {
	snooping_lan
	attach_on node-a
	await is_told 1 "$2"
	hears "$1"
	# with a loader, the switch is notified after down and up
	ip -n "$ID-node-a" link set eth0 down
	await is_not_told 1 "$2"
	ip -n "$ID-node-a" link set eth0 up
	await is_told 1 "$2"
	await is_settled node-a eth0
	hears "$1"
	stop loader-node-a KILL || true
	await is_not_told 1 "$2"
	is_cut_off "$1"
	attach_on node-a
	await is_told 1 "$2"
	hears "$1"
}

@test "behind a snooping switch IPv4 announcements stop with a killed loader, and the next one brings them back" {
	forgets_with_the_loader -4 239.2.3.4
}

@test "behind a snooping switch IPv6 announcements stop with a killed loader, and the next one brings them back" {
	forgets_with_the_loader -6 ff02::ef02:304
}

# mutes FAMILY GROUP PREFIX: shows why no autojoin address is used, although it would keep the membership at the switch
mutes() {
	snooping_lan
	on node-a ip addr add "$2/$3" dev eth0 autojoin
	await is_told 1 "$2"
	start ear on node-b listener ${1/-4/} eth0
	await has_line ear listening
	await is_told 2 "$2"
	on node-a ip route get "$2" oif eth0 | grep -q ' dev lo '
	on node-a rollcall announce "$1" eth0 --count 1 --hostname unheard
	ip -n "$ID-node-a" link set eth0 down
	await is_not_told 1 "$2"
	ip -n "$ID-node-a" link set eth0 up
	await is_told 1 "$2"
	await is_settled node-a eth0
	on node-a ip addr del "$2/$3" dev eth0 || [ "$1" = -6 ] # an IPv6 address is removed by down, unlike the membership
	on node-a ip route get "$2" oif eth0 | grep -q ' dev eth0 '
	on node-a rollcall announce "$1" eth0 --count 1 --hostname heard
	await has_line ear ':heard$'
	run ! has_line ear ':unheard$'
}

@test "an IPv4 autojoin address would hold the switch, but keep this host's own announcements from the wire" {
	mutes -4 239.2.3.4 32
}

@test "an IPv6 autojoin address would hold the switch, but keep this host's own announcements from the wire" {
	mutes -6 ff02::ef02:304 128
}

# filtering_nic HOST: create mac0, which accepts frames of a group only if the group is in its multicast list. It
# compares eight bits of a hash that is salted per namespace.
filtering_nic() {
	ip -n "$ID-$1" link add mac0 link eth0 type macvlan mode bridge
	ip -n "$ID-$1" link set mac0 up
}

# mac_hears HOST: mac0 of HOST receives an announcement of node-b. A later frame is received in any case.
mac_hears() {
	CALLS=$((${CALLS:-0} + 1))
	announce_from node-b --hostname "call-$CALLS"
	on "$1" ip link set mac0 allmulticast on
	announce_from node-b --hostname "after-$CALLS"
	await lists "after-$CALLS"
	on "$1" ip link set mac0 allmulticast off
	lists "call-$CALLS"
}

# passes_without_loader HOST: frames pass with the static entry, and not without it
passes_without_loader() {
	filtering_nic "$1"
	start "loader-$1" on "$1" rollcall attach mac0
	await loader_is_in_place "$1"
	stop "loader-$1" KILL || true
	mac_hears "$1" || return 2
	ip -n "$ID-$1" link set mac0 down
	ip -n "$ID-$1" link set mac0 up
	mac_hears "$1" || return 2
	on "$1" ip maddr del 01:00:5e:02:03:04 dev mac0
	mac_hears "$1" || true # macvlan uses its previous list until the next change
	! mac_hears "$1"
}

@test "a NIC that filters by its multicast list goes on passing announcements when the loader is killed" {
	local host status
	lan node-a node-b node-c node-d node-e
	# another group of the host has the same hash in one of fifty cases
	for host in node-a node-c node-d node-e; do
		status=0
		passes_without_loader "$host" || status=$?
		on "$host" rollcall detach --all
		((status == 1)) || break
	done
	[ "$status" -eq 0 ]
}

# --- static entries: only those of rollcall are removed ------------------------------------------

# entries HOST: print the static entries of the multicast list of eth0, as "01:00:5e:02:03:04 33:33:ef:02:03:04"
entries() { on "$1" ip maddr show dev eth0 | awk '/ static$/ { print $2 }' | sort | paste -sd' '; }

IPV4_ENTRY=01:00:5e:02:03:04
IPV6_ENTRY=33:33:ef:02:03:04

@test "attach enters the groups in the multicast list, and whichever way it ends takes them out again" {
	local way
	lan node-a
	for way in INT TERM detach 'kill -9'; do
		[ "$(entries node-a)" = "" ]
		attach_on node-a
		[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
		case $way in
		INT | TERM) stop loader-node-a "$way" ;;
		detach)
			on node-a rollcall detach eth0
			ends_with 0 loader-node-a
			;;
		'kill -9')
			stop loader-node-a KILL || true
			[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
			on node-a rollcall detach --all
			;;
		esac
	done
	[ "$(entries node-a)" = "" ]
}

@test "the entries stay with --keep, with SIGHUP and after a kill, and go with the next loader that took them over" {
	local way
	lan node-a
	for way in TERM HUP KILL; do
		attach_on node-a --keep
		stop loader-node-a "$way" || true
		[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
		ip -n "$ID-node-a" link set eth0 down
		ip -n "$ID-node-a" link set eth0 up
		[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
		attach_on node-a
		[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
		stop loader-node-a
		[ "$(entries node-a)" = "" ]
	done
}

@test "a loader that takes over in another mode keeps the entries, and takes them out in the end" {
	lan node-a
	attach_on node-a
	stop loader-node-a KILL || true
	attach_on node-a --mode clsact
	[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
	stop loader-node-a
	[ "$(entries node-a)" = "" ]
}

@test "a multicast entry of another program stays, however the loader ends" {
	lan node-a
	on node-a ip maddr add "$IPV4_ENTRY" dev eth0
	attach_on node-a
	[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
	stop loader-node-a KILL || true
	attach_on node-a
	stop loader-node-a
	[ "$(entries node-a)" = "$IPV4_ENTRY" ]
}

@test "a multicast entry that another program removed is made again by the next loader, and removed by it" {
	lan node-a
	attach_on node-a
	stop loader-node-a KILL || true
	on node-a ip maddr del "$IPV6_ENTRY" dev eth0
	attach_on node-a
	[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
	stop loader-node-a
	[ "$(entries node-a)" = "" ]
}

@test "a multicast entry that was removed already is no error at the end" {
	lan node-a
	attach_on node-a
	on node-a ip maddr del "$IPV6_ENTRY" dev eth0
	stop loader-node-a
	[ "$(entries node-a)" = "" ]
	reported 0 loader-node-a
}

@test "with -4 or -6 only that family is entered, and the next loader sees to the same" {
	lan node-a
	attach_on node-a -4
	[ "$(entries node-a)" = "$IPV4_ENTRY" ]
	stop loader-node-a KILL || true
	attach_on node-a -6
	[ "$(entries node-a)" = "$IPV6_ENTRY" ]
	stop loader-node-a
	[ "$(entries node-a)" = "" ]
}

@test "groups of other addresses are entered as such, and --replace takes the old ones out" {
	lan node-a
	attach_on node-a --group 239.135.7.9 --group6 ff05::1:2:a
	[ "$(entries node-a)" = "01:00:5e:07:07:09 33:33:00:02:00:0a" ]
	stop loader-node-a KILL || true
	attach_on node-a --group 239.2.3.4 --replace
	[ "$(entries node-a)" = "$IPV4_ENTRY $IPV6_ENTRY" ]
	stop loader-node-a
	[ "$(entries node-a)" = "" ]
}

@test "an attach that fails removes the entries that it made" {
	lan node-a
	second_lan node-a
	fails_with 1 "no interface 'eth7'" on node-a rollcall attach eth0 eth7
	[ "$(entries node-a)" = "" ]
}

@test "if no multicast entry can be made, only -v reports it, and the filter records" {
	lan node-a node-b
	ip -n "$ID-node-a" link add ifb7 type ifb
	ip -n "$ID-node-a" link set ifb7 up multicast on
	start quiet on node-a rollcall attach ifb7 --keep
	await is_loader_of 0 quiet
	stop quiet
	reported 0 quiet
	start loader on node-a rollcall attach ifb7 -v
	await is_loader_of 0 loader
	has_line loader "cannot keep the multicast list of 'ifb7'"
	stop loader
}

# what_it_sends_from HOST: print addresses and routes, and the source addresses that the kernel chooses
what_it_sends_from() {
	on "$1" ip -o addr show dev eth0
	on "$1" ip route show table all
	on "$1" ip -6 route show table all
	local to
	for to in 239.2.3.4 224.0.0.251 ff02::ef02:304; do on "$1" ip route get "$to" oif eth0 2>&1 | head -n 1; done
}

@test "attaching changes neither addresses nor routes, nor what this host sends from, with an address or without" {
	local before
	lan node-a node-b
	before=$(what_it_sends_from node-a)
	attach_on node-a
	diff <(echo "$before") <(what_it_sends_from node-a)
	start ear on node-b listener eth0
	await has_line ear listening
	announce_from node-a
	await has_line ear '^10\.77\.0\.1 port .*:node-a$'
	stop loader-node-a
	ip -n "$ID-node-a" addr del 10.77.0.1/24 dev eth0
	before=$(what_it_sends_from node-a)
	attach_on node-a
	diff <(echo "$before") <(what_it_sends_from node-a)
	ip -n "$ID-node-a" addr add 10.77.0.9/24 dev eth0
	announce_from node-a
	await has_line ear '^10\.77\.0\.9 port .*:node-a$'
}

# --- the watchdog -----------------------------------------------------------------------------------

# is_forgotten N GROUP: the switch forgets the member at port N
is_forgotten() {
	in_lan bridge mdb del dev lan0 port "port$1" grp "$2" temp
	is_not_told "$1" "$2"
}

@test "when announcements stop for an expiry, the membership is reported to the switch again" {
	local group
	snooping_lan
	on node-a rollcall detach --all
	attach_on node-a --expiry 1s -v
	await is_told 1 239.2.3.4
	await is_told 1 ff02::ef02:304
	await comes_through -4 before
	# Linux itself sends each report twice: a third report is sent by the watchdog
	for _ in 1 2 3; do
		for group in 239.2.3.4 ff02::ef02:304; do
			await is_forgotten 1 "$group"
			await is_told 1 "$group"
		done
	done
	has_line loader-node-a "no announcement on 'eth0' for an expiry: joining the group again"
	await comes_through -4 over-ipv4
	await comes_through -6 over-ipv6
}

@test "the watchdog does nothing without announcements, while they come, and between two expiries" {
	watchdog
}

@test "without -v the watchdog joins again without a message" {
	lan node-a node-b
	attach_on node-a --expiry 1s
	announce_from node-b
	await lists node-b
	start strace strace -f -e trace=setsockopt -o "$T/trace" -p "${PIDS[loader-node-a]}"
	await has_line strace attached
	await grep -q IP_ADD_MEMBERSHIP "$T/trace"
	reported 0 loader-node-a
}
