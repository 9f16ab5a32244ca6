#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The order of the rooms (scripts/rooms), and how the programs are linked.

load helper

# a writable copy of the sources
setup_more() {
	TREE=$T/tree
	mkdir "$TREE"
	cp -r "$TOP"/{bpf,user} "$TREE"
}

# breaks FILE LINE PATTERN: if LINE is appended to FILE, the script fails, and its output matches PATTERN
breaks() {
	echo "$2" >>"$TREE/$1"
	run --separate-stderr "$TOP/scripts/rooms" "$TREE"
	[ "$status" -eq 1 ]
	[[ $stderr =~ $3 ]] || { echo "$stderr"; return 1; }
	sed -i '$d' "$TREE/$1"
}

@test "includes of this tree point downwards only" {
	run "$TOP/scripts/rooms"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "an include that points up is an error" {
	breaks user/net/netdev.c '#include "loader/loader.h"' 'user/net/netdev.c:[0-9]+: net may not include loader'
	breaks user/watch/watcher.h '#include "view/write.h"' 'user/watch/watcher.h:[0-9]+: watch may not include view'
	breaks user/lib/table.c '  #  include "base/message.h"' 'user/lib/table.c:[0-9]+: lib may not include base'
}

@test "an include of another room names the room, one of the same room does not" {
	breaks user/loader/pins.c '#include "message.h"' "pins.c:[0-9]+: 'message.h' is in another room"
	breaks user/loader/pins.c '#include "loader/pins.h"' "write 'pins.h'"
	breaks user/loader/pins.c '#include "loader/none.h"' "is no header of a room"
}

@test "the BPF side and the user side never include each other" {
	breaks bpf/rollcall.bpf.c '#include "base/message.h"' 'bpf/rollcall.bpf.c:[0-9]+'
	breaks user/loader/pins.c '#include "maps.bpf.h"' 'user/loader/pins.c:[0-9]+'
	breaks user/loader/pins.c '#include "rollcall.skel.h"' 'more than one file'
}

@test "no two headers have the same guard" {
	breaks user/top/rows.h '#ifndef ROLLCALL_HOSTS_H' 'guard of more than one header: ROLLCALL_HOSTS_H'
}

@test "only the commands include struct options, and a new room must be in the list" {
	breaks user/loader/pins.c 'struct options;' 'only user/commands'
	mkdir "$TREE/user/attic"
	breaks user/loader/pins.c '' 'user/attic: not in the list of rooms'
}

@test "the program and the NSS module are hardened: PIE, full RELRO, stack protector, checked libc calls" {
	local file
	for file in "$BUILD/rollcall" "$BUILD/libnss_rollcall.so.2"; do
		readelf -hW "$file" | grep -qE 'Type: +DYN'
		readelf -dW "$file" | grep -q BIND_NOW
		readelf -lW "$file" | grep -q GNU_RELRO
		run ! sh -c "readelf -lW '$file' | grep GNU_STACK | grep -q E"
	done
	readelf -dW "$BUILD/rollcall" | grep -q PIE
	grep -q sanitize <<<"${ASAN_OPTIONS:+sanitize}" && skip "a build with sanitizers checks more"
	nm -D "$BUILD/rollcall" | grep -q __stack_chk_fail
	nm -D "$BUILD/rollcall" | grep -qE '__[a-z]+_chk(@|$)'
	nm -D "$BUILD/libnss_rollcall.so.2" | grep -q __stack_chk_fail
}
