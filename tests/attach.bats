#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Attaching and detaching: what is created, what is removed, and what stays unchanged.
# bats file_tags=long

load helper

# objects_of HOST: print the BPF objects of its loader, as "map 7"
objects_of() {
	local pin
	sed -nE 's/^(map|prog|link)_id:\s*([0-9]+)$/\1 \2/p' "/proc/${PIDS[loader-$1]}"/fdinfo/* | sort -u
	for pin in "$ROLLCALL_PIN_DIR"/links/*; do
		[ ! -e "$pin" ] || bpftool -j link show pinned "$pin" | jq -r '"link \(.id)", "prog \(.prog_id)"'
	done
	on "$1" tc -j filter show dev eth0 ingress | jq -r '.[].options.prog.id // empty | "prog \(.)"'
}

is_gone() { ! bpftool "$1" show id "$2"; }
mode() { rollcall status -j | jq -r '.interfaces[0].mode'; }
loader() { rollcall status -j | jq '.interfaces[0].loader'; }
has_loader() { [ "$(loader)" -gt 0 ]; }
settings() { rollcall status -j | jq ".$1"; }

# leaves_nothing MODE KIND: the loader leaves nothing behind, in each way of stopping, after it has received a host
leaves_nothing() {
	local before objects kind id way
	lan node-a node-b
	before=$(state_of node-a)
	for way in INT TERM detach 'kill -9'; do
		attach_on node-a --mode "$1"
		[ "$(mode)" = "$2" ]
		announce_from node-b
		await lists node-b
		[ "$(state_of node-a)" != "$before" ]
		objects=$(objects_of node-a)
		grep -q prog <<<"$objects"
		grep -q map <<<"$objects"
		case $way in
		INT | TERM) stop loader-node-a "$way" ;;
		detach)
			on node-a rollcall detach eth0
			ends_with 0 loader-node-a
			;;
		'kill -9')
			stop loader-node-a KILL || true
			lists node-b
			on node-a rollcall detach --all
			;;
		esac
		diff <(echo "$before") <(state_of node-a)
		while read -r kind id; do await is_gone "$kind" "$id"; done <<<"$objects"
	done
}

@test "attaching in native mode leaves nothing behind" { leaves_nothing native native; }
@test "attaching in generic mode leaves nothing behind" { leaves_nothing generic generic; }
@test "attaching in tc mode leaves nothing behind" { leaves_nothing tc "$TC"; }
@test "attaching in tcx mode leaves nothing behind" {
	needs_tcx
	leaves_nothing tcx tcx
}
@test "attaching in clsact mode leaves nothing behind" { leaves_nothing clsact clsact; }

@test "the default mode is tcx, or clsact on a kernel without tcx" {
	lan node-a node-b
	start loader in_lan rollcall attach lan0 -v
	await is_loader_of 0 loader
	[ "$TC" = tcx ] || has_line loader "'lan0' does not take mode tcx: .* \(it needs Linux 6.6\)"
	[ "$(mode)" = "$TC" ]
	announce_from node-b
	await lists node-b
	[ "$(rollcall get node-b)" = 10.77.0.2 ]
}

@test "--mode native is rejected where the driver does not take it, and leaves nothing" {
	lan node-a
	fails_with 1 "cannot attach to 'lan0'.*--mode auto" in_lan rollcall attach lan0 --mode native
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "a foreign XDP program stays, and the filter runs beside it at the tc hook" {
	lan node-a node-b
	bpftool prog loadall "$BUILD/rollcall.bpf.o" "$T/bpf/foreign"
	on node-a bpftool net attach xdp pinned "$T/bpf/foreign/rollcall_xdp" dev eth0
	local before
	before=$(state_of node-a)
	fails_with 1 "cannot attach to 'eth0'.*another XDP program is there" on node-a rollcall attach eth0 --mode native
	fails_with 1 "cannot attach to 'eth0'.*another XDP program is there" on node-a rollcall attach eth0 --mode generic
	attach_on node-a
	[ "$(mode)" = "$TC" ]
	announce_from node-b
	await lists node-b
	stop loader-node-a
	diff <(echo "$before") <(state_of node-a)
}

@test "a foreign tc qdisc stays, though it is empty" {
	lan node-a
	on node-a tc qdisc add dev eth0 clsact
	local before
	before=$(state_of node-a)
	attach_on node-a --mode clsact
	stop loader-node-a
	diff <(echo "$before") <(state_of node-a)
}

@test "a foreign tc filter stays, and its qdisc" {
	lan node-a
	bpftool prog loadall "$BUILD/rollcall.bpf.o" "$T/bpf/foreign"
	on node-a tc qdisc add dev eth0 clsact
	on node-a tc filter add dev eth0 ingress prio 7 bpf direct-action object-pinned "$T/bpf/foreign/rollcall_tc"
	local before
	before=$(state_of node-a)
	attach_on node-a --mode clsact
	on node-a tc filter show dev eth0 ingress | grep -q 'pref 2 '
	stop loader-node-a
	diff <(echo "$before") <(state_of node-a)
}

@test "a tc filter that another program adds to the same hook stays, and the qdisc with it" {
	lan node-a
	bpftool prog loadall "$BUILD/rollcall.bpf.o" "$T/bpf/foreign"
	attach_on node-a --mode clsact
	on node-a tc filter add dev eth0 egress prio 7 bpf direct-action object-pinned "$T/bpf/foreign/rollcall_tc"
	stop loader-node-a
	on node-a tc filter show dev eth0 egress | grep -q 'pref 7 '
	run on node-a tc filter show dev eth0 ingress
	[ -z "$output" ]
}

@test "attaching to several interfaces is all or nothing" {
	lan node-a
	second_lan node-a
	local before
	before=$(state_of node-a)
	fails_with 1 "no interface 'eth7'" on node-a rollcall attach eth0 eth1 eth7
	diff <(echo "$before") <(state_of node-a)
}

@test "an interface named twice is attached to once" {
	lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth0
	await loader_is_in_place node-a
	[ "$(settings 'interfaces | length')" = 1 ]
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "detach takes one interface off and leaves the loader its other one" {
	lan node-a node-b
	second_lan node-a node-b
	start loader on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader
	announce_from node-b
	await lists node-b
	on node-a rollcall detach eth0
	[ "$(settings 'interfaces[].name')" = '"eth1"' ]
	lists_not node-b
	await has_line loader "eth0: detached by another process"
	on node-b rollcall announce -4 eth1 --count 1
	await lists node-b
	[ "$(rollcall get --all node-b)" = 10.78.0.2 ]
	on node-a rollcall detach eth1
	ends_with 0 loader
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

# goes_on_recording: without a loader, the filter records a new host
goes_on_recording() {
	[ "$(loader)" = null ]
	lists node-b
	announce_from node-b --hostname later
	await lists later
}

@test "a loader with --keep leaves filter and table, and recording goes on" {
	lan node-a node-b
	attach_on node-a --keep
	announce_from node-b
	await lists node-b
	stop loader-node-a
	goes_on_recording
}

@test "a loader stopped by SIGHUP leaves filter and table, and recording goes on" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	stop loader-node-a HUP
	goes_on_recording
}

@test "a second loader of the same interface is rejected, and is reported the pid of the first" {
	lan node-a
	attach_on node-a
	local before
	before=$(state_of node-a)
	fails_with 1 "'eth0' is attached already, by the loader with pid ${PIDS[loader-node-a]} " \
		on node-a rollcall attach eth0
	diff <(echo "$before") <(state_of node-a)
	loader_is_in_place node-a
}

@test "a port of a bridge is rejected in favour of the bridge" {
	lan node-a
	fails_with 1 "'port1' is a port of bridge 'lan0': attach to 'lan0' instead" in_lan rollcall attach port1
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

is_member() { on "$1" ip maddr show dev eth0 | grep -qw "${2:-239.2.3.4}"; }

@test "the interface is a member of the group while a loader is attached" {
	lan node-a
	run ! is_member node-a
	attach_on node-a
	is_member node-a
	stop loader-node-a
	run ! is_member node-a
}

@test "the interface is a member of the group that is asked for" {
	lan node-a
	attach_on node-a --group 239.7.7.7
	is_member node-a 239.7.7.7
	run ! is_member node-a
}

@test "an unrelated listener on the port works beside the filter and receives everything, in any mode" {
	local mode
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		attach_on node-a --mode "$mode"
		start listener on node-a listener eth0
		await has_line listener listening
		announce_from node-b
		await has_line listener '^10\.77\.0\.2 .*: multitastic:node-b$'
		await lists node-b
		stop listener || true
		stop loader-node-a
	done
}

@test "with --consume a listener receives only what is not recorded, in any mode" {
	local mode
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		attach_on node-a --mode "$mode" --consume
		start listener on node-a listener eth0
		await has_line listener listening
		announce_from node-b
		announce_from node-b
		announce_from node-b --hostname node-a
		announce_from node-b --prefix other:
		await has_line listener ': other:node-b$'
		[ "$(lines_with listener multitastic)" = 0 ]
		[ "$(outcome joined) $(outcome refreshed) $(outcome own)" = "1 1 1" ]
		stop listener || true
		stop loader-node-a
	done
}

@test "a loader with --announce announces its host's name" {
	lan node-a node-b
	start listener on node-b listener eth0
	await has_line listener listening
	attach_on node-a --announce
	await has_line listener '^10\.77\.0\.1 .* ttl 1 bytes 18: multitastic:node-a$'
}

@test "other group, port and prefix are those of filter and announcer alike" {
	lan node-a node-b
	attach_on node-a --group 239.7.7.7 --port 7000 --prefix hello/
	announce_from node-b --hostname elsewhere
	announce_from node-b --hostname elsewhere --group 239.7.7.7 --port 7000
	announce_from node-b --hostname elsewhere --port 7000 --prefix hello/
	announce_from node-b --group 239.7.7.7 --port 7000 --prefix hello/
	await lists node-b
	[ "$(peers)" = node-b ]
	[ "$(outcome bad_prefix)" = 1 ]
}

# wakeups TRACE PID: print the number of wake-ups of poll(), without changes of a host name: these are reported for all
# UTS namespaces of the machine, and other tests change names
wakeups() {
	local fd
	for fd in /proc/"$2"/fd/*; do
		[ "$(readlink "$fd")" != /proc/sys/kernel/hostname ] || break
	done
	grep -E '^poll\(.* = [1-9]' "$1" | grep -vcF "= 1 ([{fd=${fd##*/}, revents=POLLERR}])"
}

