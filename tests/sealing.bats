#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Messages, as the filter handles them: sequences of events in a plain table (tools/goodbyes.c), in a table with keys
# (tools/sealing.c) and in a mixed one (tools/mixing.c).

load helper

@test "a table with keys records only what is sealed with one of them" { sealing a_seal_is_required; }
@test "a seal is accepted for hostnames of each length, over IPv4 and IPv6" { sealing seals_of_every_length; }
@test "any changed bit of the address or the payload is found" { sealing every_bit_is_covered; }
@test "of several faults the first one decides: form, hostname, key, seal, time" { sealing the_first_fault_decides; }
@test "a flood of bad seals, unknown keys and replays changes nothing" { sealing a_flood_changes_nothing; }
@test "a refresh is a store in place" { sealing refresh_is_in_place; }
@test "the sweeper removes no entry that is fresh, or that a CPU is replacing" { sealing a_fresh_entry_is_not_removed; }
@test "a message is accepted once, and none that is older than another" { sealing a_message_counts_once; }
@test "a message whose time is too far from this host's clock is rejected" { sealing the_window_bounds_the_sequence; }
@test "a host is recorded again after this host's clock was set back" { sealing a_clock_step_does_not_lock_out; }
@test "a goodbye leaves a tombstone, which rejects older messages until it is removed" { sealing goodbye_leaves_a_tombstone; }
@test "after the expiry only the time of a message decides" { sealing after_the_expiry_only_time_counts; }
@test "a message that finds an entry being replaced waits, and gives up" { sealing who_finds_a_replaced_entry_waits; }
@test "a message that may not move its host leaves the entry as it was" { sealing who_may_not_move_changes_nothing; }

@test "a goodbye removes its host, and the tombstone is removed after an expiry" { goodbyes a_goodbye_removes_its_host; }
@test "an announcement brings a host back after its goodbye" { goodbyes an_announcement_brings_the_host_back; }
@test "a goodbye without a seal requires the address and the MAC of the entry" { goodbyes a_goodbye_of_another_host_is_ignored; }
@test "a goodbye of a host that has expired changes nothing" { goodbyes an_expired_host_does_not_leave; }
@test "a plain table does not check seals" { goodbyes seals_are_not_checked; }
@test "a tombstone keeps its place, and its share of the names of its address" { goodbyes a_tombstone_keeps_its_share; }
@test "goodbyes without a seal can be ignored" {
	IGNORE_GOODBYE=1 run -1 goodbyes a_goodbye_removes_its_host
	[[ $output = *"not so: hears_says(NODE, goodbye) == ROLLCALL_LEFT"* ]]
}

@test "a mixed table records hosts without a key" { mixing plain_hosts_are_recorded; }
@test "a host that gets its key stays, and is then not announced without one" { mixing a_host_gets_its_key; }
@test "a host with a key takes its name from one without" { mixing a_host_takes_its_name_back; }
@test "a seal over one family protects the name over both" { mixing the_other_family_counts_too; }
@test "a sealed entry or tombstone protects its name until it expires" { mixing a_seal_lasts_until_the_expiry; }
@test "a goodbye without a seal removes no sealed entry" { mixing a_goodbye_without_a_seal_removes_no_sealed_entry; }
@test "a conflict of hosts without a key ends with the seal" { mixing a_seal_ends_a_conflict; }
@test "hosts without a key do not use up the names of a host with one" { mixing names_of_others_do_not_count; }
@test "hosts without a key get at most half of the places" { mixing who_has_no_key_gets_half_of_the_places; }

@test "in no order of the steps is a message accepted twice, or the newest one lost" { sequence_model; }

@test "the same model sees what goes wrong without each part" {
	local part
	for part in swap owner again seal; do run -1 sequence_model --naive "$part"; done
}

@test "every case of the drivers is a test here" {
	local driver name
	for driver in sealing goodbyes mixing; do
		for name in $($driver --list); do
			grep -qE "(\{| 1) $driver $name(;|$)" "$BATS_TEST_FILENAME"
		done
	done
}
