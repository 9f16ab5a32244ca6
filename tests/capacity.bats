#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# --max-peers N means that N live peers fit. An LRU map with max_entries N holds fewer.

load helper

setup_more() {
	lan node-a
	attach_on node-a --max-peers 1000
	seq -f 'node-%g' 1000 | sort >"$T/all"
}

# everybody_is_listed WHEN: all thousand hosts are listed once
everybody_is_listed() {
	rollcall peers -j | jq -r '.[].hostname' | sort >"$T/listed"
	if ! cmp -s "$T/all" "$T/listed"; then
		echo "$1: $(wc -l <"$T/listed") listed of 1000"
		return 1
	fi
}

@test "with --max-peers 1000, a thousand hosts are listed, and through ten rounds of refreshes" {
	on node-a crowd eth0 1000 0
	everybody_is_listed "joined"
	local round
	for round in {1..10}; do
		on node-a crowd eth0 1000 "$round"
		everybody_is_listed "round $round"
	done
	[ "$(outcome joined)" = 1000 ]
	[ "$(outcome refreshed)" = 10000 ]
}

@test "with --max-peers 1000, a thousand hosts stay listed while every entry is written whole" {
	on node-a crowd eth0 1000 0
	local round
	for round in {1..10}; do
		on node-a crowd eth0 1000 "$round" "$round"
		everybody_is_listed "round $round"
	done
	[ "$(outcome joined)" = 1000 ]
	[ "$(outcome refreshed)" = 10000 ]
}
