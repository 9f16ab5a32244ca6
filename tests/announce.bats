#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The announcer: what it sends and when, and what happens if an interface has no link or no address.

load helper

# two hosts; the second has a listener on a UDP socket
setup_more() {
	lan node-a node-b
	start listener on node-b listener eth0
	await has_line listener listening
}

# heard N: the listener has received at least N announcements, of any names
heard() { [ "$(lines_with listener ': ')" -ge "$1" ]; }

# sleeps NAME: print how often the process NAME has gone to sleep
sleeps() { awk '/^voluntary_ctxt_switches/ { print $2 }' "/proc/${PIDS[$1]}/status"; }
slept_since() { [ "$(sleeps "$1")" -ge "$2" ]; }

@test "an announcement is the prefix and the short hostname, with TTL 1, from no port of ours" {
	on node-a hostname node-a.example.org
	announce_from node-a
	await heard 1
	has_line listener '^10\.77\.0\.1 port [0-9]+ ttl 1 bytes 18: multitastic:node-a$'
	run ! has_line listener 'port 49001 '
}

@test "announce announces at once, reports that, and goes on until it is stopped" {
	start announcer on node-a rollcall announce eth0
	await heard 1
	kill -0 "${PIDS[announcer]}"
	stop announcer INT
	start announcer on node-a rollcall announce eth0 --interval 100ms
	await heard 5
	stop announcer TERM
	[[ $(cat "$(out announcer)") =~ ^rollcall:\ announcing\ node-a\ every\ 100ms\ on\ eth0\ \(10\.77\.0\.1,\ fe80::[0-9a-f:]+\)$ ]]
}

@test "announce --count announces that many times and exits" {
	on node-a rollcall announce eth0 --count 3 --interval 100ms
	announce_from node-a --hostname last
	await has_line listener ':last$'
	[ "$(lines_with listener ':node-a$')" = 3 ]
}

@test "announce --hostname and --prefix announce that name behind that prefix" {
	announce_from node-a --hostname Other_1.x --prefix 'p '
	await has_line listener ' bytes 11: p\\20Other_1\.x$'
}

