#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall record: what is written to the history, and that nothing is lost or invented.

load helper
load history

as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }

@test "joins and leaves become intervals, with the reason, the address and the interface" {
	lan node-a node-b node-c
	attach_on node-a
	start_recorder
	announce_from node-b
	announce_from node-c
	await has_intervals 2
	history_says 'node-b - here eth0 10.77.0.2'
	expires node-b
	await history_says 'node-b expired eth0 10.77.0.2'
	await history_says 'waker - here eth0 10.77.0.2'
	stop loader-node-a
	await history_says 'node-c detached eth0 10.77.0.3'
	history_says 'waker detached eth0 10.77.0.2'
	stop recorder
	is_open 0
}

@test "a host that returns has another interval, and its first one keeps its times" {
	lan node-a node-b
	attach_on node-a
	start_recorder
	announce_from node-b
	await has_intervals 1
	expires node-b
	await history_says 'node-b expired eth0 10.77.0.2'
	local first
	first=$(sql 'SELECT begin, end FROM intervals ORDER BY begin LIMIT 1')
	announce_from node-b
	await history_says 'node-b - here eth0 10.77.0.2'
	has_intervals 3
	[ "$(sql 'SELECT begin, end FROM intervals ORDER BY begin LIMIT 1')" = "$first" ]
}

@test "an interval has the last address of a host that moves" {
	lan node-a node-b node-c
	attach_on node-a
	start_recorder
	announce_from node-b --hostname walker
	await history_says 'walker - here eth0 10.77.0.2'
	announce_from node-c --hostname walker
	await history_says 'walker - here eth0 10.77.0.3'
	has_intervals 1
}

@test "the interval of a host goes on when its interface is renamed, with and without a restart, and ends" {
	record_node_b
	ip -n "$ID-node-a" link set eth0 name lan0
	recorded_again KILL true
	await history_says 'node-b - here lan0 10.77.0.2'
	has_intervals 1
	ip -n "$ID-node-a" link set lan0 name eth1
	announce_from node-b --hostname waker # the watchers read the new name
	await is_open 2
	stop loader-node-a
	await history_says 'node-b detached eth1 10.77.0.2'
	has_intervals 2
}

@test "each family and interface has intervals of its own, and a stay joins them" {
	lan node-a node-b
	attach_on node-a
	start_recorder
	on node-b rollcall announce -q eth0 --count 1
	await has_intervals 2
	[ "$(history_lines)" = 'node-b - here eth0 10.77.0.2' ]
	[ "$(history_lines -a | sort | awk '{ print $5 }' | cut -c 1-5 | paste -sd' ')" = '10.77 fe80:' ]
	[ "$(history_lines -6 | awk '{ print $5 }' | grep -c '^fe80::.*%eth0$')" = 1 ]
}

# recorded_again: stop the recorder by SIGNAL, run CMD, and start it again
recorded_again() {
	stop recorder "$1" || :
	"${@:2}"
	start_recorder
}

@test "after a restart, a clean one or kill -9, the interval of a host that stayed goes on" {
	local signal before
	lan node-a node-b
	attach_on node-a
	start_recorder
	announce_from node-b
	await has_intervals 1
	before=$(sql 'SELECT begin, first_seen_ns FROM intervals')
	for signal in TERM KILL; do
		recorded_again $signal true
		await is_open 1
		has_intervals 1
		[ "$(sql 'SELECT begin, first_seen_ns FROM intervals')" = "$before" ]
	done
}

@test "as soon as the recorder was stopped or killed, no host is shown as here, and that is reported" {
	local signal
	open_to_others
	record_node_b
	for signal in TERM KILL; do
		run --separate-stderr -0 as_nobody rollcall history --db "$DB" -H
		[[ $output = 'node-b '*' here '* ]]
		[ -z "$stderr" ]
		stop recorder $signal || :
		run --separate-stderr -0 as_nobody rollcall history --db "$DB" -H
		[[ $output = 'node-b '*' unknown '* ]]
		[[ $stderr = 'rollcall: no recorder has written since '* ]]
		[ "$(rollcall history --db "$DB" --last -j 2>/dev/null | jq '.[0].here')" = false ]
		start_recorder
		await is_open 1
	done
}

@test "a host that left while no recorder ran has an unknown end, at the last time it is known to have been here" {
	local known
	record_node_b
	known=$(sql 'SELECT known_until FROM recorder')
	recorded_again KILL age node-b 36s
	await history_says 'node-b unknown eth0 10.77.0.2'
	[ "$(sql 'SELECT end FROM intervals')" -ge "$known" ]
	[ "$(sql 'SELECT end <= known_until FROM intervals, recorder')" = 1 ]
	is_open 0
}

@test "a host that left and returned while no recorder ran has two intervals" {
	returns() {
		age node-b 36s
		announce_from node-b
	}
	record_node_b
	recorded_again KILL returns
	await has_intervals 2
	[ "$(history_lines | awk '{ print $2 $3 }' | paste -sd' ')" = 'unknowneth0 -here' ]
}