@test "an idle loader sleeps: nothing wakes it while nothing is due" {
	lan node-a node-b
	attach_on node-a
	start strace strace -e trace=poll -o "$T/trace" -p "${PIDS[loader-node-a]}"
	# the first announcement ends the interrupted poll(), the second causes the wake-up to compare with
	await has_line strace attached
	announce_from node-b
	await grep -qF 'poll(' "$T/trace"
	announce_from node-b --hostname later
	await has_line loader-node-a ' join +later '
	await grep -qE '^poll\(.* = 1 .*revents=POLLIN' "$T/trace"
	local before
	before=$(wakeups "$T/trace" "${PIDS[loader-node-a]}")
	[ "$before" -ge 1 ]
	# a refresh is not an event
	announce_from node-b
	await counted refreshed 1
	run -124 timeout 2 tail -f --pid="${PIDS[loader-node-a]}" /dev/null
	[ "$(wakeups "$T/trace" "${PIDS[loader-node-a]}")" = "$before" ]
}

@test "a loader whose interface was deleted meanwhile leaves nothing behind" {
	local mode
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		attach_on node-a --mode "$mode"
		announce_from node-b --hostname other
		await lists other
		ip -n "$ID-node-a" link del eth0
		stop loader-node-a
		[ ! -e "$ROLLCALL_PIN_DIR" ]
		plug_in node-a
	done
}

