# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for the suites of the history: record, history, missing. The database is $DB.

setup_more() { DB=$T/db/history.db; }

# start_recorder [OPTION...]: record into $DB, and wait until the recorder has written
start_recorder() {
	local before=0
	[ ! -e "$DB" ] || before=$(sql 'SELECT known_until FROM recorder')
	start recorder rollcall record --db "$DB" "$@"
	await recorder_writes "$before"
}
recorder_writes() { [ "$(sql 'SELECT known_until FROM recorder')" -gt "$1" ]; }

# record_node_b [HOST...]: node-a is attached and records, and node-b is here
record_node_b() {
	lan node-a node-b "$@"
	attach_on node-a
	start_recorder
	announce_from node-b
	await is_open 1
}

sql() { sqlite3 -readonly "$DB" ".timeout 5000" "$1"; }
has_intervals() { [ "$(sql 'SELECT count(*) FROM intervals')" = "$1" ]; }
is_open() { [ "$(sql "SELECT count(*) FROM intervals WHERE end IS NULL")" = "$1" ]; }

# history_lines [ARG...]: print the lines of `history` without times: "node-b expired eth0 10.77.0.2"
history_lines() { rollcall history --db "$DB" -H "$@" | awk '{ print $1, ($3 == "-" ? "- " : "") $5, $6, $7 }'; }
history_says() { history_lines | grep -qxF -- "$1"; }

# expires NAME: NAME expires, and another host joins, which wakes the watchers
expires() {
	age "$1" 36s
	announce_from node-b --hostname waker
}

# open_to_others: other users may search the directories of the test
open_to_others() {
	local dir
	for dir in "$T" "${T%/*}" "$BATS_RUN_TMPDIR" "${BATS_RUN_TMPDIR%/*}" "${BATS_RUN_TMPDIR%/*/*}"; do chmod 755 "$dir"; done
}

# a_history: make $DB with the hosts and intervals of standard input: lines "NAME FAMILY INTERFACE ADDRESS BEGIN END REASON".
# BEGIN and END are seconds before now; an END of "-" is open. No recorder runs.
a_history() {
	local name family interface address begin end reason number=0
	start recorder rollcall record --db "$DB" --pin-dir "$T/none"
	await recorder_writes 0
	stop recorder
	NOW=$(date +%s)
	while read -r name family interface address begin end reason; do
		cat <<-END
			INSERT OR IGNORE INTO hosts (hostname, first_seen, last_seen) VALUES ('$name', 0, 0);
			INSERT OR IGNORE INTO entries (host, family, interface) SELECT id, $family, '$interface' FROM hosts WHERE hostname = '$name';
			INSERT INTO intervals SELECT entries.id, ($NOW - $begin) * 1000, 1, $((++number)),
				$([ "$end" = - ] && echo NULL || echo "($NOW - $end) * 1000"), $([ "$end" = - ] && echo NULL || echo "'$reason'"), x'$address'
				FROM entries, hosts WHERE host = hosts.id AND hostname = '$name' AND family = $family AND interface = '$interface';
			UPDATE hosts SET last_seen = max(last_seen, ($NOW - $([ "$end" = - ] && echo "$begin" || echo $((end + 35)))) * 1000) WHERE hostname = '$name';
		END
	done | sqlite3 "$DB"
}

# recorder_ran SECONDS: the recorder last wrote that many seconds before $NOW
recorder_ran() { sqlite3 "$DB" "UPDATE recorder SET known_until = ($NOW - $1) * 1000"; }

# recorder_runs [SECONDS]: a process has the lock of a recorder, which wrote that many seconds before $NOW (0)
recorder_runs() {
	recorder_ran "${1:-0}"
	start lock python3 -c 'import fcntl, signal, struct, sys
file = open(sys.argv[1])
fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack("hhqqixxxx", fcntl.F_RDLCK, 0, int(sys.argv[2]), 1, 0))
print("locked", flush=True)
signal.pause()' "$DB" 1919904876
	await has_line lock locked
}

# at SECONDS: that many seconds before $NOW, as `history` prints it
at() { date -u -d "@$((NOW - $1))" +%Y-%m-%dT%H:%M:%SZ; }
