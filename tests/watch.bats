#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall watch: joins, moves and leaves are each reported once, with a loader and without.
# bats file_tags=long

load helper
load interfaces
load watch

# entries do not expire, also on a slow machine
setup_more() { LIFE=(--expiry 2h); }

@test "it begins with the hosts that are here, oldest first, with the time of the join" {
	lan node-a
	attach_on node-a "${LIFE[@]}"
	add younger 10.77.0.7 10s
	add older 10.77.0.8 20s
	add gone 10.77.0.9 3h
	start watch rollcall watch
	await tells 'join younger .*'
	told $'join older 10.77.0.8 eth0 present\njoin younger 10.77.0.7 eth0 present'
	[ "$(awk '/ older / { print substr($1, 1, 19) }' "$(out watch)")" = "$(peer_field older 'first_seen[:19]')" ]
}

@test "a join is reported once, by the loader's hint, while nothing else is there to wake the watcher" {
	lan_with_marker "${LIFE[@]}"
	watch_as watch
	await sleeps_until_expiry
	announce_from node-b
	await told 'join node-b 10.77.0.2 eth0 announced'
	announce_from node-b # no event
	announce_from node-c
	await told $'join node-b 10.77.0.2 eth0 announced\njoin node-c 10.77.0.3 eth0 announced'
	says_nothing
}
# sleeps_until_expiry: the timer of the watcher is set for an hour or two
sleeps_until_expiry() { grep -hE '^it_value: \([0-9]{4,},' "/proc/${PIDS[watch]}"/fdinfo/*; }

@test "a move is reported once, with the previous address" {
	lan_with_marker "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	watch_as watch
	announce_from node-c --hostname node-b
	await told $'join node-b 10.77.0.2 eth0 present\nmove node-b 10.77.0.3 eth0 address 10.77.0.2'
	announce_from node-c --hostname node-b # no event
	announce_from node-c
	await tells 'join node-c .*'
	[ "$(events | grep -c node-b)" = 2 ]
}

@test "a host that has expired leaves at that time, without a loader and without a hint" {
	lan_with_marker
	announce_from node-b
	await lists node-b
	watch_as watch
	kill_loader
	local seen
	seen=$(peer_field node-b last_seen)
	age node-b 40s
	await tells 'leave .*'
	told $'join node-b 10.77.0.2 eth0 present\nleave node-b 10.77.0.2 eth0 expired'
	# the time of the leave is one expiry after the last announcement
	local wanted=$(($(date -d "$seen" +%s%3N) - 5000)) at
	at=$(date -d "$(awk '/leave/ { print $1 }' "$(out watch)")" +%s%3N)
	((at >= wanted - 2 && at <= wanted + 2)) # the clocks are read twice
}

@test "a host that has expired and was received again between two reads has left and returned" {
	lan_with_marker --expiry 5s
	announce_from node-b
	await lists node-b
	watch_as watch
	kill_loader
	return_late() {
		await lists_not node-b
		announce_from node-b
		await counted returned 1
	}
	unseen return_late
	await tells 'join .* returned'
	told $'join node-b 10.77.0.2 eth0 present\nleave node-b 10.77.0.2 eth0 expired\njoin node-b 10.77.0.2 eth0 returned'
}

@test "a host that the loader removes leaves as expired, by the watcher's own timer or the hint" {
	lan_with_marker
	watch_as watch
	add leaver 10.77.0.7 32s
	announce_from node-b # sends a hint, so that the watcher reads the table
	await tells 'join leaver .*'
	await tells 'leave leaver .*'
	[ "$(events | grep leaver)" = $'join leaver 10.77.0.7 eth0 announced\nleave leaver 10.77.0.7 eth0 expired' ]
}

@test "a loader that is killed is noticed: what happens without one is also reported" {
	lan_with_marker "${LIFE[@]}"
	watch_as watch
	await sleeps_until_expiry
	kill_loader
	announce_from node-b
	await told 'join node-b 10.77.0.2 eth0 announced'
	announce_from node-c --hostname node-b
	await told $'join node-b 10.77.0.2 eth0 announced\nmove node-b 10.77.0.3 eth0 address 10.77.0.2'
	says_nothing
}

@test "the next loader's hints are taken again" {
	lan_with_marker "${LIFE[@]}"
	kill_loader
	watch_as watch
	run ! sleeps_until_expiry
	attach_on node-a "${LIFE[@]}"
	await sleeps_until_expiry
	announce_from node-b
	await told 'join node-b 10.77.0.2 eth0 announced'
}

@test "a second loader that begins beside the first is followed to its end" {
	lan node-a node-b
	second_lan node-a node-b
	attach_on node-a "${LIFE[@]}"
	add here-before 10.77.0.9
	watch_as watch
	await sleeps_until_expiry
	start second on node-a rollcall attach eth1
	await is_loader_of 1 second
	await follows_loaders 2
	stop second KILL || :
	on node-b rollcall announce -4 eth1 --count 1
	await told 'join node-b 10.78.0.2 eth1 announced'
}

follows_loaders() { [ "$(readlink "/proc/${PIDS[watch]}"/fd/* | grep -c pidfd)" = "$1" ]; }

@test "an entry that vanishes before its time was removed" {
	lan_with_marker "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	watch_as watch
	kill_loader
	peer "$ROLLCALL_PIN_DIR" remove node-b
	await told $'join node-b 10.77.0.2 eth0 present\nleave node-b 10.77.0.2 eth0 removed'
}

@test "a host of an interface that is detached leaves as detached, with the name of the interface" {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1 "${LIFE[@]}"
	await loader_is_in_place node-a
	add here-before 10.77.0.9
	on node-b rollcall announce -4 eth1 --count 1
	await lists node-b
	watch_as watch
	await sleeps_until_expiry
	on node-a rollcall detach eth1
	await told $'join node-b 10.78.0.2 eth1 present\nleave node-b 10.78.0.2 eth1 detached'
	says_nothing
}

@test "hosts carried over to a recreated interface neither leave nor join" {
	lan_with_marker "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	watch_as watch
	unplug
	await has_line loader-node-a "$GONE"
	plug_in
	await has_line loader-node-a "$BACK"
	hears later
	await tells 'join later .*'
	told $'join node-b 10.77.0.2 eth0 present\njoin later 10.77.0.2 eth0 announced'
}

@test "five watchers at once report the same, while the loader prints it too" {
	lan_with_marker "${LIFE[@]}"
	local i
	for i in {1..5}; do watch_as "watch$i"; done
	for i in {1..20}; do announce_from node-b --hostname "host-$i" --interval 100ms; done
	await counted throttled 4 # one address may have sixteen names
	announce_from node-c --hostname host-7
	for i in {1..5}; do
		await has_line "watch$i" ' move '
		diff <(events watch1) <(events "watch$i")
	done
	[ "$(events watch1 | wc -l)" = 17 ]
	diff <(events watch1 | sort) <(events loader-node-a | sort)
}

@test "an unprivileged user watches the table of the default installation, hinted by its loader" {
	unset ROLLCALL_PIN_DIR
	mount -t bpf -o mode=0700 "$ID" /sys/fs/bpf
	UNMOUNT=/sys/fs/bpf
	chmod o+x "$T" "${T%/*}" "${T%/*/*}" # the directories of bats are closed for other users
	lan node-a node-b
	attach_on node-a "${LIFE[@]}"
	peer /sys/fs/bpf/rollcall add here-before 10.77.0.9 "$(eth0_of node-a)"
	start watch setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all -- rollcall watch
	await has_line watch here-before
	await sleeps_until_expiry
	announce_from node-b
	await told 'join node-b 10.77.0.2 eth0 announced'
	stop loader-node-a
	await says "table in '/sys/fs/bpf/rollcall': removed: waiting for the next 'rollcall attach'"
	attach_on node-a "${LIFE[@]}"
	await says "table in '/sys/fs/bpf/rollcall': created: the hosts in it follow"
	announce_from node-b
	await tells 'join node-b 10.77.0.2 eth0 (present|announced)'
}

