#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall-announce: the announcer as a separate program.

load helper

MOST_BYTES=100000

needs_plain_build() { [ -z "$(sanitizer)" ] || skip "a build with AddressSanitizer is larger and needs its library"; }

@test "rollcall-announce requires libc only" {
	needs_plain_build
	[ "$(readelf -dW "$BUILD/rollcall-announce" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p')" = libc.so.6 ]
}

@test "rollcall-announce has at most 100 KB when it is stripped" {
	needs_plain_build
	strip -o "$T/stripped" "$BUILD/rollcall-announce"
	echo "$(stat -c %s "$T/stripped") bytes"
	[ "$(stat -c %s "$T/stripped")" -le "$MOST_BYTES" ]
	"$T/stripped" --version
}

@test "rollcall-announce is hardened as the other programs are" {
	readelf -hW "$BUILD/rollcall-announce" | grep -qE 'Type: +DYN'
	readelf -dW "$BUILD/rollcall-announce" | grep -q BIND_NOW
	readelf -lW "$BUILD/rollcall-announce" | grep -q GNU_RELRO
}

@test "the filter records what rollcall-announce sends, over both families, until it is stopped" {
	lan node-a node-b
	attach_on node-a
	start announcer on node-b rollcall-announce eth0 --hostname small --interval 100ms
	await recorded_twice
	stop announcer TERM
	[ "$(lines_with announcer '^rollcall-announce: announcing small every 100ms on eth0 \(')" = 1 ]
}
recorded_twice() { [ "$(rollcall peers -j small | jq '[.[] | select(.announcements >= 2).family] | sort == [4, 6]')" = true ]; }

@test "rollcall-announce --count exits after so many announcements, and fails if none was sent" {
	lan node-a node-b
	attach_on node-a
	on node-b rollcall-announce -4 eth0 --count 1
	await lists node-b
	ip -n "$ID-node-b" link set eth0 down
	fails_with 1 "^rollcall-announce: cannot announce on 'eth0': .* \(see 'ip link show dev eth0'\)" \
		on node-b rollcall-announce eth0 --count 1
}

# in_both ARG...: 'rollcall announce' and rollcall-announce have the same exit status, and the same output except their
# names
in_both() {
	local status_of_command=0 status=0
	on node-a rollcall announce "$@" >"$T/command" 2>&1 || status_of_command=$?
	on node-a rollcall-announce "$@" >"$T/program" 2>&1 || status=$?
	[ "$status" -eq "$status_of_command" ]
	diff <(sed -E "s/rollcall announce/X/g; s/^rollcall/X/; s/'announce'/'X'/; s/See rollcall/See X/" "$T/command") \
		<(sed 's/rollcall-announce/X/g' "$T/program")
}

in_both_all() {
	in_both --help
	in_both --version
	in_both --count 1
	in_both --mode native eth0
	in_both --port 70000 eth0
	in_both --count
	in_both --count=0 eth0
	in_both --ipv4=no eth0
	in_both -x
	in_both --prefix '' eth0
	in_both --hostname -bad eth0
	in_both --interval 1ms eth0
	in_both --all-links eth0
	in_both --exclude ''
	in_both -q --count 1 --interval 20s eth0
	in_both --group 10.0.0.1 --group6 fe80::1 eth0
	in_both no-such-interface
}

@test "rollcall-announce and 'rollcall announce' have the same options, values and messages" {
	lan node-a
	in_both_all
}

@test "an error of rollcall-announce has its own name, and the next step" {
	fails_with 2 "^rollcall-announce: unknown option '--mode' \(see 'rollcall-announce --help'\)$" rollcall-announce --mode x
	fails_with 2 "^rollcall-announce: --port: '0' is not in 1\.\.65535 \(see 'rollcall-announce --help'\)$" rollcall-announce --port 0
}

@test "rollcall-announce reports that its help cannot be written, with the reason" {
	fails_with 1 "^rollcall-announce: cannot write to standard output: No space left on device$" \
		sh -c 'rollcall-announce --help >/dev/full'
}

@test "rollcall-announce(8) has every option" {
	local option
	for option in $(rollcall-announce --help | grep -oE -- ' --[a-z0-9-]+'); do
		echo "$option"
		MANWIDTH=200 mandoc -Tascii "$TOP/docs/rollcall-announce.8" | sed 's/.\x08//g' | grep -q -e "$option"
	done
}

# The static program of 'make announce-static'.
STATIC=$BUILD/static/rollcall-announce
MOST_BYTES_STATIC=150000

@test "the static rollcall-announce has no interpreter and no library, and at most 150 KB when it is stripped" {
	needs_plain_build
	run ! grep -E 'INTERP|DYNAMIC' <(readelf -lW "$STATIC")
	strip -o "$T/stripped" "$STATIC"
	echo "$(stat -c %s "$T/stripped") bytes"
	[ "$(stat -c %s "$T/stripped")" -le "$MOST_BYTES_STATIC" ]
}

@test "the static rollcall-announce runs in an empty root, without /proc, and the filter records it" {
	needs_plain_build
	lan node-a node-b
	attach_on node-a
	mkdir "$T/empty"
	cp "$STATIC" "$T/empty/announce"
	start announcer on node-b chroot "$T/empty" /announce eth0 --hostname small --interval 100ms
	await recorded_twice
	stop announcer TERM
	[ "$(lines_with announcer '^rollcall-announce: announcing small every 100ms on eth0 \(')" = 1 ]
}

@test "the static rollcall-announce has the same options, values and messages" {
	needs_plain_build
	mkdir "$T/bin"
	ln -s "$STATIC" "$T/bin"
	PATH=$T/bin:$PATH
	in_both_all
	fails_with 1 "^rollcall-announce: cannot write to standard output: No space left on device$" \
		sh -c 'rollcall-announce --help >/dev/full'
}