@test "intervals of another boot have an unknown end" {
	another_boot() { sqlite3 "$DB" "UPDATE boots SET boot_id = 'another'"; }
	record_node_b
	recorded_again TERM another_boot
	await has_intervals 2
	[ "$(sql "SELECT reason FROM intervals WHERE end IS NOT NULL")" = unknown ]
}

@test "without a table the intervals have an unknown end, and go on if the table comes back with them" {
	hide() { mv "$ROLLCALL_PIN_DIR" "$T/bpf/hidden"; }
	record_node_b
	recorded_again TERM hide
	await is_open 0
	has_line recorder "no table in .*: waiting for 'rollcall attach'"
	mv "$T/bpf/hidden" "$ROLLCALL_PIN_DIR"
	await is_open 1
	has_intervals 1
}

# sound: the database is not corrupt, and no interval ends before it begins
sound() { [ "$(sql 'PRAGMA integrity_check')" = ok ] && [ "$(sql 'SELECT count(*) FROM intervals WHERE end < begin')" = 0 ]; }

@test "kill -9 at any moment loses no interval that was written, and the database stays sound" {
	local round before
	lan node-a
	attach_on node-a
	for round in {1..8}; do
		start_recorder
		start crowd on node-a crowd eth0 $((round * 60)) 0
		await has_at_least $((before + 1))
		before=$(sql 'SELECT count(*) FROM intervals')
		stop recorder KILL || :
		stop crowd || :
		sound
		[ "$(sql 'SELECT count(*) FROM intervals')" -ge "$before" ]
	done
	start_recorder
	await is_open "$(rollcall peers -j | jq length)"
	sound
}
has_at_least() { [ "$(sql 'SELECT count(*) FROM intervals')" -ge "$1" ]; }

# small_disk: $DB is on a file system of one megabyte
small_disk() {
	mkdir -p "$T/db"
	mount -t tmpfs -o size=1m small "$T/db"
}
teardown_more() { if mountpoint -q "$T/db"; then umount "$T/db"; fi; }

@test "a full disk is reported once; when there is room again, what is known is recorded, and no end is invented" {
	lan node-a node-b node-c
	small_disk
	attach_on node-a
	start_recorder
	announce_from node-b
	announce_from node-c
	await is_open 2
	fill
	on node-a crowd eth0 2000 0
	await has_line recorder "^rollcall: history '.*': events are not recorded until it can be written: .* \(make room"
	age node-b 36s
	rm "$T/db/fill"
	await has_line recorder '^rollcall: history .*: events are recorded again$'
	await history_says 'node-b unknown eth0 10.77.0.2'
	history_says 'node-c - here eth0 10.77.0.3'
	[ "$(lines_with recorder 'events are not recorded')" = 1 ]
	sound
}
fill() { dd if=/dev/zero of="$T/db/fill" bs=4k 2>/dev/null || :; }

@test "a database that cannot be written is one message, with what to do" {
	mkdir -p "$T/db"
	open_to_others
	fails_with 1 "cannot create '/proc/none': No such file" rollcall record --db /proc/none/history.db
	fails_with 1 "cannot open '.*/history.db.lock': Permission denied \(record as the user that owns it\)" \
		setpriv --reuid=65534 --regid=65534 --clear-groups rollcall record --db "$DB"
	echo 'this is not a database, but a text that is longer than a header' >"$DB"
	fails_with 1 "history '.*/history.db': cannot open it: file is not a database \(if it was a history, move it away" rollcall record --db "$DB"
	fails_with 1 "file is not a database" rollcall history --db "$DB"
	mkdir "$T/ro"
	mount -t tmpfs -o ro readonly "$T/ro"
	UNMOUNT=$T/ro
	fails_with 1 "cannot open '.*/ro/history.db.lock': Read-only file system" rollcall record --db "$T/ro/history.db"
	rm "$DB"
	sqlite3 "$DB" 'CREATE TABLE other (x)'
	fails_with 1 "this is a database of another program \(--db FILE names another file" rollcall record --db "$DB"
	fails_with 1 "this is a database of another program" rollcall history --db "$DB"
	sqlite3 "$DB" 'PRAGMA application_id = 1919904876; PRAGMA user_version = 7'
	fails_with 1 'another version of rollcall \(schema 7, not 1\)' rollcall record --db "$DB"
}

@test "a corrupt database is one message, and the recorder exits" {
	lan node-a node-b
	attach_on node-a
	start_recorder
	announce_from node-b
	await has_intervals 1
	stop recorder
	sqlite3 "$DB" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	dd if=/dev/urandom of="$DB" bs=512 seek=1 count=200 conv=notrunc 2>/dev/null
	fails_with 1 'malformed.* \(if it was a history, move it away' rollcall record --db "$DB"
	fails_with 1 'malformed.* \(if it was a history, move it away' rollcall history --db "$DB"
}

