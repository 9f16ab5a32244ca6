#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A process that exits, or returns memory to the kernel, leaves no key there (tools/unwiped.c).

load helper
load sealed

# Not bytes that follow one another, as those of sealed.bash: such tables are in memory without a key.
KEY1=1:$(base64 <<<"fifteen letters") KEY1_BYTES=$(od -An -tx1 <<<"fifteen letters" | tr -d ' ')

setup_more() {
	needs_plain_build
	lan node-a
	keyfile "$KEY1"
}

# wiped NAME [SIGNAL]: NAME, which was started with 'unwiped', exits with status 0, which means that it leaves no key
wiped() {
	stop "$@" || {
		grep '^unwiped: ' "$(out "$1")"
		return 1
	}
}

@test "the search finds a key that a process leaves in its memory" {
	run -99 unwiped "$KEY1_BYTES" bash -c 'key=$(<"$1")' - "$T/keys"
	[[ $output = 'unwiped: the key is at '*' at the exit'* ]]
	run -0 unwiped "${KEY1_BYTES//6/7}" bash -c 'key=$(<"$1")' - "$T/keys"
	run -99 unwiped "$KEY1_BYTES" python3 -c 'import mmap, sys
with mmap.mmap(-1, 4096) as page: page.write(bytes.fromhex(sys.argv[1]))' "$KEY1_BYTES"
	[[ $output = *' when it is unmapped'* ]]
}

@test "an announcer wipes its keys when it exits: after a signal, after --count, and after a failure" {
	local program signal
	for program in 'rollcall announce' rollcall-announce; do
		for signal in TERM INT; do
			start announcer on node-a unwiped "$KEY1_BYTES" $program eth0 --key "$T/keys"
			await has_line announcer 'sealed with key 1'
			wiped announcer "$signal"
		done
		on node-a unwiped "$KEY1_BYTES" $program eth0 --key "$T/keys" --count 1
		run -1 on node-a unwiped "$KEY1_BYTES" $program none --key "$T/keys"
		keyfile "$KEY1" "$KEY2" 3:nonsense
		run -1 on node-a unwiped "$KEY1_BYTES" $program eth0 --key "$T/keys"
		keyfile "$KEY1"
	done
}

@test "an announcer wipes the keys of a file that has changed" {
	start announcer on node-a unwiped "$KEY1_BYTES" rollcall announce eth0 --key "$T/keys" --interval 100ms
	await has_line announcer 'sealed with key 1'
	keyfile "$KEY2"
	await has_line announcer 'sealed with key 2$'
	keyfile "$KEY1" "$KEY2"
	await has_line announcer 'sealed with key 1$'
	wiped announcer
}

@test "a loader wipes its keys, also if it announces" {
	local option signal
	for option in --keep --announce; do
		for signal in TERM HUP; do
			start loader on node-a unwiped "$KEY1_BYTES" rollcall attach eth0 --key "$T/keys" "$option"
			await has_line loader ': attached '
			keyfile "$KEY2"
			await has_key_ids 2
			keyfile "$KEY1" "$KEY2"
			await has_key_ids '1 2'
			wiped loader "$signal"
			keyfile "$KEY1"
		done
	done
	run -1 on node-a unwiped "$KEY1_BYTES" rollcall attach none --key "$T/keys"
}

@test "genkey wipes the keys of the file that it reads" {
	unwiped "$KEY1_BYTES" rollcall genkey "$T/keys"
	keyfile "$KEY1" nonsense
	run -1 unwiped "$KEY1_BYTES" rollcall genkey "$T/keys"
}
