#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# tests/run: what it counts, what it isolates, and what it leaves.

load helper

# suite NAME: make a file of tests from standard input; "TEST" stands for "@test", which would begin a test of this file
suite() { { echo "bats_require_minimum_version 1.5.0"; sed "s/TEST/@test/"; } >"$T/$1.bats"; }
runs() {
	TMPDIR=$T run "$TOP/tests/run" "$@" "$T"/*.bats
	echo "$output"
}
# names: print the names of the suites, in the order in which they ended
names() { sed -nE 's/^# .*\/([a-z]+)\.bats$/\1/p' <<<"$output" | paste -sd' '; }

@test "the last line sums up all files, and failures are printed again before it" {
	suite a <<<'TEST "passes" { true; }'
	suite b <<<'TEST "fails" { echo reason; false; }
		TEST "is skipped" { skip; }'
	runs
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "1 passed, 1 failed, 1 skipped" ]
	[ "$(sed '1,/^# failures$/d' <<<"$output" | grep -cE '^not ok 1 fails|^# reason$')" -eq 2 ]
	rm "$T/b.bats"
	runs
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "1 passed, 0 failed" ]
}

@test "a file that stops half way, and one that cannot be read as tests, are failures" {
	suite a <<<'TEST "one" { kill -KILL "$PPID"; }
		TEST "two" { true; }'
	suite b <<<'TEST "no end" {'
	runs
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "1 passed, 2 failed" ]
	grep 'a.bats: exit status 1, 1 tests did not report: 2$' <<<"$output"
	grep '^# | .*Killed' <<<"$output" # what bats printed about it
}

@test "a file that does not end is terminated after its bound, and has failed" {
	suite a <<<'TEST "ends" { true; }
		TEST "waits" { sleep 1000; }'
	FILE_SECONDS=2 runs
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "1 passed, 1 failed" ]
	grep 'a.bats: exit status 124, 1 tests did not report: 2$' <<<"$output"
}

@test "a name that is no suite is wrong usage, and no suite runs" {
	local name
	suite a <<<'TEST "passes" { true; }'
	for name in frames "$T/none.bats"; do
		runs "$name"
		[ "$status" -eq 2 ]
		[ "$output" = "run: '$name' is not a suite, such as tests/frames.bats" ]
	done
	runs --filter passes
	[ "${lines[-1]}" = "1 passed, 0 failed" ]
}

@test "no tests at all are no success" {
	suite a <<<''
	runs
	[ "$status" -eq 1 ]
	[ "${lines[-1]}" = "0 passed, 0 failed" ]
}

@test "files run at the same time; those with the tag for it run after all others, one by one" {
	# each of the two suites waits for the other one
	suite one <<<"TEST one { : >$T/one; timeout $AWAIT_SECONDS sh -c 'until [ -e $T/two ]; do sleep 0.05; done'; }"
	suite two <<<"TEST two { : >$T/two; timeout $AWAIT_SECONDS sh -c 'until [ -e $T/one ]; do sleep 0.05; done'; }"
	local name
	for name in first second; do
		suite "$name" <<<"# bats file_tags=alone
			TEST alone { mkdir $T/lock; [ -e $T/one ]; [ -e $T/two ]; rmdir $T/lock; }"
	done
	TEST_JOBS=2 runs
	[ "$status" -eq 0 ]
	[[ $(names) =~ ^(one two|two one)" first second"$ ]]
}

@test "each file has its own /run, /sys/fs/bpf, processes and temporary files" {
	local name
	for name in a b; do
		suite "$name" <<<'TEST "is empty" {
			[ ! -e /run/netns ]
			[ -z "$(findmnt -n /run/rollcall)" ]
			[ -z "$(ls /sys/fs/bpf | grep -v "\.debug$")" ]
			ip netns add node && mkdir /sys/fs/bpf/rollcall
			[ "$(ps -e -o args= | grep -c "[b]ats-exec-file")" -eq 1 ]
		}'
	done
	mkdir /run/rollcall
	mount -t tmpfs another /run/rollcall # as on a machine on which rollcall runs
	runs
	[ "$status" -eq 0 ]
}

@test "a run that is terminated leaves no process and no file" {
	local signal
	mkdir "$T/tmp"
	suite a <<<"TEST hangs { trap '' TERM INT; setsid sleep infinity & echo \$! >$T/started; wait; }"
	for signal in TERM INT HUP; do
		rm -f "$T/started"
		TMPDIR=$T/tmp start run env --default-signal=INT "$TOP/tests/run" "$T/a.bats" "$T/a.bats"
		await test -s "$T/started"
		[ "$(ps -e -o args= | grep -c '^sleep infinity$')" -ge 1 ]
		! stop run "$signal"
		await nothing_is_left
	done
}

nothing_is_left() { [ -z "$(ls -A "$T/tmp")" ] && ! ps -e -o args= | grep '^sleep infinity$'; }