# plug_in HOST: create a new eth0, at the same port of the bridge
plug_in() {
	ip -n "$ID-$1" link add eth0 type veth peer name port1 netns "$LAN"
	ip -n "$ID-$1" addr add 10.77.0.1/24 dev eth0
	ip -n "$ID-$1" link set eth0 up
	ip -n "$LAN" link set port1 master lan0 up
}

@test "an interface that came back under another number is attached again, and the old one is not listed" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	stop loader-node-a KILL || true
	ip -n "$ID-node-a" link del eth0
	plug_in node-a
	attach_on node-a
	[ "$(settings 'interfaces | length')" = 1 ]
	[ "$(peers)" = node-b ]
	announce_from node-b
	await counted refreshed 1
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "in a terminal attach shows the view of top, and restores the terminal at the end" {
	lan node-a node-b
	start terminal on node-a script -qefc 'rollcall attach eth0' "$T/typescript"
	await has_loader
	PIDS[in-terminal]=$(loader)
	await grep -q HOSTNAME "$T/typescript"
	announce_from node-b
	await grep -q 'node-b  *10\.77\.0\.2  *eth0 ' "$T/typescript"
	kill -INT "${PIDS[in-terminal]}"
	unset 'PIDS[in-terminal]'
	ends_with 0 terminal
	run ! grep -q ' join ' "$T/typescript"
	grep -qF $'\e[?1049h' "$T/typescript"
	grep -qF $'\e[?1049l' "$T/typescript"
}
