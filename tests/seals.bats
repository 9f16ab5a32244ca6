#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The hash of the seals, and examples/sealed.py, which is an independent sender and receiver.

load helper
load announced

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

@test "a sequence is the clock, or one more than the last one; after a step back beyond the window it is the clock again" {
	[ "$(siphash sequence 0 1795737600000000)" = 1795737600000000 ]
	[ "$(siphash sequence 1795737600000000 1795737600000001)" = 1795737600000001 ]
	[ "$(siphash sequence 1795737600000000 1795737600000000)" = 1795737600000001 ]
	[ "$(siphash sequence 1795737600000005 1795737600000000)" = 1795737600000006 ]
	[ "$(siphash sequence 1795737610000000 1795737600000000)" = 1795737610000001 ]
	[ "$(siphash sequence 1795737610000001 1795737600000000)" = 1795737600000000 ]
}

# example_on HOST WORD...: run the example there; KEYS is its key file
example_on() { on "$1" env PYTHONDONTWRITEBYTECODE=1 python3 "$TOP/examples/sealed.py" "$T/${KEYS:-keys}" "${@:2}"; }
outcomes_are() { [ "$(rollcall status -j | jq -c ".interfaces[0].outcomes | [$1]")" = "$2" ]; }

@test "the filter records what the example sends, and removes it after its goodbye" {
	lan node-a node-b
	key_file keys 9 1
	attach_on node-a --key "$T/keys"
	example_on node-b send 10.77.0.2 Python-Host
	await lists python-host
	[ "$(peer_field python-host address)" = 10.77.0.2 ]
	example_on node-b send 10.77.0.2 Python-Host
	await outcomes_are '.joined + .moved + .returned + .refreshed' '[2]'
	example_on node-b send 10.77.0.2 python-host bye # the seal covers the name as it was sent
	await lists_not python-host
	outcomes_are .left '[1]'
	# with another key of the same id, and with another id
	key_file other 9
	KEYS=other example_on node-b send 10.77.0.2 other-key
	await outcomes_are .bad_seal '[1]'
	key_file other 8
	KEYS=other example_on node-b send 10.77.0.2 unknown
	await outcomes_are .unknown_key '[1]'
	lists_not unknown
}

@test "the example accepts what rollcall sends, and rejects repeated, late and changed messages and other keys" {
	lan node-a node-b
	key_file keys 7
	start example on node-b env PYTHONDONTWRITEBYTECODE=1 python3 "$TOP/examples/sealed.py" "$T/keys" check 10.77.0.2
	await has_line example listening
	start announcer on node-a rollcall announce eth0 -4 --key "$T/keys"
	await has_line example "^10\\.77\\.0\\.1 announcement b'node-a'$"
	stop announcer
	await has_line example "^10\\.77\\.0\\.1 goodbye b'node-a'$"
	local message
	message=$(seal --key "$(cat "$T/keys")" 10.77.0.1 again)
	on node-a datagram eth0 10.77.0.1 "$message" "$message"
	await has_line example "announcement b'again'$"
	await has_line example "repeated b'again'$"
	ip -n "$ID-node-a" addr add 10.77.0.99/24 dev eth0
	on node-a datagram eth0 10.77.0.99 "$(seal --key "$(cat "$T/keys")" 10.77.0.1 elsewhere)"
	await has_line example "^10\\.77\\.0\\.99 bad seal b'elsewhere'$"
	on node-a datagram eth0 10.77.0.1 "$(seal --key "$(cat "$T/keys")" --sequence 1795737600000000 10.77.0.1 late)"
	await has_line example "stale b'late'$"
	key_file other 7 2
	on node-a rollcall announce -q -4 eth0 --count 1 --key "$T/other" --hostname wrong
	await has_line example "bad seal b'wrong'$"
	on node-a datagram eth0 10.77.0.1 "$(printf rollcall1:x | od -An -v -tx1 | tr -d ' \n')"
	await has_line example "bad message b''$"
}
