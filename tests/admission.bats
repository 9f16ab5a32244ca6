#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Admission to a table with a limited number of entries: live entries stay, and new hosts are rejected. The tests run
# sequences of events (tools/admission.c), all orders of the steps of the account (tools/admission_model.c), and check
# the messages.

load helper

@test "a full table rejects new hosts and holds as many as it did" { admission full_refuses_newcomers; }
@test "in a full table incumbents are refreshed, rewritten, moved and may return" { admission incumbents_stay_when_full; }
@test "a host that the sweep removes makes room for one new host" { admission who_leaves_makes_room; }
@test "a full table is reported once, and again when it was not full meanwhile" { admission full_is_told_once; }
@test "entries that vanished without being counted are found by a full scan" { admission uncounted_leaves_are_found; }
@test "entries that came without being counted are found by a full scan" { admission uncounted_entries_are_found; }
@test "two expiries after the last scan every host is admitted" { admission without_a_sweeper_all_are_admitted; }
@test "a sweep puts admission in force again" { admission a_sweep_keeps_admission_on; }
@test "an address has its maximum of names, and no more" { admission an_address_holds_its_share; }
@test "an address that reaches its maximum is reported once, and again when it was below it meanwhile" { admission throttling_is_told_once; }
@test "a name that leaves is one that its address may use again" { admission who_leaves_frees_a_name; }
@test "a name that moves to an address counts as one of its names" { admission moving_there_counts; }
@test "a name that moves away from an address is one less of its names" { admission moving_away_frees_a_name; }
@test "if the table is full, that is the reason, also for an address with its maximum of names" { admission full_comes_before_throttled; }
@test "a scan that finds the account wrong counts the names of each address" { admission counts_are_put_right; }
@test "a name that moves twice within an expiry is contested, until an expiry after" { admission two_claims_are_a_conflict; }

@test "one name that moves over many addresses does not make an address lose the count of its names" { admission one_name_over_many_addresses; }
@test "the address of every entry is in the map of sources, and no other" { admission addresses_of_entries_are_known; }
@test "the same holds if entries are read out, because a kernel rejects the scan" {
	SWEEP_BY_READING=1 admission addresses_of_entries_are_known
	SWEEP_BY_READING=1 ROLLCALL_PIN_DIR=$ROLLCALL_PIN_DIR-2 admission who_leaves_frees_a_name
}
@test "a count that two CPUs made wrong is found by the next sweep" { admission wrong_counts_are_found; }
@test "a flood of moves fills the ring of events once; the rest is counted, and recorded all the same" { admission a_full_ring_drops_events_and_counts_them; }

@test "the wait for running filters is one that no kernel skips" {
	# an update of a map of maps is followed by synchronize_rcu(); membarrier(2) returns at once if only one CPU is
	# online
	ASAN_OPTIONS=detect_leaks=0 strace -e trace=bpf,membarrier -o "$T/trace" admission uncounted_leaves_are_found
	grep -A1 'BPF_MAP_TYPE_ARRAY_OF_MAPS' "$T/trace" | grep -q 'BPF_MAP_UPDATE_ELEM.* = 0$'
	run ! grep -q membarrier "$T/trace"
}

@test "without a limit on names per address, names are counted all the same" {
	lan node-a node-b
	attach_on node-a --names-per-source 0
	names 1 2 3
	await counted joined 3
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/sources" | jq -e 'map(.formatted.value.names) == [3]'
}

@test "every case of the driver is a test here" {
	local name
	for name in $(admission --list); do
		grep -q "{ admission $name; }" "$BATS_TEST_FILENAME"
	done
}

@test "in no order of the steps of the count is there an entry that is not counted" { admission_model; }

@test "the same model sees what a single count that goes up and down gets wrong" { run -1 admission_model --naive; }

status() { rollcall status -j | jq -r ".$1"; }

# names NUMBER...: node-b announces each name
names() {
	local number
	for number; do announce_from node-b --hostname "name-$number"; done
}