@test "if the loader cannot be seen and inotify is not available, it reads the table every second" {
	lan_with_marker "${LIFE[@]}"
	start watch unshare --pid --fork --mount-proc --kill-child rollcall watch
	await has_line watch here-before
	announce_from node-b
	await told 'join node-b 10.77.0.2 eth0 announced'
	kill "$(pgrep -P "${PIDS[watch]}")"
	ends_with 0 watch
	start watch strace -E ASAN_OPTIONS=detect_leaks=0 -qq -o "$T/calls" -e trace=inotify_init1 -e inject=inotify_init1:error=EMFILE rollcall watch
	await has_line watch here-before
	announce_from node-c
	await tells 'join node-c .*'
	grep -q EMFILE "$T/calls"
	kill "$(pgrep -P "${PIDS[watch]}")"
	ends_with 0 watch
}

# table_calls: print how many system calls of the watcher read the table
table_calls() { grep -c '^bpf(' "$T/trace"; }
# other_wakeups LINE: print each poll() since that line of the trace that was not ended by the timer
other_wakeups() {
	awk -v since="$1" '
		NR <= since { next }
		/^poll\(/ { if (woken) print woken; woken = / = [1-9]/ ? $0 : "" }
		/^read\([0-9]+<anon_inode:\[timerfd\]>/ { woken = "" }
	' "$T/trace"
}

@test "beside a living loader an idle watcher does not read the table, also not after a refresh" {
	lan_with_marker "${LIFE[@]}"
	watch_as watch
	start strace strace -y -e trace=poll,bpf,read -o "$T/trace" -p "${PIDS[watch]}"
	await has_line strace attached
	# the first announcement ends the interrupted poll(), the second causes the wake-up to compare with
	announce_from node-b
	await tells 'join node-b .*'
	announce_from node-c
	await tells 'join node-c .*'
	await grep -qE '^poll\(.* = 1 .*revents=POLLIN' "$T/trace"
	await sleeps_until_expiry
	local before line
	before=$(table_calls)
	[ "$before" -gt 0 ]
	line=$(wc -l <"$T/trace")
	announce_from node-b
	await counted refreshed 1
	run -124 timeout 2 tail -f --pid="${PIDS[watch]}" /dev/null
	[ "$(table_calls)" = "$before" ]
	run -0 other_wakeups "$line"
	[ -z "$output" ]
}

@test "a storm of hints costs at most a quarter of a CPU: after each read it rests three times as long" {
	lan_with_marker "${LIFE[@]}"
	# each system call that reads the table takes 50 ms
	start watch strace -E ASAN_OPTIONS=detect_leaks=0 -qq -ttt -T -o "$T/calls" -e trace=bpf \
		-e inject=bpf:delay_enter=50000 rollcall watch
	await has_line watch here-before
	: >"$T/calls"
	hinted() { touch "$ROLLCALL_PIN_DIR/peers" && [ "$(rests | wc -l)" -ge 4 ]; }
	await hinted
	rests
	rests | awk '$2 < 3 * $1 { short = 1 } END { exit short }'
	kill "$(pgrep -P "${PIDS[watch]}")"
	ends_with 0 watch
}
# rests: print for each read of the table how long it took, and the time until the next one
rests() {
	sed -nE 's/^([0-9.]+) bpf.*<([0-9.]+)>$/\1 \2/p' "$T/calls" | awk '
		NR == 1 { begin = $1 }
		NR > 1 && $1 - end > 0.04 { printf "%.4f %.4f\n", end - begin, $1 - end; begin = $1 }
		{ end = $1 + $2 }'
}

@test "patterns and family select the hosts that are reported" {
	lan_with_marker "${LIFE[@]}"
	start four rollcall watch -4 'n*'
	start six rollcall watch -6 '*-b'
	watch_as watch
	announce_from node-c --hostname other
	on node-b rollcall announce eth0 --count 1
	await tells 'join node-b fe80:.*'
	await tells 'join node-b 10.77.0.2 .*'
	await has_line four ' join +node-b 10\.77\.0\.2 eth0 announced$'
	await has_line six ' join +node-b fe80:[^ ]+%eth0 eth0 announced$'
	[ "$(wc -l <"$(out four)") $(wc -l <"$(out six)")" = "1 1" ]
}

@test "-j prints an object a line, of the fields that are promised" {
	lan_with_marker "${LIFE[@]}"
	start watch rollcall watch -j
	await has_line watch here-before
	announce_from node-b
	await has_line watch node-b
	announce_from node-c --hostname node-b
	await has_line watch '"move"'
	announce_from node-b
	await has_line watch '"conflict"'
	[ "$(wc -l <"$(out watch)")" = 4 ]
	[ "$(jq -r 'select(.event == "join") | keys_unsorted | join(" ")' "$(out watch)" | sort -u)" = \
		"time event hostname family address interface reason" ]
	[ "$(jq -r 'select(.event != "join") | keys_unsorted | join(" ")' "$(out watch)" | sort -u)" = \
		"time event hostname family address interface reason previous_address" ]
	[ "$(jq -r 'select(.event != "join") | .previous_address' "$(out watch)")" = $'10.77.0.2\n10.77.0.3' ]
	[ "$(jq -r 'select(.hostname == "node-b") | [.event, .family, .address, .interface, .reason] | join(" ")' "$(out watch)")" = \
		$'join 4 10.77.0.2 eth0 announced\nmove 4 10.77.0.3 eth0 address\nconflict 4 10.77.0.2 eth0 address' ]
	jq -e '.time | test("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$")' "$(out watch)"
}

@test "a stop is no failure, by any of its signals" {
	lan_with_marker "${LIFE[@]}"
	local signal status
	for signal in INT TERM HUP; do
		watch_as watch
		status=0
		stop watch "$signal" || status=$?
		[ "$status" = 0 ]
	done
}

@test "a watcher whose pipe loses its reader is terminated by SIGPIPE, without a message, even if nothing happens" {
	lan_with_marker "${LIFE[@]}"
	start pipe bash -c 'rollcall watch | head -n 1; exit "${PIPESTATUS[0]}"'
	ends_with $((128 + 13)) pipe
	[ "$(lines_with pipe '')" = 1 ]
}

@test "where SIGPIPE is ignored, a watcher whose pipe loses its reader reports that and exits with 1" {
	lan_with_marker "${LIFE[@]}"
	start pipe bash -c 'trap "" PIPE; rollcall watch | head -n 1; exit "${PIPESTATUS[0]}"'
	ends_with 1 pipe
	has_line pipe '^rollcall: cannot write to standard output: Broken pipe$'
	[ "$(lines_with pipe '')" = 2 ]
}

@test "a watcher whose pipe loses its reader terminates the program that it runs" {
	lan_with_marker "${LIFE[@]}"
	printf '#!/bin/sh\necho $$ >%s\nexec sleep 1000\n' "$T/program.pid" >"$T/program"
	chmod +x "$T/program"
	start pipe bash -c 'rollcall watch --exec "$1" | { read -r; until [ -s "$2" ]; do sleep 0.1; done; }; exit "${PIPESTATUS[0]}"' - \
		"$T/program" "$T/program.pid"
	ends_with $((128 + 13)) pipe
	run ! kill -0 "$(cat "$T/program.pid")"
}

@test "a watcher whose output cannot be written reports the reason" {
	lan_with_marker "${LIFE[@]}"
	start full bash -c 'exec rollcall watch >/dev/full'
	ends_with 1 full
	says 'cannot write to standard output.*' full
}

@test "a watcher holds nothing of the table: stopping the loader leaves no map behind" {
	lan_with_marker "${LIFE[@]}"
	local id
	id=$(bpftool -j map show pinned "$ROLLCALL_PIN_DIR/peers" | jq .id)
	watch_as watch
	stop loader-node-a
	await map_is_gone "$id"
	! ended watch
}
map_is_gone() { ! bpftool map show id "$1"; }
