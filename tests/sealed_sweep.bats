#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The sweep of a table with keys (tools/sealed_sweep.c).

load helper

@test "a host that returns after it was found stale: its entry is not touched" { sealed_sweep returned_when_found; }
@test "a stale entry that a CPU is replacing is left to that CPU" { sealed_sweep replaced_when_stale; }
@test "a fresh entry that a CPU is replacing is not put back, because its sequence is not known" { sealed_sweep replaced_when_taken_out; }
@test "the entry of a host that has left is removed an expiry later" { sealed_sweep tombstones_stay_one_expiry; }
@test "the number of entries without a seal is corrected, whatever it was" { sealed_sweep unsealed_are_counted; }
@test "what filters count during a scan is not taken for an error" { sealed_sweep unsealed_changes_agree; }

@test "every case of the driver is a test here" {
	local name
	for name in $(sealed_sweep --list); do
		grep -q "{ sealed_sweep $name; }" "$BATS_TEST_FILENAME"
	done
}

@test "all of this also holds if entries are read out, because a kernel rejects the scan" {
	local name
	for name in $(sealed_sweep --list); do
		echo "$name"
		SWEEP_BY_READING=1 sealed_sweep "$name"
	done
}
