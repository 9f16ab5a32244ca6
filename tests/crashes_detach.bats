#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A detach and a stop are killed after each of their system calls that changes something lasting (crashes.bash).
# bats file_tags=long

load helper
load crashes

# detaches MODE [BEGIN]: a detach is killed while a loader lives; the loader must detach nevertheless
detaches() {
	local more=1 n
	${2:-begin}
	for ((n = 1; more; n++)); do
		# it checks once per expiry whether its record was removed
		start first on node-a rollcall attach eth0 --mode "$1" --expiry 1s
		await in_place first
		called "first-$n"
		await has_line first " join +first-$n "
		kills "$n" rollcall detach eth0 || more=0
		after_kill
		ends_with 0 first
		attaches "$1" --mode "$1"
		leaves_nothing
	done
	at_least 5
}

@test "a detach of a native filter killed after any system call: its loader drops the interface, the next one succeeds" { detaches native; }
@test "a detach of a clsact filter killed after any system call: its loader drops the interface, the next one succeeds" { detaches clsact begin_in_table; }

# stops MODE [BEGIN]: a loader takes over, gets SIGTERM, and is killed while it stops
stops() {
	local more=1 n
	${2:-begin}
	for ((n = 1; more; n++)); do
		start first on node-a rollcall attach eth0 --mode "$1"
		await in_place first
		called "first-$n"
		await has_line first " join +first-$n "
		stop first KILL || true
		kills "$n" --on 15 rollcall attach eth0 || more=0
		after_kill
		attaches "$1" --mode "$1"
		leaves_nothing
	done
	at_least 3
}

@test "a stop with a native filter killed after any system call: the next loader succeeds, and leaves nothing" { stops native; }
@test "a stop with a clsact filter killed after any system call: the next loader succeeds, and leaves nothing" { stops clsact begin_in_table; }
