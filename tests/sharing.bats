#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Two loaders on different interfaces share one table: when one of them ends, the other goes on.

load helper

in_place() { [ -n "$(rollcall status -j | jq ".interfaces[] | select(.loader == ${PIDS[$1]})")" ]; }
interfaces() { rollcall status -j | jq -r '.interfaces[].name' | paste -sd' '; }

# two: start one loader on eth0, which sweeps because it is the first, and one on eth1. Loaders check once per expiry
# whether the lock of the sweeper is free.
two() {
	lan node-a node-b
	second_lan node-a node-b
	start first on node-a rollcall attach eth0 --expiry 1s
	await in_place first
	start second on node-a rollcall attach eth1
	await in_place second
	sweeps first
}

# sweeps NAME: the loader holds the lock of the sweeper
sweeps() {
	local inode
	inode=$(stat -c %i "$ROLLCALL_PIN_DIR/lock/sweep")
	grep -qE "FLOCK +ADVISORY +WRITE ${PIDS[$1]} [0-9a-f:]+:$inode " /proc/locks
}

# hears NAME IFACE HOSTNAME: HOSTNAME is recorded on IFACE, the loader NAME reports the join, and later the entry is
# swept
hears() {
	on node-b rollcall announce -4 "$2" --count 1 --hostname "$3"
	await has_line "$1" " join +$3 .* $2 announced"
}

entries() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq length; }
none_left() { [ "$(entries)" = 0 ]; }

# survives END: the first loader is ended by END; the second one records, reports and sweeps
survives() {
	two
	hears first eth0 on-eth0
	hears second eth1 on-eth1
	"$@"
	hears second eth1 later
	await sweeps second
	# the entry is made old, or expires meanwhile: it is swept and reported
	age later 2s || true
	await has_line second ' leave +later .* (expired|removed)'
	await none_left
	hears second eth1 last
	stop second
	[ ! -e "$ROLLCALL_PIN_DIR" ] || [ "$(interfaces)" = eth0 ]
}

@test "when one loader is stopped the other goes on recording, telling and sweeping" {
	survives stop first
}

by_kill() { stop first KILL || true; }
@test "when one loader is killed the other goes on, and sweeps what its filter goes on recording" {
	survives by_kill
	[ "$(interfaces)" = eth0 ]
	# no loader reports it, but it is recorded
	announce_from node-b --hostname recorded
	await lists recorded
	on node-a rollcall detach --all
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

by_detach() {
	on node-a rollcall detach eth0
	ends_with 0 first
}
@test "when one interface is detached the loader of the other goes on recording, telling and sweeping" {
	survives by_detach
}

@test "the one that does not sweep ends, and the one that does goes on" {
	local end
	two
	for end in TERM KILL; do
		stop second "$end" || true
		hears first eth0 "after-${end,,}"
		sweeps first
		await has_line first " leave +after-${end,,} .* expired"
		start second on node-a rollcall attach eth1
		await in_place second
		hears second eth1 "again-${end,,}"
	done
	on node-a rollcall detach eth1
	ends_with 0 second
	hears first eth0 last
	stop first
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "two loaders attach at once, and both are in place in one table" {
	local round
	lan node-a node-b
	second_lan node-a node-b
	for round in 1 2 3; do
		start first on node-a rollcall attach eth0
		start second on node-a rollcall attach eth1
		await in_place first
		await in_place second
		hears first eth0 "first-$round"
		hears second eth1 "second-$round"
		# both loaders stop at the same time
		kill "${PIDS[first]}" "${PIDS[second]}"
		ends_with 0 first
		ends_with 0 second
		[ ! -e "$ROLLCALL_PIN_DIR" ]
	done
}