@test "announce announces itself again when the interval is over, up to a tenth earlier" {
	start announcer on node-a rollcall announce eth0 --interval 100s
	await heard 1
	# the time until the timer expires
	local seconds
	seconds=$(sed -nE 's/^it_value: \(([0-9]+), .*/\1/p' "/proc/${PIDS[announcer]}"/fdinfo/*)
	[ "$seconds" -le 100 ]
	[ "$seconds" -ge $((90 - AWAIT_SECONDS)) ]
}

@test "a nodename that changes is announced from the next announcement on" {
	start announcer on node-a rollcall announce eth0 --interval 100ms
	await has_line listener ':node-a$'
	on node-a hostname renamed.example.org
	await has_line listener ':renamed$'
}

@test "announce on several interfaces announces on each from its own address" {
	second_lan node-a node-b
	stop listener || true
	start listener on node-b listener eth0
	start second on node-b listener eth1 49002
	await has_line listener listening
	await has_line second listening
	on node-a rollcall announce -4 eth0 eth1 --count 1
	on node-a rollcall announce -4 eth0 eth1 --count 1 --port 49002
	await has_line listener '^10\.77\.0\.1 '
	await has_line second '^10\.78\.0\.1 '
}

@test "announce on the loopback device announces, and reports that no other host receives it" {
	run -0 on node-a rollcall announce -q lo eth0 --count 1
	[ "$output" = "rollcall: lo: loopback interface: no other host receives announcements on it" ]
	await heard 1
}

# with_dad N: eth0 of node-a loses its IPv6 address, and gets it again after N probes for a duplicate, one per second
with_dad() {
	on node-a sh -c 'cd /proc/sys/net/ipv6/conf/eth0 && echo 1 >accept_dad && echo "$0" >dad_transmits' "$1"
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 up
	await has_tentative node-a
}
has_tentative() { [[ $(ip -n "$ID-$1" -6 -o addr show dev eth0 tentative) = *inet6* ]]; }

@test "announcing is not reported, nor a missing address, while the address is tentative" {
	on node-a ip addr del 10.77.0.1/24 dev eth0
	for target in '' eth0; do
		with_dad 2
		start announcer on node-a rollcall announce $target --interval 100ms
		await has_line announcer '^rollcall: announcing node-a every 100ms on eth0 \(fe80::[0-9a-f:]+\)$'
		stop announcer
		run ! grep -v 'no suitable interface: waiting for one\|announcing node-a every' "$(out announcer)"
	done
	with_dad 60
	fails_with 1 "^rollcall: cannot announce on 'eth0': its address is tentative \(see 'ip address show dev eth0'\)$" on node-a rollcall announce eth0 --count 1
}

@test "the reason why there is no address to announce from is that of the family: none, or one of another host" {
	on node-a ip addr flush dev eth0 scope link
	fails_with 1 "^rollcall: cannot announce on 'eth0': it has no IPv6 address \(see " on node-a rollcall announce -6 eth0 --count 1
	on node-b ip addr add fe80::77/64 dev eth0 nodad
	on node-a sh -c 'cd /proc/sys/net/ipv6/conf/eth0 && echo 1 >accept_dad && echo 1 >dad_transmits'
	on node-a ip addr add fe80::77/64 dev eth0
	await is_duplicate node-a
	fails_with 1 "^rollcall: cannot announce on 'eth0': another host has its address \(see " on node-a rollcall announce -6 eth0 --count 1
}
is_duplicate() { [[ $(ip -n "$ID-$1" -6 -o addr show dev eth0 dadfailed) = *inet6* ]]; }

@test "a family whose addresses are removed is reported once, and so is its return" {
	start announcer on node-a rollcall announce eth0 --interval 100ms
	await heard 2
	on node-a ip addr del 10.77.0.1/24 dev eth0
	await has_line announcer "^rollcall: cannot announce over IPv4 on 'eth0': it has no address; still trying \(see 'ip address show dev eth0'\)$"
	await slept_since announcer $(($(sleeps announcer) + 4))
	on node-a ip addr add 10.77.0.12/24 dev eth0
	await has_line announcer "^rollcall: announcing on 'eth0' again \(10\.77\.0\.12, fe80::[0-9a-f:]+\)$"
	[ "$(wc -l <"$(out announcer)")" = 3 ]
}

@test "a host with the name localhost is announced, and that is reported once with the remedy" {
	on node-a hostname localhost.localdomain
	start announcer on node-a rollcall announce -q eth0 --interval 100ms
	await heard 3
	stop announcer
	[ "$(cat "$(out announcer)")" = "rollcall: hostname 'localhost' does not identify this host (set another with 'hostnamectl hostname', or give --hostname)" ]
	run -0 on node-a rollcall announce -q eth0 --count 1 --hostname other
	[ -z "$output" ]
}

@test "announce --count 1 reports no interval, and -v prints announcements below that report" {
	run -0 on node-a rollcall announce -4 eth0 --count 1
	[ "$output" = 'rollcall: announcing node-a on eth0 (10.77.0.1)' ]
	run -0 on node-a rollcall announce -4 -v eth0 --count 2 --interval 100ms
	[ "${lines[0]}" = 'rollcall: announcing node-a every 100ms on eth0 (10.77.0.1)' ]
	[ "${lines[1]}" = 'rollcall: announced node-a on eth0 from 10.77.0.1' ]
	[ "${lines[2]}" = "${lines[1]}" ]
}

@test "announce needs no privilege" {
	on node-a setpriv --reuid=65534 --clear-groups --inh-caps=-all rollcall announce eth0 --count 1
	await heard 1
}

@test "announce works beside a listener on its own host" {
	start own on node-a listener eth0
	await has_line own listening
	announce_from node-a
	await heard 1
}

@test "an announcer whose link is down reports that once, and announces again when it can" {
	start announcer on node-a rollcall announce eth0 --interval 100ms
	await heard 1
	ip -n "$LAN" link set port1 down
	await has_line announcer "^rollcall: cannot announce on 'eth0': Network is down; still trying \(see 'ip link show dev eth0'\)$"
	await slept_since announcer $(($(sleeps announcer) + 4))
	local before
	before=$(lines_with listener ': ')
	ip -n "$LAN" link set port1 up
	await has_line announcer "^rollcall: announcing on 'eth0' again \(10\.77\.0\.1(, fe80::[0-9a-f:]+)?\)$"
	await heard $((before + 2))
	[ "$(wc -l <"$(out announcer)")" = 3 ]
}

@test "an announcer whose interface is taken down reports that once, and announces again when it can" {
	start announcer on node-a rollcall announce eth0 --interval 100ms
	await heard 1
	ip -n "$ID-node-a" link set eth0 down
	await has_line announcer "^rollcall: cannot announce on 'eth0': Network is down; still trying \(see 'ip link show dev eth0'\)$"
	await slept_since announcer $(($(sleeps announcer) + 4))
	local before
	before=$(lines_with listener ': ')
	ip -n "$ID-node-a" link set eth0 up
	await has_line announcer "^rollcall: announcing on 'eth0' again \(10\.77\.0\.1(, fe80::[0-9a-f:]+)?\)$"
	await heard $((before + 2))
	[ "$(wc -l <"$(out announcer)")" = 3 ]
}

@test "an announcer whose interface has no address waits for one, and never uses another's" {
	second_lan node-a
	on node-a ip addr del 10.77.0.1/24 dev eth0
	start announcer on node-a rollcall announce -4 eth0 --interval 100ms
	await has_line announcer "^rollcall: cannot announce on 'eth0': it has no IPv4 address; still trying \(see 'ip address show dev eth0'\)$"
	await slept_since announcer $(($(sleeps announcer) + 4))
	on node-a ip addr add 10.77.0.11/24 dev eth0
	await has_line listener '^10\.77\.0\.11 '
	has_line announcer '^rollcall: announcing node-a every 100ms on eth0 \(10\.77\.0\.11\)$'
	[ "$(wc -l <"$(out announcer)")" = 2 ]
	# checked at once, because further announcements follow
	[ "$(grep ': ' "$(out listener)" | grep -cv '^10\.77\.0\.11 ')" = 0 ]
}

@test "announce --count fails when no announcement was sent" {
	ip -n "$LAN" link set port1 down
	await no_carrier node-a
	fails_with 1 "^rollcall: cannot announce on 'eth0': Network is down \\(see 'ip link show dev eth0'\\)$" announce_from node-a
}

@test "announce --count tries until its last time, and reports that one" {
	ip -n "$LAN" link set port1 down
	await no_carrier node-a
	run --separate-stderr on node-a rollcall announce eth0 --count 2 --interval 100ms
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "rollcall: cannot announce on 'eth0': Network is down; still trying (see 'ip link show dev eth0')" ]
	[ "${stderr_lines[1]}" = "rollcall: cannot announce on 'eth0': Network is down (see 'ip link show dev eth0')" ]
	[ "${#stderr_lines[@]}" -eq 2 ]
}

no_carrier() { on "$1" ip link show dev eth0 | grep -q NO-CARRIER; }

@test "a nodename that no receiver would take is not announced" {
	on node-a sh -c 'echo _x >/proc/sys/kernel/hostname'
	fails_with 1 "this host's name '_x' cannot be announced.*--hostname" announce_from node-a
	announce_from node-a --hostname x
	await heard 1
}

# has_received PATTERN: the first line of the listener matches PATTERN; announce_from does not wait for it
has_received() {
	await heard 1
	has_line listener "$1"
}
only_address() {
	on node-a ip addr flush dev eth0
	on node-a ip addr add "$@" dev eth0
}

@test "announce uses an IPv4 address that has a label" {
	only_address 10.77.0.21/24 label eth0:lan
	announce_from node-a
	has_received '^10\.77\.0\.21 '
}

@test "attach --announce uses an IPv4 address that has a label" {
	only_address 10.77.0.21/24 label eth0:lan
	attach_on node-a -4 --announce
	has_received '^10\.77\.0\.21 '
	run ! grep -vE '^rollcall: (eth0: attached|announcing node-a every) ' "$(out loader-node-a)"
}

@test "announce uses this host's side of a peer-to-peer address" {
	only_address 10.77.0.22 peer 10.77.0.99
	announce_from node-a
	has_received '^10\.77\.0\.22 '
}

@test "announce prefers a primary address to a secondary one, and a global one to a link-local one" {
	only_address 169.254.7.7/16 scope link
	on node-a ip addr add 10.77.0.23/24 dev eth0
	on node-a ip addr add 10.77.0.24/24 dev eth0
	announce_from node-a
	has_received '^10\.77\.0\.23 '
}

@test "announce uses a link-local IPv4 address, and not the one of another interface" {
	second_lan node-a
	only_address 169.254.7.7/16 scope link
	announce_from node-a
	has_received '^169\.254\.7\.7 '
}

LONG_NAME=$(printf 'x%.0s' {1..127})
@test "announce takes alternative names, up to 127 characters" {
	on node-a ip link property add dev eth0 altname lan-port altname "$LONG_NAME"
	on node-a rollcall announce -4 lan-port --count 1
	has_received '^10\.77\.0\.1 '
	on node-a rollcall announce -4 "$LONG_NAME" --count 1 --hostname other
	await has_line listener ':other$'
	fails_with 1 "no interface 'x{124}\\.\\.\\.' \\(see 'ip link'\\)$" on node-a rollcall announce -4 "${LONG_NAME}x" --count 1
}

@test "announce sends once on an interface that is named twice" {
	on node-a ip link property add dev eth0 altname lan-port
	on node-a rollcall announce -4 eth0 lan-port eth0 --count 1
	announce_from node-a --hostname last
	await has_line listener ':last$'
	[ "$(lines_with listener ':node-a$')" = 1 ]
}

@test "an announcer whose send queue is full reports that once, and announces again when it can" {
	on node-a tc qdisc add dev eth0 root tbf rate 64bit burst 1600 limit 30000
	start announcer on node-a rollcall announce -4 eth0 --interval 100ms
	await has_line announcer "^rollcall: cannot announce on 'eth0': its send queue is full; still trying \(see 'tc -s qdisc show dev eth0'\)$"
	await slept_since announcer $(($(sleeps announcer) + 4))
	on node-a tc qdisc del dev eth0 root
	await has_line announcer "^rollcall: announcing on 'eth0' again \(10\.77\.0\.1(, fe80::[0-9a-f:]+)?\)$"
	[ "$(wc -l <"$(out announcer)")" = 3 ]
	stop announcer
}

@test "an announcer goes on through a flood of address changes, and stops when it is asked to" {
	# one process, which teardown stops; the flood is limited, because 'ip' keeps its input in memory
	yes $'addr add 10.99.0.1/32 dev lo\naddr del 10.99.0.1/32 dev lo' | head -n 200000 >"$T/flood"
	start flood on node-a ip -batch "$T/flood"
	start announcer on node-a rollcall announce -4 eth0 --interval 100ms
	await heard 20
	stop announcer TERM
	[ "$(cat "$(out announcer)")" = 'rollcall: announcing node-a every 100ms on eth0 (10.77.0.1)' ]
}

@test "a nodename that can no longer be announced is reported once, and so is the next one" {
	start announcer on node-a rollcall announce -4 eth0 --interval 100ms
	await heard 1
	on node-a sh -c 'echo _x >/proc/sys/kernel/hostname'
	await has_line announcer "^rollcall: this host's name '_x' cannot be announced; still trying \(.*--hostname\)$"
	await slept_since announcer $(($(sleeps announcer) + 4))
	on node-a hostname better
	await has_line listener ':better$'
	has_line announcer "^rollcall: this host is announced as 'better'$"
	[ "$(wc -l <"$(out announcer)")" = 3 ]
}

@test "with -v each announcement is printed, with its source address" {
	on node-a rollcall announce -v -4 eth0 --hostname loud --interval 100ms --count 3 >"$T/printed" 2>&1
	[ "$(grep -c '^rollcall: announced loud on eth0 from 10\.77\.0\.1$' "$T/printed")" = 3 ]
	on node-a rollcall announce -4 eth0 --hostname quiet --interval 100ms --count 3 >"$T/printed" 2>&1
	run ! grep announced "$T/printed"
}
