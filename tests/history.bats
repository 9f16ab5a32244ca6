#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall history: which hosts were here, and when.

load helper
load history

HOUR=3600 DAY=86400

# two_hosts: node-b was here twice, over both families, the second time until now; node-c once on another interface
two_hosts() {
	a_history <<-END
		node-b 4 eth0 0a4d0002 7200 3600 expired
		node-b 6 eth0 fe800000000000000000000000000002 7100 3650 expired
		node-b 4 eth0 0a4d0002 600 - -
		node-c 4 eth1 0a4d0003 5000 4000 detached
	END
	recorder_runs
}

@test "a stay of a host is one line, with its times, its reason, and its primary address" {
	two_hosts
	diff - <(rollcall history --db "$DB" | sed 's/  */ /g; s/ 10m..s / 10m /') <<-END
		HOSTNAME FROM UNTIL DURATION REASON INTERFACE ADDRESS
		node-b $(at 7200) $(at 3600) 1h00m expired eth0 10.77.0.2
		node-b $(at 600) - 10m here eth0 10.77.0.2
		node-c $(at 5000) $(at 4000) 16m40s detached eth1 10.77.0.3
	END
	[ "$(rollcall history --db "$DB" -H | wc -l)" = 3 ]
}

@test "with --all each entry has its own lines" {
	two_hosts
	[ "$(history_lines -a | sort)" = "node-b - here eth0 10.77.0.2
node-b expired eth0 10.77.0.2
node-b expired eth0 fe80::2%eth0
node-c detached eth1 10.77.0.3" ]
}

@test "patterns, families and interfaces select" {
	two_hosts
	[ "$(history_lines 'NODE-C')" = 'node-c detached eth1 10.77.0.3' ]
	[ "$(history_lines '10.77.0.3' | awk '{ print $1 }')" = node-c ]
	[ "$(history_lines -6)" = 'node-b expired eth0 fe80::2%eth0' ]
	[ "$(history_lines -4 | wc -l)" = 3 ]
	[ "$(history_lines -i eth1)" = 'node-c detached eth1 10.77.0.3' ]
	[ "$(history_lines 'node-[bc]' | wc -l)" = 3 ]
	[ -z "$(history_lines node)" ]
}

# hosts_during SINCE UNTIL: print the hosts that were here between these seconds before now
hosts_during() { history_lines --since "$(at "$1")" --until "$(at "$2")" | awk '{ print $1 }' | uniq | paste -sd' '; }

@test "an interval is printed if it was present at some time between --since and --until" {
	a_history <<-END
		early 4 eth0 0a4d0002 9000 8000 expired
		long 4 eth0 0a4d0003 9000 1000 expired
		late 4 eth0 0a4d0004 2000 1000 expired
		here 4 eth0 0a4d0005 3000 - -
	END
	recorder_runs
	[ "$(hosts_during 7000 6000)" = long ]
	[ "$(hosts_during 8500 8400)" = 'early long' ]
	[ "$(hosts_during 2500 1500)" = 'here late long' ]
	[ "$(hosts_during 900 100)" = here ]
	[ "$(hosts_during 20000 10000)" = '' ]
	# the ends
	[ "$(hosts_during 8000 7000)" = 'early long' ]
	[ "$(hosts_during 7999 7000)" = long ]
	[ "$(hosts_during 2600 2000)" = 'here long' ]
	[ "$(hosts_during 2600 1999)" = 'here late long' ]
}

@test "the default is the last 7 days; a duration, a date and a time are understood" {
	a_history <<-END
		recent 4 eth0 0a4d0002 $((2 * DAY)) $((2 * DAY - 60)) expired
		old 4 eth0 0a4d0003 $((8 * DAY)) $((8 * DAY - 60)) expired
	END
	[ "$(history_lines | awk '{ print $1 }')" = recent ]
	[ "$(history_lines --since 9d | wc -l)" = 2 ]
	[ "$(history_lines --since 9d --until 3d | awk '{ print $1 }')" = old ]
	[ "$(history_lines --since "$(date -u -d '9 days ago' +%F)" | wc -l)" = 2 ]
	[ "$(history_lines --since "$(date -u -d '9 days ago' '+%F %H:%M')" | wc -l)" = 2 ]
	[ "$(history_lines --since "$(date -u -d '1 day ago' +%FT%TZ)" | wc -l)" = 0 ]
	[ "$(history_lines --since "$(date -u -d '9 days ago' +%FT%T.123Z)" | wc -l)" = 2 ] # as JSON has it
}

@test "--last has one line per host, with the time of its last announcement" {
	two_hosts
	diff - <(rollcall history --last --db "$DB" | sed 's/  */ /g; s/ 1h0[67]m / 1h07m /') <<-END
		HOSTNAME LAST_SEEN AGO REASON INTERFACE ADDRESS
		node-b - - here eth0 10.77.0.2
		node-c $(at 4035) 1h07m detached eth1 10.77.0.3
	END
}

@test "what was open when the recorder stopped has an unknown end, at the last time that is known" {
	a_history <<<'node-b 4 eth0 0a4d0002 9000 - -'
	recorder_ran 500
	[ "$(rollcall history -H --db "$DB" | awk '{ print $2, $3, $5 }')" = "$(at 9000) $(at 500) unknown" ]
	[ "$(rollcall history -H --last --db "$DB" | awk '{ print $2, $4 }')" = "$(at 500) unknown" ]
	[ "$(rollcall history -j --db "$DB" | jq -r '.[0] | [.until, .reason] | join(" ")')" = "$(at 500 | sed 's/Z/.000Z/') unknown" ]
	recorder_ran 20
	[ "$(rollcall history -H --db "$DB" | awk '{ print $3, $5 }')" = "$(at 20) unknown" ]
	recorder_runs 20 # it writes every 30 seconds
	[ "$(history_lines)" = 'node-b - here eth0 10.77.0.2' ]
}

@test "JSON has an object per interval of an entry, and one per host with --last" {
	two_hosts
	rollcall history --db "$DB" -j >"$T/json"
	[ "$(jq length "$T/json")" = 4 ]
	jq -e 'map(select(.hostname == "node-c")) | .[0] | del(.from, .until) ==
		{ hostname: "node-c", family: 4, address: "10.77.0.3", interface: "eth1", duration_ms: 1000000, reason: "detached" }' "$T/json"
	jq -e '[.[] | select(.until == null)] | length == 1 and .[0].reason == null' "$T/json"
	jq -e 'all(.from | test("^[0-9-]+T[0-9:]+\\.[0-9]{3}Z$"))' "$T/json"
	rollcall history --db "$DB" -j --last >"$T/last"
	jq -e 'map([.hostname, .here, .address, .interface, .reason]) ==
		[["node-b", true, "10.77.0.2", "eth0", null], ["node-c", false, "10.77.0.3", "eth1", "detached"]]' "$T/last"
	[ "$(rollcall history --db "$DB" -j nothing)" = '[]' ]
}

@test "a time line has one row per host and one cell per slot of time" {
	a_history <<-END
		always 4 eth0 0a4d0002 9000 - -
		half 4 eth0 0a4d0003 3600 1800 expired
		short 4 eth0 0a4d0004 1000 990 expired
	END
	recorder_runs
	sqlite3 "$DB" 'DELETE FROM gaps'
	timeline() { LC_ALL=C rollcall history -t --db "$DB" --since "$(at 3600)" --until "$(at 0)" "$@"; }
	timeline -H >"$T/rows"
	[ "$(awk '{ print length($2) }' "$T/rows" | uniq)" = 72 ]
	[ "$(awk '$1 == "always" { gsub(/#/, "", $2); print $2 }' "$T/rows")" = '' ]
	[[ $(awk '$1 == "half" { print $2 }' "$T/rows") =~ ^#{36}\+?\.{35,36}$ ]]
	[[ $(awk '$1 == "short" { print $2 }' "$T/rows") =~ ^\.{51,52}\+{1,2}\.{18,20}$ ]]
	[[ $(timeline | head -n 1) =~ ^HOSTNAME\ +$(at 3600)\ +$(at 0)$ ]]
	LC_ALL=C.UTF-8 rollcall history -t -H always --db "$DB" --since "$(at 3600)" --until "$(at 0)" | LC_ALL=C.UTF-8 grep -q '^always  *█*$'
	timeline -j | jq -e '.slots == 72 and (.hosts.always == "2" * 72) and (.hosts | keys == ["always", "half", "short"])'
}

@test "slots in which no recorder ran are marked, where the host is not known to have been here" {
	a_history <<-END
		before 4 eth0 0a4d0002 3600 2700 unknown
		whole 4 eth0 0a4d0003 3600 - -
	END
	recorder_runs
	sqlite3 "$DB" "DELETE FROM gaps; INSERT INTO gaps VALUES (($NOW - 2700) * 1000, ($NOW - 1800) * 1000)"
	LC_ALL=C rollcall history -t -H --db "$DB" --since "$(at 3600)" --until "$(at 0)" >"$T/rows"
	[[ $(awk '$1 == "before" { print $2 }' "$T/rows") =~ ^#{18}[+?]\?{17}[.?]\.{35}$ ]]
	[ "$(awk '$1 == "whole" { gsub(/#/, "", $2); print $2 }' "$T/rows")" = '' ]
}

@test "while no recorder runs, the time since then is not known, hosts are not here, and that is reported" {
	a_history <<<'node-b 4 eth0 0a4d0002 9000 - -'
	recorder_ran 1800
	run --separate-stderr -0 rollcall history --db "$DB" -H --since 1h
	[[ $output = "node-b "*" unknown "* ]]
	[ "$stderr" = "rollcall: no recorder has written since $(at 1800): is 'rollcall record' running?" ]
	run --separate-stderr -0 rollcall history --db "$DB" -H --since 10m # it is not known to have been here
	[ -z "$output" ]
	run --separate-stderr -0 rollcall history --db "$DB" -H --since 3h --until 2h
	[ -z "$stderr" ]
	LC_ALL=C rollcall history -t -H --db "$DB" --since "$(at 3600)" --until "$(at 0)" >"$T/rows"
	[[ $(awk '$1 == "node-b" { print $2 }' "$T/rows") =~ ^#{35,36}[+?]\?{34,36}$ ]]
}

@test "what is no regular file is no history" {
	mkfifo "$T/fifo"
	fails_with 1 "history '.*/fifo': not a regular file" timeout 20 rollcall history --db "$T/fifo"
	fails_with 1 "history '/dev/null': not a regular file" rollcall record --db /dev/null
}

@test "a recorder that did not run for longer than a pulse leaves a gap, and a restart leaves none" {
	lan node-a
	attach_on node-a
	start_recorder
	stop recorder
	start_recorder
	stop recorder
	[ "$(sql 'SELECT count(*) FROM gaps')" = 1 ] # the time before the first recorder
	NOW=$(date +%s)
	recorder_ran 100
	start_recorder
	[ "$(sql 'SELECT count(*) FROM gaps')" = 2 ]
	[ "$(sql 'SELECT (end - begin) / 1000 BETWEEN 99 AND 200 FROM gaps WHERE begin > 0')" = 1 ]
}

@test "hosts are sorted with numbers by their value, and a hostname is never printed unescaped" {
	a_history <<-END
		node-10 4 eth0 0a4d0002 600 500 expired
		node-9 4 eth0 0a4d0003 600 500 expired
	END
	[ "$(history_lines | awk '{ print $1 }' | paste -sd' ')" = 'node-9 node-10' ]
	sqlite3 "$DB" "UPDATE hosts SET hostname = char(27) || '[31m<b>' WHERE hostname = 'node-9'"
	run ! grep -q "$(printf '\033')" <(rollcall history --db "$DB"; rollcall history --db "$DB" -j; rollcall history -t --db "$DB")
}

@test "without a history there is one message, with what to do" {
	fails_with 1 "cannot read history '.*': No such file or directory \('rollcall record' keeps a history\)" rollcall history --db "$DB"
	mkdir -p "${DB%/*}"
	: >"$DB"
	fails_with 1 "history '.*' is empty \('rollcall record' keeps a history\)" rollcall history --db "$DB"
}

@test "options that exclude each other are wrong usage" {
	fails_with 2 "--last and --timeline exclude each other" rollcall history --last -t
	fails_with 2 "--last is about any time: leave --since and --until out" rollcall history --last --since 1d
	fails_with 2 "--all has no effect with --json" rollcall history -a -j
	fails_with 2 "--since: '2026-02-30' is not a duration" rollcall history --since 2026-02-30
	fails_with 2 "--until is not later than --since" rollcall history --since 1d --until 2d
	fails_with 2 "--since: 'yesterday' is not a duration such as 7d, or a time such as" rollcall history --since yesterday
	fails_with 2 "--retain: '5s' is not a duration in 1m\.\.36500d" rollcall record --retain 5s
	fails_with 2 "--max-size: '1K' is not a size of at least 1M" rollcall record --max-size 1K
	fails_with 2 "unexpected argument 'x'" rollcall record x
}