@test "of two recorders the second one is rejected, and the first one goes on" {
	lan node-a node-b
	attach_on node-a
	start_recorder
	fails_with 1 "another 'rollcall record' writes it \(stop it first, or choose another --db\)" rollcall record --db "$DB"
	announce_from node-b
	await is_open 1
}

@test "the times of open intervals follow a step of the clock, and no interval ends before it begins" {
	local library begin
	library=$(find /usr/lib -name 'libfaketime.so.1' 2>/dev/null | head -n 1)
	[ -n "$library" ] || skip "libfaketime is not installed"
	[ -z "${ASAN_OPTIONS:-}" ] || skip "a build with sanitizers cannot be preloaded"
	lan node-a node-b node-c
	attach_on node-a
	clock_is +0
	start recorder env LD_PRELOAD="$library" FAKETIME_TIMESTAMP_FILE="$T/clock" FAKETIME_NO_CACHE=1 DONT_FAKE_MONOTONIC=1 \
		rollcall record --db "$DB"
	announce_from node-b
	await is_open 1
	begin=$(sql 'SELECT begin FROM intervals')
	clock_is +3600
	announce_from node-c
	await has_intervals 2
	has_line recorder '^rollcall: clock stepped by [0-9]* ms: the times of 1 open intervals were changed$'
	[ "$(sql 'SELECT max(begin) - min(begin) < 60000 FROM intervals')" = 1 ]
	[ "$(sql 'SELECT min(begin) FROM intervals')" -ge $((begin + 3590000)) ]
	clock_is -3600
	expires node-b
	await history_says 'node-b expired eth0 10.77.0.2'
	sound
	[ "$(sql 'SELECT max(end - begin) < 120000 FROM intervals WHERE end IS NOT NULL')" = 1 ]
}
clock_is() { echo "$1" >"$T/clock"; }

# old_intervals NAME COUNT: add intervals of a minute each that ended 100 days ago, and before
old_intervals() {
	sqlite3 "$DB" "INSERT INTO hosts (hostname, first_seen, last_seen) VALUES ('$1', 0, 0);
		INSERT INTO entries (host, family, interface) SELECT max(id), 4, 'eth0' FROM hosts;
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
		INSERT INTO intervals SELECT (SELECT max(id) FROM entries), (unixepoch() - 8640000 - i * 120) * 1000,
			(SELECT max(id) FROM boots), i, (unixepoch() - 8640000 - i * 120 + 60) * 1000, 'expired', x'0a4d0009' FROM n"
}

@test "intervals are kept for 90 days, or as long as --retain" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	start_recorder
	stop recorder
	old_intervals old-host 1000
	start_recorder --retain 200d
	stop recorder
	[ "$(sql 'SELECT count(*) FROM intervals')" = 1001 ]
	start_recorder
	await is_open 1
	await has_intervals 1
	[ "$(sql 'SELECT group_concat(hostname) FROM hosts')" = node-b ]
}

@test "the oldest intervals are removed from a database that is larger than --max-size, and the file shrinks" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	start_recorder
	stop recorder
	old_intervals old-host 60000
	[ "$(stat -c %s "$DB")" -gt 2000000 ]
	start_recorder --retain 200d --max-size 1M
	await smaller_than 1048577
	is_open 1
	[ "$(sql 'SELECT count(*) FROM intervals')" -gt 10000 ]
	# the newest ones are still there
	[ "$(sql 'SELECT min(first_seen_ns) FROM intervals')" = 1 ]
}
smaller_than() { [ "$(sql 'SELECT page_count * page_size FROM pragma_page_count, pragma_page_size')" -lt "$1" ]; }

# default_pins: use the default pin directory
default_pins() {
	unset ROLLCALL_PIN_DIR
	mount --bind "$T/bpf" /sys/fs/bpf
	UNMOUNT=/sys/fs/bpf
}

@test "every user reads the history: while it is recorded, after a stop and a kill, on a read-only file system, and a copy" {
	lan node-a node-b
	open_to_others
	small_disk
	attach_on node-a
	announce_from node-b
	await lists node-b
	start_recorder
	await is_open 1
	[ "$(stat -c %a "$DB")" = 644 ]
	reads() { as_nobody rollcall history --db "$DB" -H | grep -q '^node-b '; }
	reads
	stop recorder
	reads
	start_recorder
	stop recorder KILL || :
	reads
	mount -o remount,ro "$T/db"
	reads
	cp "$DB" "$T/copy.db"
	as_nobody rollcall history --db "$T/copy.db"
	mount -o remount,rw "$T/db"
	run ! as_nobody rollcall record --db "$DB"
}

@test "a recorder needs no privilege" {
	lan node-a node-b
	open_to_others
	install -d -o 65534 "$T/db"
	default_pins
	attach_on node-a
	start recorder setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all \
		rollcall record --db "$DB"
	announce_from node-b
	await is_open 1
	awk '$1 == "CapEff:" { exit $2 != "0000000000000000" }' "/proc/${PIDS[recorder]}/status"
	[ "$(stat -c %U:%a "$T/db/history.db")" = nobody:644 ]
}
