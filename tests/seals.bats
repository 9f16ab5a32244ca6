#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The hash of the seals, and the example in rollcall(7).

load helper

@test "the hash is SipHash-2-4: the published vectors, and libsodium on each length in 0..128" {
	[ "$(siphash vectors)" = '129 lengths, 5 published vectors' ]
}

@test "the hash and libsodium agree on random keys, lengths and alignments" {
	local seed=$RANDOM
	echo "seed $seed"
	[ "$(siphash random 200000 "$seed")" = '200000 inputs' ]
}

@test "the example in Python has the same hash" {
	local bytes
	for bytes in '' 00 0001020304050607 "$(head -c 63 /dev/urandom | od -An -v -tx1 | tr -d ' \n')"; do
		[ "$(siphash hash 000102030405060708090a0b0c0d0e0f "$bytes")" = "$(PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$TOP/examples python3 -c \
			'import sealed, sys; print(sealed.siphash(bytes(range(16)), bytes.fromhex(sys.argv[1])).hex())' "$bytes")" ]
	done
}
