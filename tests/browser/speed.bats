#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# How fast the web page is, in headless Chromium, and its pictures. The figures are printed. The limits are three times
# the goals, because machines differ.
# bats file_tags=alone

load ../helper
load browser

print() { echo "# $*" >&3; }
# at_most LIMIT FIGURE
at_most() { awk -v limit="$1" -v figure="$2" 'BEGIN { exit !(figure <= limit) }' || { echo "$2 is more than $1"; return 1; }; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

@test "5,000 hosts: the first rows after a second, an event in 50 ms" {
	local first event long number
	attach_long --max-peers 16384
	on node-a crowd eth0 5000 0
	await counted joined 5000
	start_server
	start_browser
	browser go about:blank # Chromium is warm
	browser go "$PAGE"
	browser await 'performance.getEntriesByName("rollcall-first-rows").length'
	first=$(browser eval 'Math.round(performance.getEntriesByName("rollcall-first-rows")[0].startTime)')
	browser await 'document.getElementById("live").textContent === "Live" && loading === false'
	browser await "document.querySelector('.count').textContent === '5000 hosts'"
	[ "$(browser eval "$ROWS.length")" -lt 200 ]
	browser eval 'test.events.length = test.longTasks.length = 0' >/dev/null
	for ((number = 1; number <= 20; number++)); do
		announce_from node-b --hostname "event-$number"
		browser await "hosts.has('event-$number')"
	done
	browser await 'test.events.length > 0'
	event=$(browser eval 'test.events.join("\n")' | median)
	long=$(browser eval 'Math.round(Math.max(0, ...test.longTasks.map(task => task[1])))')
	print "5,000 hosts: first rows after $first ms; an event: median ${event%.*} ms from its arrival to the rows; longest task $long ms"
	at_most 3000 "$first"
	at_most 150 "$event"
	at_most 150 "$long"
	# the last row is reached by keyboard, and each row by the filter
	browser key /
	browser key ArrowDown
	browser key End
	[ "$(focused)" = node-5000 ]
	browser key /
	browser type node-4321
	shows_names node-4321
	no_problems
}

# past NAME [BEGIN END]...: write intervals into the history, in minutes ago
past() {
	local name=$1
	shift
	while (($#)); do
		sqlite3 "$DB" "INSERT OR IGNORE INTO hosts (hostname, first_seen, last_seen) VALUES ('$name', 0, 0);
			INSERT OR IGNORE INTO entries (host, family, interface) SELECT id, 4, 'eth0' FROM hosts WHERE hostname = '$name';
			INSERT INTO intervals SELECT e.id, (unixepoch() - 60 * $1) * 1000, 1, $1, (unixepoch() - 60 * $2) * 1000, 'expired', x'0A4D0009'
			FROM entries e JOIN hosts h ON h.id = e.host WHERE hostname = '$name' AND family = 4"
		shift 2
	done
}

@test "screenshots of a desktop, a phone and the dark mode" {
	local host address age
	EXPIRY=4m attach_long
	while read -r host address age; do add "$host" "$address" "$age"; done <<-EOF
		backup 10.77.0.14 12
		build-arm64 10.77.0.23 71
		db1 10.77.0.31 3
		db2 10.77.0.32 40
		git 10.77.0.15 8
		kiosk-lobby 10.77.0.118 165
		laptop-anna 10.77.0.142 30
		media 10.77.0.60 55
		nas 10.77.0.10 2
		ntp fe80::5054:ff:fe12:9 18
		pi-greenhouse 10.77.0.77 97
		router 10.77.0.1 5
		web1 10.77.0.41 21
		web2 10.77.0.42 62
		web10 10.77.0.50 9
	EOF
	start_recorder
	past backup 9000 4000 3900 60 58 30
	past web1 10000 1
	past web2 8000 300 200 20 17 1
	past printer-2f 4000 3000 2900 1400 50 22
	past nas 10000 1
	past git 1500 700 640 1
	past kiosk-lobby 40 35 30 22 18 4
	past laptop-anna 3000 2500 1600 1100 55 9
	past media 45 1
	past router 10000 1
	start_server
	open_page 15
	announce_from node-b --hostname db2
	announce_from node-c --hostname db2
	announce_from node-b --hostname scanner
	announce_from node-c --hostname laptop-anna
	browser await "$(row_of scanner) && $(row_of db2).cells[7].textContent === 'conflict' && $(row_of laptop-anna).cells[7].textContent"
	browser await 'document.querySelectorAll("#presence-rows .line").length > 15'
	shot desktop
	browser click '#rows tr:nth-child(7)'
	browser await 'document.querySelectorAll("dialog .line svg").length === 3 && document.querySelector("dialog tbody tr")'
	shot details
	browser key Escape
	browser media prefers-color-scheme dark
	shot dark
	browser media prefers-color-scheme light
	browser size 390 844
	shot phone
	is_not_wider_than 390
	stop server KILL || :
	browser await '!document.getElementById("banner").hidden'
	browser size 1440 900
	shot stale
}

# send_from_b NAME: announce NAME from node-b; print the time at which it was sent, in milliseconds
send_from_b() {
	on node-b python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.77.0.2"))
print(time.time() * 1000)
s.sendto(b"multitastic:" + sys.argv[1].encode(), ("239.2.3.4", 49001))' "$1"
}

@test "an announcement is a row in the browser after at most 100 ms" {
	local number sent row
	attach_long
	announce_from node-b
	start_server
	open_page 1
	for ((number = 1; number <= 21; number++)); do
		sent=$(send_from_b "timed-$number")
		browser await "test.rows['timed-$number']"
		row=$(browser eval "test.rows['timed-$number']")
		awk -v sent="$sent" -v row="$row" 'BEGIN { printf "%.1f\n", row - sent }' >>"$T/times"
	done
	print "from an announcement to the row: median $(median <"$T/times") ms, of $(sort -n "$T/times" | sed -n '1p;$p' | paste -sd- | sed 's/-/ to /') ms"
	at_most 300 "$(median <"$T/times")"
}
