#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# An attach is killed after each of its system calls that changes something lasting (crashes.bash).
# bats file_tags=long

load helper
load crashes

@test "an attach killed after any system call: the next one succeeds, and leaves nothing" {
	local more=1 n
	begin
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 || more=0
		after_kill
		attaches "$TC"
		leaves_nothing
	done
	at_least 20
}

@test "an attach killed after any system call: 'detach --all' leaves nothing" {
	local more=1 n
	begin
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 || more=0
		run -0 on node-a rollcall detach --all
		diff <(echo "$BEFORE") <(state_of node-a)
	done
	at_least 20
}

# attaches_in_table MODE
attaches_in_table() {
	local more=1 n mode=$1
	begin_in_table
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 --mode "$mode" || more=0
		after_kill
		attaches "$mode" --mode "$mode"
		leaves_nothing
	done
	for ((n = 1, more = 1; more; n++)); do
		kills "$n" rollcall attach eth0 --mode "$mode" || more=0
		run --separate-stderr on node-a rollcall detach eth0
		[ "$status" -eq 0 ] || [[ $stderr =~ "nothing is attached to 'eth0'" ]]
		diff <(echo "$BEFORE") <(state_of node-a)
	done
	at_least 4
}

@test "an attach in tcx mode killed after any system call: the next one goes on, or 'detach' undoes it" {
	needs_tcx
	attaches_in_table tcx
}
@test "an attach in clsact mode killed after any system call: the next one goes on, or 'detach' undoes it" { attaches_in_table clsact; }

@test "an attach in clsact mode killed after any system call: one in any other mode replaces it" {
	local more=1 n
	begin
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 --mode clsact || more=0
		# when the settings are pinned, the next system calls are those of attaching
		[ -e "$ROLLCALL_PIN_DIR/settings" ] || continue
		attaches native --mode native
		leaves_nothing
	done
	at_least 20
}

@test "an attach to two interfaces killed after any system call: the next one attaches to both, and leaves nothing" {
	local more=1 n
	begin_in_table
	second_lan node-a
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 eth1 || more=0
		after_kill
		attaches "$TC" eth1
		[ "$(rollcall status -j | jq "[.interfaces[] | select(.loader == ${PIDS[loader-node-a]})] | length")" = 2 ]
		leaves_nothing
		[ "$(on node-a programs eth1)" = "" ]
	done
	at_least 6
}
