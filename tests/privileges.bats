#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The capabilities that a loader requires. The loader is not root, and has only some capabilities.

load helper
load caps

setup_more() {
	lan node-a node-b
	caps_setup
}

# has_just PID MASK: the process runs as nobody, with exactly these effective capabilities
has_just() {
	[ "$(awk '$1 == "Uid:" { print $3 } $1 == "CapEff:" { print $2 }' "/proc/$1/status" | paste -sd' ')" = "65534 $2" ]
}

nothing_is_left() {
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	run ! bash -c "nsenter --net='/run/netns/$ID-node-a' -- ip -d link show eth0 | grep xdp"
	[ -z "$(on node-a tc filter show dev eth0 ingress)" ]
}

# attaches_as_nobody MODE: a loader attaches, records, and removes all pins
attaches_as_nobody() {
	local bits=$(((1 << 12) | (1 << 38) | (1 << 39))) # net_admin perfmon bpf: linux/capability.h
	with_caps bpf net_admin perfmon
	start loader on node-a "${WITH_CAPS[@]}" attach eth0 --mode "$1" -v
	await is_loader_of 0 loader
	run ! has_line loader 'scanned in the kernel' # the sweep is possible with these capabilities
	has_just "${PIDS[loader]}" "$(printf '%016x' "$bits")"
	announce_from node-b
	await lists node-b
	await has_line loader 'node-b'
	[ "$(as_nobody get node-b)" = 10.77.0.2 ]
	as_nobody status | grep -q eth0
	stop loader
	# on a kernel without iterators it reports that
	run ! grep -E 'rollcall: (cannot|no )' <(grep -v "cannot make '.*/table'" "$(out loader)")
	nothing_is_left
}

@test "attach works in native mode with only CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON" {
	attaches_as_nobody native
}

@test "attach works in generic mode with only CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON" {
	attaches_as_nobody generic
}

@test "attach works in tc mode with only CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON" {
	attaches_as_nobody tc
}

@test "an interface of a killed loader is taken over, swept and detached with only these" {
	with_caps bpf net_admin perfmon
	start first on node-a "${WITH_CAPS[@]}" attach eth0
	await is_loader_of 0 first
	announce_from node-b
	await lists node-b
	stop first KILL || true
	age node-b 60
	start second on node-a "${WITH_CAPS[@]}" attach eth0
	await is_loader_of 0 second
	swept() { [ "$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq length)" = 0 ]; }
	await swept
	as_nobody detach eth0
	ends_with 0 second
	nothing_is_left
}

@test "without any one of the three attach and detach name it in one line, and leave nothing" {
	local command
	for command in attach detach; do
		with_caps net_admin perfmon
		fails_with 1 "^rollcall: '$command' needs CAP_BPF: " as_nobody $command eth0
		with_caps bpf perfmon
		fails_with 1 "^rollcall: '$command' needs CAP_NET_ADMIN: " as_nobody $command eth0
		with_caps bpf net_admin
		fails_with 1 "^rollcall: '$command' needs CAP_PERFMON: " as_nobody $command eth0
	done
	nothing_is_left
}

@test "a loader, and all that it starts, can gain no privilege by executing" {
	attach_on node-a
	local pid
	for pid in "${PIDS[loader-node-a]}" $(pgrep -P "${PIDS[loader-node-a]}"); do
		[ "$(sed -n 's/^NoNewPrivs:\s*//p' "/proc/$pid/status")" = 1 ]
	done
}