@test "a full table is reported by the loader, by status, by the outcome, and when it has room again" {
	lan node-a node-b
	attach_on node-a --max-peers 2
	names 1 2
	await counted joined 2
	[ "$(status full)" = true ]
	has_status '^table: 2 hosts, 2 entries of at most 2; expiry 35s$'
	has_status '^table: full: new hosts are rejected: attach with --replace and a larger --max-peers$'
	names 3 4
	await counted full 2
	await has_line loader-node-a "table full: 2 live entries \(--max-peers\).*'name-3' at 10.77.0.2 on eth0"
	[ "$(lines_with loader-node-a 'table full: ')" = 1 ]
	[ "$(peers)" = "name-1 name-2" ]
	stop loader-node-a HUP
	age name-1 40s
	attach_on node-a # it sweeps
	await has_line loader-node-a 'table no longer full'
	[ "$(status full)" = false ]
	names 3
	await lists name-3
}

has_status() { rollcall status | grep -qE "$1"; }

@test "an address with its maximum of names is reported by the loader, and counted" {
	lan node-a node-b node-c
	attach_on node-a --names-per-source 2
	names 1 2 3 4
	await counted throttled 2
	await has_line loader-node-a "10.77.0.2 on eth0 has 2 hostnames \(--names-per-source\).*'name-3'"
	[ "$(lines_with loader-node-a ' hostnames ')" = 1 ]
	announce_from node-c
	await lists node-c
	[ "$(peers)" = "name-1 name-2 node-c" ]
}

@test "sixteen names an address is the default, and 0 lifts the limit" {
	lan node-a node-b
	attach_on node-a
	names {1..17}
	await counted throttled 1
	[ "$(outcome joined)" = 16 ]
	stop loader-node-a
	attach_on node-a --names-per-source 0
	names {1..17}
	await counted joined 17
}

@test "without a loader status reports that old entries make room for new ones" {
	lan node-a node-b
	attach_on node-a --max-peers 1 --expiry 1s --keep
	stop loader-node-a
	await has_status '^table: no loader removes expired entries: when it is full, '
	[ "$(status admission)" = false ]
	[ "$(status full)" = false ]
	names 1 2
	await counted joined 2
}

@test "a name that two addresses keep claiming is marked as a conflict, with both addresses" {
	lan node-a node-b node-c
	attach_on node-a
	announce_from node-b --hostname twin
	await lists twin
	announce_from node-c --hostname twin
	await counted moved 1
	run -1 in_conflict
	rollcall peers twin | grep -qE ' moved$'
	announce_from node-b --hostname twin
	await counted moved 2
	in_conflict
	[ "$(rollcall status -j | jq .conflicts)" = 1 ]
	rollcall status | grep -qE '^table: [0-9]+ hosts?, 1 name conflict, '
	rollcall metrics | grep -qx 'rollcall_conflicts 1'
	rollcall peers twin | grep -qE ' conflict$'
	[ "$(rollcall peers -j twin | jq -c '.[0] | [.address, .other_address]')" = '["10.77.0.2","10.77.0.3"]' ]
	# one expiry after the last conflict it is over
	age twin 20s
	announce_from node-b --hostname twin
	in_conflict
}

in_conflict() { rollcall peers -j twin | jq -e '.[0].note == "conflict"' >/dev/null; }

@test "events that the ring has no room for are counted, and every host is shown all the same" {
	lan node-a
	attach_on node-a
	kill -STOP "${PIDS[loader-node-a]}"
	on node-a crowd eth0 3000 0
	[ "$(outcome joined)" = 3000 ]
	kill -CONT "${PIDS[loader-node-a]}"
	await told_everybody
	[ "$(rollcall status -j | jq '.interfaces[0].events_lost')" -gt 0 ]
	# one line per join, and no message
	[ "$(lines_with loader-node-a ' join ')" = 3000 ]
	reported 0 loader-node-a
	[ "$(rollcall peers -j | jq length)" = 3000 ]
}

told_everybody() { [ "$(grep -oE ' join +node-[0-9]+ ' "$(out loader-node-a)" | sort -u | wc -l)" = 3000 ]; }
