#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The clocks of tables with keys: this host's, which the loader follows, and those of other hosts, which are reported
# when they are wrong.

load helper
load sealed

# error_ms: print CLOCK_REALTIME less the kernel's CLOCK_BOOTTIME in milliseconds, less what the state has
error_ms() {
	python3 -c 'import sys, time
print(abs(time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME) - int(sys.argv[1])) // 1000000)' "$(state_field realtime_offset_ns)"
}
is_right() { [ "$(error_ms)" -lt 100 ]; }

@test "a loader writes the difference of the clocks before it attaches, and at each sweep" {
	lan node-a
	attach_with_keys node-a --expiry 1s
	is_right
	set_clock back 1h
	run ! is_right
	await is_right # the next sweep
}

@test "a loader in another time namespace writes the difference of the kernel's clocks" {
	[ -e /proc/self/ns/time ] || skip "this kernel has no time namespaces"
	lan node-a
	keyfile "$KEY1"
	start loader-node-a on node-a unshare --time --boottime 100000 --fork --kill-child rollcall attach eth0 --key "$T/keys"
	await has_line loader-node-a 'attached'
	is_right
	# its parent is the process that the test knows: if that were killed, the loader would still hold the mount
	on node-a rollcall detach --all
	await ended loader-node-a
}

@test "a step of the clock is followed at once" {
	lan node-a
	attach_with_keys node-a
	set_clock back 1h
	run ! is_right
	clock_step || skip "this process may not set the clock"
	await is_right
}

@test "a second loader of the table writes the difference too" {
	lan node-a
	second_lan node-a
	attach_with_keys node-a
	kill -STOP "${PIDS[loader-node-a]}"
	set_clock back 1h
	start second on node-a rollcall attach eth1
	await is_loader_of 1 second
	is_right
	kill -CONT "${PIDS[loader-node-a]}"
}

# is_off HOST NAME MS: HOST announces NAME with a clock that is off by MS; the filter sends at most one event per second
is_off() {
	announces "$1" "$2" --sequence "$3"
	has_line loader-node-a "clock of '$2'"
}

@test "a host with a wrong clock is reported once, with its difference and what to do" {
	local name
	lan node-a node-b node-c
	attach_with_keys node-a
	for name in right-1 right-2 right-3; do announces node-c "$name"; done
	await counted joined 3
	announces node-b node-b --sequence -42500
	await has_line loader-node-a "^rollcall: the clock of 'node-b' at 10.77.0.2 on eth0 is 42s behind this host's: its announcements are rejected: set its clock, see 'timedatectl'$"
	await is_off node-b other +3700000
	has_line loader-node-a "the clock of 'other' at 10.77.0.2 on eth0 is 1h01m ahead of this host's: "
	# by now the filter has sent more than one event of the first host
	is_off node-b node-b -42500
	await is_off node-b third +20000
	[ "$(lines_with loader-node-a "clock of 'node-b'")" = 1 ]
	[ "$(peers)" = 'right-1 right-2 right-3' ]
}

@test "a host that was recorded, and is wrong again, is reported again" {
	lan node-a node-b
	attach_with_keys node-a
	await is_off node-b node-b -42000
	announces node-b node-b
	await lists node-b
	age node-b 40s
	set_clock ahead 2h
	await reports_twice
}
reports_twice() {
	announces node-b node-b
	[ "$(lines_with loader-node-a "clock of 'node-b'")" = 2 ]
}

@test "an old message of a host that is recorded is not taken for a wrong clock" {
	local old
	lan node-a node-b
	attach_with_keys node-a
	old=$(sealed node-b node-b --sequence -20000)
	announces node-b node-b
	await lists node-b
	send node-b "$old"
	await counted stale 1
	# the next event, a second later, is that of another host
	await is_off node-b other -20000
	run ! has_line loader-node-a "clock of 'node-b'"
}

@test "if more hosts are off than are recorded, this host's clock is reported once instead" {
	local number
	lan node-a node-b
	attach_with_keys node-a
	for number in 1 2; do await is_off node-b "host-$number" -60000; done
	await own_clock_is_reported
	[ "$(lines_with loader-node-a "clock of this host")" = 1 ]
	[ "$(lines_with loader-node-a "clock of 'host-")" = 2 ]
	has_line loader-node-a "the clock of this host differs from those of 3 hosts, more than are recorded: .*set the clock of this host, see 'timedatectl'$"
}
own_clock_is_reported() {
	announces node-b host-3 --sequence -60000
	has_line loader-node-a 'clock of this host'
}

# The order and the rate of reports (tools/skew_cases.c).
@test "of several hosts that are off at one moment each is reported once, and again after an hour" { skew_cases several_at_one_moment; }
@test "if more hosts are off than may be reported at once, the others are reported later" { skew_cases more_than_a_burst; }
@test "if most hosts are off, this host's clock is reported once" { skew_cases most_are_off; }
@test "a host that is off after this host's clock was set is reported" { skew_cases one_is_off_after_all; }
