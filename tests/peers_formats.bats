#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# 'rollcall peers': fields, formats for other programs, this host itself, and --follow.

load helper

setup_more() {
	lan node-a node-b node-c
	attach_on node-a
	on node-b rollcall announce -q eth0 --count 1
	announce_from node-c
	await lists node-c
	await has_both_families
}
has_both_families() { [ "$(rollcall peers -j node-b | jq length)" = 2 ]; }

@test "--fields chooses columns of text, and their order" {
	[ "$(rollcall peers -4 --fields address,hostname)" = 'ADDRESS    HOSTNAME
10.77.0.2  node-b
10.77.0.3  node-c' ]
	[ "$(rollcall peers -4 -H --fields hostname)" = $'node-b\nnode-c' ]
}

@test "--fields chooses keys of JSON and TSV, and their order" {
	[ "$(rollcall peers -4 -j --fields family,hostname node-b)" = $'[\n{"family":4,"hostname":"node-b"}\n]' ]
	[ "$(rollcall peers -4 -f tsv --fields note,address,family node-b)" = $'-\t10.77.0.2\t4' ]
	fails_with 2 "^rollcall: --fields: 'age' is not one of hostname, family, address, .*, other_address, self, sealed \(see" rollcall peers -j --fields hostname,age
	fails_with 2 "^rollcall: --fields: '' is not one of hostname, address, interface, age, expires, since, received, note \(see" rollcall peers --fields hostname,
	fails_with 2 "^rollcall: --fields: 'age_ms' is not one of hostname, " rollcall peers --fields age_ms
}

@test "options that have no effect together are wrong usage" {
	fails_with 2 "^rollcall: --fields has no effect on the format 'hosts'" rollcall peers -f hosts --fields hostname
	fails_with 2 "^rollcall: --all has no effect on the format 'names'" rollcall peers -f names -a
	fails_with 2 "^rollcall: --count prints one number: leave the format out" rollcall peers -c -j
	fails_with 2 "^rollcall: --count prints one number: leave --fields out" rollcall peers -c --fields age
	fails_with 2 "^rollcall: --follow requires --output FILE" rollcall peers --follow
}

@test "--self lists this host too, marked, with the addresses that it announces from" {
	run -0 on node-a rollcall peers --self -4 --fields hostname,address,interface,note -H
	[ "$output" = 'node-a    10.77.0.1  eth0       self
node-b    10.77.0.2  eth0
node-c    10.77.0.3  eth0' ]
	on node-a rollcall peers --self -j | jq -e '
		[.[] | select(.self) | .family] == [4, 6] and all(.[] | select(.self); .hostname == "node-a" and .note == "self")
		and (map(.self) | sort | unique) == [false, true]'
	on node-a rollcall peers -j | jq -e 'all(.[]; has("self") | not) and map(.hostname) != []'
	on node-a rollcall peers --self -j | jq -e '
		all(.[] | select(.self); [.first_seen, .last_seen, .age_ms, .expires_ms, .announcements] == [null, null, null, null, null])
		and all(.[] | select(.self | not); .first_seen and .last_seen and .announcements > 0)'
	[ "$(on node-a rollcall peers --self -4 -f tsv node-a | cut -f 6-11 | tr '\t' ' ')" = '- - - - - self' ]
	[[ $(on node-a rollcall peers --self -4 -H node-a) =~ ^node-a\ +10\.77\.0\.1\ +eth0\ +-\ +-\ +-\ +-\ +self$ ]]
	[ "$(on node-a rollcall peers --self -c)" = 3 ]
	[ -z "$(on node-a rollcall peers --self -H node-x)" ]
}

@test "names, one host per line; ansible, an inventory that has the variables of every host" {
	[ "$(rollcall peers -f names)" = $'node-b\nnode-c' ]
	rollcall peers -f ansible | jq -e '.all.hosts == ["node-b", "node-c"] and
		._meta.hostvars == { "node-b": { ansible_host: "10.77.0.2" }, "node-c": { ansible_host: "10.77.0.3" } }'
}

@test "--follow replaces the file when a host joins or leaves, and empties it when the table is removed" {
	start follow rollcall peers -f names -o "$T/names" --follow
	await file_is node-b node-c
	announce_from node-c --hostname node-d
	await file_is node-b node-c node-d
	stop loader-node-a
	await file_is
	attach_on node-a
	announce_from node-c
	await file_is node-c
	kill -0 "${PIDS[follow]}"
	kill "${PIDS[follow]}"
	ends_with 0 follow
}
file_is() { diff <((($#)) && printf '%s\n' "$@") "$T/names"; }

@test "--follow writes a file at most once per second, however often something changes" {
	start strace strace -f -ttt -e trace=rename,renameat,renameat2 -o "$T/trace" rollcall peers -f names -o "$T/names" --follow
	await test -e "$T/names"
	local number
	for number in {1..12}; do announce_from node-c --hostname "host-$number"; done
	await grep -q host-12 "$T/names"
	awk '/rename/ { if (last && $2 - last < 0.95) short = 1; last = $2 } END { exit short || NR < 2 }' "$T/trace"
}
