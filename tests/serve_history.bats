#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall serve with a history: intervals, time lines, and the last intervals of each host.

load helper
load serve
load history

@test "history and time lines" {
	served
	rejects 404 'rollcall record' /api/v1/history
	rejects 404 'rollcall record' /api/v1/timeline
	start recorder rollcall record --db "$DB"
	await has_line recorder recording
	await sh -c "rollcall history --db '$DB' | grep -q node-b"
	age node-b 40s
	announce_from node-b --hostname hint # the recorder reads the table
	await sh -c "rollcall history --db '$DB' | grep -q expired"
	announce_from node-b
	await sh -c "rollcall history --db '$DB' node-b | grep -q here"
	local drop='del(.[].duration_ms)'
	diff <(ask '/api/v1/history?host=node-b' | jq -S "$drop") <(rollcall history --db "$DB" -j node-b | jq -S "$drop")
	[ "$(ask '/api/v1/history?host=other')" = '[]' ]
	[ "$(ask '/api/v1/history?since=2001-01-01&until=2001-01-02')" = '[]' ]
	ask '/api/v1/timeline?since=1h&slots=60' | jq -e '.slots == 60 and (.hosts["node-b"] | length) == 60'
}

# past BEGIN END [ADDRESS]: node-b was here before, that many seconds before now
past() {
	sqlite3 "$DB" ".timeout 5000" "INSERT INTO intervals SELECT e.id, (unixepoch() - $1) * 1000, 1, $1, (unixepoch() - $2) * 1000, 'expired', x'${3:-0a4d0002}'
		FROM entries e JOIN hosts h ON h.id = e.host WHERE hostname = 'node-b' AND family = 4"
}

@test "each host has its last intervals, 2 or as many as are asked for, whatever its address was" {
	local number
	served
	announce_from node-b --hostname other
	await lists other
	ask /api/v1/hosts | jq -e '.[0] | has("last_intervals") | not'
	start_recorder
	await is_open 2
	past 9000 8000 0a4d0063
	ask /api/v1/hosts >"$T/hosts"
	jq -e '.[0] | .hostname == "node-b" and (.last_intervals | map(.address + " " + (.reason // "here")) == ["10.77.0.99 expired", "10.77.0.2 here"])' "$T/hosts"
	jq -e '.[1] | .hostname == "other" and (.last_intervals | length) == 1' "$T/hosts"
	ask '/api/v1/hosts?host=10.77.0.2' | jq -e '.[0].last_intervals | length == 2'
	for number in 7000 6000 5000 4000 3000; do past "$number" $((number - 100)); done
	ask '/api/v1/hosts?host=node-*&intervals=5' | jq -e 'length == 1 and (.[0].last_intervals | length == 5 and .[4].until == null and
		(map(.from) | . == sort) and .[0].duration_ms == 100000)'
	ask /api/v1/hosts | jq -e '[.[].last_intervals | length] == [2, 1]'
	ask '/api/v1/hosts?intervals=0' | jq -e 'any(has("last_intervals")) | not'
	rejects 400 "intervals: '101' is not in 0..100" '/api/v1/hosts?intervals=101'
	rejects 400 "unknown parameter 'intervals'" '/api/v1/peers?intervals=1'
}
