#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# 'make test-debian': its messages if it cannot run, and what it leaves when it is terminated.

load helper

# debian ARG...: run tests/debian/run, with a separate build folder and folder for temporary files
debian() { BUILD=$T/build TMPDIR=$T run --separate-stderr "$TOP/tests/debian/run" "$@"; }

# nothing_left: there is no mount, no folder of the release, and no cgroup
nothing_left() {
	[ -z "$(find "$T" -maxdepth 1 -name 'rollcall-debian-*')" ]
	run ! grep "$T/rollcall-debian" /proc/self/mounts
}

@test "a release that cannot be had is not run, and that is no success" {
	type -P debootstrap >/dev/null || skip "debootstrap is not installed"
	debian nosuch demo
	[ "$status" -eq 1 ]
	[[ ${lines[0]} = 'nosuch: not run: '* ]]
	[ "${lines[-1]}" = '0 passed, 0 failed' ]
	nothing_left
	debian --fetch nosuch
	[ "$status" -eq 1 ]
	[[ $output = 'nosuch: cannot be had: '* ]]
}

@test "a step that there is not, and a release that is empty, are wrong usage" {
	debian '' demo
	[ "$status" -eq 2 ]
	[[ $stderr = "run: RELEASE is empty: "* ]]
	debian trixie demos
	[ "$status" -eq 2 ]
	[[ $stderr = *"'demos' is not one of: bare demo "* ]]
	nothing_left
}

# a_base: make a base system that takes long after it was unpacked. Its programs are those of this machine.
a_base() {
	mkdir -p "$T/build/package" "$T/base"/{dev,etc,proc,run,srv,sys/fs/{bpf,cgroup},tmp,usr,var/cache/apt/archives}
	tar -C "$T/base" -cf "$T/build/package/slow.tar" .
	printf '%s\n' '#!/bin/sh' 'touch "$0.began"; exec sleep 1000' >"$T/chroot"
	chmod +x "$T/chroot"
}

@test "a runner that is terminated leaves no process, mount or cgroup" {
	local inside signal
	a_base
	for signal in TERM KILL; do
		rm -f "$T/chroot.began"
		start runner env PATH="$T:$PATH" BUILD="$T/build" TMPDIR="$T" "$TOP/tests/debian/run" slow demo
		await test -e "$T/chroot.began"
		inside=$(pgrep -f "sleep 1000" -n)
		kill "-$signal" "${PIDS[runner]}"
		stop runner || true
		await no_process "$inside"
		run ! grep "$T/rollcall-debian" /proc/self/mounts
		[ "$signal" = KILL ] || nothing_left
	done
}

no_process() { ! kill -0 "$1"; }
