#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# attach --replace: filters whose table is to be replaced, or cannot be read.

load helper

# becomes_unreadable: make the table look like one of another layout
becomes_unreadable() {
	rm "$ROLLCALL_PIN_DIR/settings"
	bpftool map create "$ROLLCALL_PIN_DIR/settings" type array key 4 value 8 entries 1 name settings
}

left_by() { # MODE: a loader attached in MODE and was killed
	attach_on node-a --keep --mode "$1"
	stop loader-node-a
	[ "$(filters)" = "$1" ]
}

is_gone() { ! bpftool "$1" show id "$2"; }

@test "--replace takes the filter of a table of another layout off, in any mode" {
	local mode peers
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		left_by "$mode"
		peers=$(bpftool -j map show pinned "$ROLLCALL_PIN_DIR/peers" | jq .id)
		becomes_unreadable
		fails_with 1 "another layout.*attach --replace" on node-a rollcall attach eth0
		[ "$(filters)" = "$mode" ]
		attach_on node-a --replace --mode "$mode"
		[ "$(filters)" = "$mode" ]
		run ! has_line loader-node-a 'another layout'
		# no filter records into the old table
		await is_gone map "$peers"
		announce_from node-b
		await has_line loader-node-a ' join +node-b '
		stop loader-node-a
		[ "$(filters)" = "" ]
		[ ! -e "$ROLLCALL_PIN_DIR" ]
	done
	# only the old table had the record of who created the qdisc
	has_line loader-node-a "eth0: the clsact qdisc stays: .*'tc qdisc del dev eth0 clsact' removes it"
}

@test "with -v --replace reports what it replaced" {
	lan node-a
	left_by native
	becomes_unreadable
	attach_on node-a --replace -v
	has_line loader-node-a "'settings' has value size 8, not 104"
}

@test "--replace never takes a table of another layout from under a living loader" {
	lan node-a
	attach_on node-a
	becomes_unreadable
	fails_with 1 "the loader with pid ${PIDS[loader-node-a]} uses the table in '$ROLLCALL_PIN_DIR' \(stop it first\)" on node-a rollcall attach eth0 --replace
	[ "$(filters)" = "$TC" ]
}

@test "--replace does not detach the filters of other tables" {
	lan node-a node-b
	second_lan node-a node-b
	start other on node-a rollcall attach eth1 --mode clsact --pin-dir "$T/bpf/other"
	await has_joined other "$T/bpf/other"
	left_by clsact
	becomes_unreadable
	attach_on node-a --replace --mode native
	[ "$(filters)" = native ]
	on node-b rollcall announce -4 eth1 --count 1 --hostname later
	await has_line other ' join +later '
}

has_joined() { [ "$(rollcall status -j --pin-dir "$2" | jq '.interfaces[0].loader')" = "${PIDS[$1]}" ]; }

@test "--replace reports which filter of another network namespace stays, and how to remove it" {
	lan node-a node-b
	left_by clsact
	attach_on node-b --replace
	has_line loader-node-b \
		"the filter at 'eth0' of another network namespace stays: there, 'tc filter del dev eth0 ingress pref 2' removes it"
	[ "$(filters)" = clsact ]
	on node-a tc filter del dev eth0 ingress pref 2
	[ "$(filters)" = "" ]
}

# foreign_filter: a filter of another program has the priority and handle of the filter of the table
foreign_filter() {
	on node-a tc filter add dev eth0 ingress prio 2 handle "$PLACE" bpf bytecode '1,6 0 0 4294967295'
	on node-a tc filter show dev eth0 ingress >"$T/foreign"
	grep -q "pref 2 bpf .*handle $(printf '0x%x' "$PLACE")" "$T/foreign"
}
foreign_stays() { diff "$T/foreign" <(on node-a tc filter show dev eth0 ingress); }

@test "a tc filter of another program with our priority is neither replaced nor removed" {
	lan node-a
	left_by clsact
	PLACE=$(bpftool -j map show pinned "$ROLLCALL_PIN_DIR/peers" | jq .id)
	on node-a tc filter del dev eth0 ingress pref 2
	# it was added while the record said that rollcall's filter is attached
	foreign_filter
	fails_with 1 "cannot attach to 'eth0': File exists .*tc filter del dev IFACE ingress pref 2" \
		on node-a rollcall attach eth0 --mode clsact
	foreign_stays
	attach_on node-a --keep
	foreign_stays
	stop loader-node-a
	on node-a rollcall detach --all
	foreign_stays
}

@test "without a table, 'detach' does not remove files that are not in a BPF file system" {
	mkdir -p "$T/plain/links"
	touch "$T/plain/peers" "$T/plain/links/2"
	fails_with 1 "no table in '$T/plain'" rollcall detach --all --pin-dir "$T/plain"
	[ -e "$T/plain/peers" ]
	[ -e "$T/plain/links/2" ]
}
