#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# `make test-kernels`: its messages if it cannot run. Its tests of kernels run only in the emulated machines.

load helper

# a_build: copy the build, to run kernels with it
a_build() {
	needs_emulator test-kernels
	mkdir "$T/build"
	cp -r "$BUILD"/{rollcall,rollcall-announce,rollcall-serve,*.bpf.o,tests} "$T/build"
}

kernels() { BUILD=$T/build run --separate-stderr unshare --net "$TOP/tests/kernels/run" "$@"; }

@test "kernels that cannot be had are not run, and that is no success" {
	a_build
	kernels 6.1 sid
	[ "$status" -eq 1 ]
	[[ $output = *"6.1: not run: cannot be had from bookworm-security"* ]]
	[[ $output = *"sid: not run: cannot be had from sid"* ]]
	[ "${lines[-1]}" = "0 passed, 0 failed" ]
	kernels --fetch 6.1
	[ "$status" -eq 1 ]
}

# the kernel image is an empty file, so the machine does not boot
@test "a machine that ends without a verdict has failed, after a second attempt" {
	a_build
	mkdir -p "$T/build/kernels/6.1/modules"
	echo had >"$T/build/kernels/6.1/version"
	: >"$T/build/kernels/6.1/vmlinuz"
	kernels 6.1
	[ "$status" -eq 1 ]
	[ "$(grep -c "^6.1: no verdict" <<<"$output")" -eq 2 ]
	[ "${lines[-1]}" = "0 passed, 1 failed" ]
}

# the emulator is a script: the test checks how its output becomes an exit status
@test "one kernel that passes is a success, whatever other kernels are in the list" {
	a_build
	mkdir -p "$T/build/kernels/6.1/modules"
	echo had >"$T/build/kernels/6.1/version"
	: >"$T/build/kernels/6.1/vmlinuz"
	printf '#!/bin/sh\nprintf "== kernel 6.1\\n3 passed, 0 failed\\n== verdict 0\\n"\n' >"$T/emulator"
	chmod +x "$T/emulator"
	QEMU=$T/emulator kernels 6.1
	[ "${lines[-1]}" = "3 passed, 0 failed" ]
	[ "$status" -eq 0 ]
}

@test "a kernel that is not in the list is wrong usage" {
	a_build
	kernels nosuch
	[ "$status" -eq 2 ]
	[[ $stderr = *"no kernel 'nosuch'"* ]]
}

arch() { BUILD=$T/build run --separate-stderr unshare --net "$TOP/tests/kernels/arch" "$@"; }

@test "an architecture that nothing of can be had is not run, with the reason, and that is no success" {
	a_build
	arch s390x
	[ "$status" -eq 1 ]
	[[ ${lines[0]} = "s390x: not run: "*" cannot be had ("?*")" ]]
	[ "${lines[-1]}" = "0 passed, 0 failed, 1 skipped" ]
	arch --fetch s390x
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "an architecture that is not in the list is wrong usage" {
	a_build
	for name in amd64 nosuch ''; do
		arch $name
		[ "$status" -eq 2 ]
		[ "$stderr" = "arch: ARCH='$name' is not one of: arm64 armhf s390x" ]
	done
}

@test "every word of the list of suites chooses tests that exist" {
	local suite filter word words
	while read -r suite filter; do
		[[ $suite != '#'* ]] || continue
		# alternatives inside of brackets are not split
		IFS='|' read -ra words <<<"$(sed -E 's/[^|]*\([^)]*\)[^|]*//g' <<<"$filter")"
		for word in "${words[@]}" "$filter"; do
			[ -n "$word" ] || continue
			grep -E '^@test "' "$TOP/tests/$suite.bats" | grep -E "$word" >/dev/null || {
				echo "$suite: no test has '$word' in its title"
				return 1
			}
		done
	done < <(cat "$TOP"/tests/kernels/suites-*)
}
