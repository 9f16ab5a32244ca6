#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# `make test-nics`: its messages if it cannot run. Its tests of cards run only in the emulated machine.

load helper

nics() { BUILD=$T/build run --separate-stderr unshare --net env "${SET[@]}" "$TOP/tests/nics/run" "$@"; }

@test "cards and kernels that are not in the lists are wrong usage" {
	SET=()
	nics virtio nosuch
	[ "$status" -eq 2 ]
	[ "$stderr" = "run: no card 'nosuch' in tests/nics/cards" ]
	SET=(NICS_KERNEL=2.4)
	nics virtio
	[ "$status" -eq 2 ]
	[ "$stderr" = "run: no kernel '2.4' in tests/nics/list" ]
}

@test "cards that qemu does not emulate are skipped, and nothing passed is no success" {
	printf '#!/bin/sh\necho "QEMU emulator version 7.2.1"\n' >"$T/qemu"
	chmod +x "$T/qemu"
	SET=(QEMU="$T/qemu")
	nics igb virtio
	[ "$status" -eq 1 ]
	[ "${lines[0]}" = "igb: skipped: qemu 7.2 has none" ]
	[ "${lines[-1]}" = "0 passed, 0 failed, 2 skipped" ]
}

@test "a kernel that cannot be had is not run, and that is no success" {
	needs_emulator test-nics
	SET=(NICS_KERNEL=6.1)
	nics virtio
	[ "$status" -eq 1 ]
	[[ $output = *"nics-6.1: not run: cannot be had from bookworm-security linux-image-amd64"* ]]
	[ "${lines[-1]}" = "0 passed, 0 failed" ]
}

@test "taps are in a network namespace that ends with the command" {
	[ -c /dev/net/tun ] || skip "no /dev/net/tun"
	local before
	before=$(ip -o link show | without_time)
	run "$TOP/tests/nics/taps" 2 ip -o link show
	[ "$status" -eq 0 ]
	[ "$(grep -c 'nic1[12]: .* master lan0' <<<"$output")" -eq 2 ]
	[ "$(ip -o link show | without_time)" = "$before" ]
}
