#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall wait: wait until hosts are present, for scripts and boot units.

load helper
load watch

LIFE=(--expiry 2h)

is_waiting() { grep -q '^it_value' "/proc/${PIDS[wait]}"/fdinfo/* && [[ $(ps -o stat= -p "${PIDS[wait]}") = S* ]] && ! ended wait; }
waiting_for() { # ARG...: start it, and wait until it has read the table
	start wait rollcall wait "$@"
	await is_waiting
}
prints_nothing() { [ ! -s "$(out wait)" ]; }

@test "it waits for every name, and prints nothing when they are here" {
	lan node-a node-b node-c
	attach_on node-a "${LIFE[@]}"
	waiting_for node-b node-c
	announce_from node-c
	await lists node-c
	announce_from node-c --hostname another
	await lists another
	await is_waiting
	announce_from node-b
	ends_with 0 wait
	prints_nothing
}

@test "a host that is here already is not waited for" {
	lan node-a node-b
	attach_on node-a "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	run --separate-stderr -0 rollcall wait node-b
	[ -z "$output$stderr" ]
	run --separate-stderr -0 rollcall wait node-b node-b --timeout 0s
	[ -z "$output$stderr" ]
}

@test "--count waits for that many different hosts, over all interfaces and families" {
	lan node-a node-b node-c
	attach_on node-a "${LIFE[@]}"
	waiting_for --count 2
	on node-b rollcall announce eth0 --count 1 # over both families
	await two_entries
	await is_waiting
	announce_from node-c
	ends_with 0 wait
	prints_nothing
	rollcall wait --count 1 --timeout 0s
}
two_entries() { [ "$(rollcall peers -j | jq length)" = 2 ]; }

@test "-4 and -6 count only hosts that are received over that family" {
	lan node-a node-b
	attach_on node-a "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	rollcall wait -4 node-b --timeout 0s
	rollcall wait -4 --count 1 --timeout 0s
	fails_with 1 '^rollcall: not here: node-b$' rollcall wait -6 node-b --timeout 0s
	fails_with 1 '^rollcall: 0 of 1 hosts are here$' rollcall wait -6 --count 1 --timeout 0s
	start wait rollcall wait -6 node-b
	await is_waiting
	on node-b rollcall announce -6 eth0 --count 1
	ends_with 0 wait
}

@test "a timeout is exit status 1, and one line names the missing hosts" {
	lan node-a node-b
	attach_on node-a "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	fails_with 1 '^rollcall: timed out after 100ms: not here: node-c, node-d$' rollcall wait node-c node-b node-d --timeout 100ms
	fails_with 1 '^rollcall: timed out after 100ms: 1 of 3 hosts are here$' rollcall wait --count 3 --timeout 100ms
	# hostnames compare without case
	rollcall wait NODE-B --timeout 0s
	local many=()
	for i in {1..50}; do many+=("a-rather-long-name-$i"); done
	fails_with 1 'not here: a-rather-long-name-1, .*, \.\.\.$' rollcall wait "${many[@]}" --timeout 0s
}

@test "a host that has expired is not here, although its entry is" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	kill_loader
	age node-b 36s
	fails_with 1 'not here: node-b' rollcall wait node-b --timeout 0s
	fails_with 1 '0 of 1 hosts' rollcall wait --count 1 --timeout 0s
}

@test "the table may come later than the wait, and be recreated meanwhile" {
	lan node-a node-b
	waiting_for node-b
	attach_on node-a "${LIFE[@]}"
	stop loader-node-a
	attach_on node-a "${LIFE[@]}"
	announce_from node-b
	ends_with 0 wait
}

@test "this host itself is here as soon as a filter is attached, by its full and its short name" {
	lan node-a node-b
	on node-a hostname node-a.example.org
	start wait on node-a rollcall wait node-a
	await is_waiting
	attach_on node-a "${LIFE[@]}"
	ends_with 0 wait
	prints_nothing
	on node-a rollcall wait NODE-A node-a.example.org --timeout 0s
	fails_with 1 '^rollcall: not here: node-b$' on node-a rollcall wait node-a node-b --timeout 0s
	announce_from node-b
	await lists node-b
	on node-a rollcall wait node-a node-b --timeout 0s
	fails_with 1 '^rollcall: not here: node-a$' on node-b rollcall wait node-a --timeout 0s
}

@test "a table that does not come in time is reported" {
	fails_with 1 "^rollcall: no table in '$ROLLCALL_PIN_DIR': .*run 'rollcall attach IFACE'" rollcall wait node-b --timeout 100ms
	fails_with 1 "^rollcall: no table in '$ROLLCALL_PIN_DIR': " rollcall wait --count 1 --timeout 0s
}

@test "a table that cannot be read is a failure, not a matter of time" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	rm "$ROLLCALL_PIN_DIR/settings"
	bpftool map create "$ROLLCALL_PIN_DIR/settings" type array key 4 value 8 entries 1 name settings
	fails_with 1 "is of another layout: 'settings'" rollcall wait node-b
	fails_with 1 "is of another layout: 'settings'" rollcall wait node-b --timeout 0s
}

@test "it also waits without a loader, for hosts that the filter goes on recording" {
	lan node-a node-b
	attach_on node-a "${LIFE[@]}"
	kill_loader
	waiting_for node-b
	announce_from node-b
	ends_with 0 wait
	waiting_for --count 2
	announce_from node-b --hostname another
	ends_with 0 wait
}

@test "an unprivileged user waits for the table of the default installation, which is not there yet" {
	unset ROLLCALL_PIN_DIR
	mount -t bpf -o mode=0700 "$ID" /sys/fs/bpf
	UNMOUNT=/sys/fs/bpf
	lan node-a node-b
	start wait setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all -- rollcall wait node-b
	await is_waiting
	attach_on node-a "${LIFE[@]}"
	announce_from node-b
	ends_with 0 wait
	prints_nothing
}

@test "names and --count together, or neither, are wrong usage, and so is what is no hostname" {
	fails_with 2 "give hostnames or --count N, and not both \(see 'rollcall wait --help'\)" rollcall wait
	fails_with 2 "give hostnames or --count N, and not both" rollcall wait node-b --count 1
	fails_with 2 "'node/b' is not a hostname \(see 'rollcall wait --help'\)" rollcall wait node-a node/b
	fails_with 2 "--timeout: '5x' is not a duration in 0\.\.168h, such as 30s" rollcall wait node-b --timeout 5x
}
