#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall watch --exec: a program is run for each event, one at a time and in order, without a shell.

load helper
load watch

LIFE=(--expiry 2h)

# program NAME <<SCRIPT: make an executable $T/NAME
program() {
	{ echo '#!/bin/bash'; cat; } >"$T/$1"
	chmod +x "$T/$1"
}
log_has() { grep -qE -- "$1" "$T/log"; }
logged() { [ "$(wc -l <"$T/log")" = "$1" ]; }

@test "what happened is only in the environment" {
	lan_with_marker "${LIFE[@]}"
	program hook <<-E
		{ env | grep ^ROLLCALL_ | grep -v TESTS_INSIDE | sort; echo "arguments: \$#"; echo; } >>'$T/log'
	E
	# as if an outer watcher had set it, for another event
	export ROLLCALL_PREVIOUS=192.0.2.1 ROLLCALL_KEPT=1
	watch_as watch --exec "$T/hook" '*-*'
	announce_from node-b
	await log_has '^ROLLCALL_NAME=node-b$' # two changes between two reads of the table would be one event
	announce_from node-c --hostname node-b
	await log_has PREVIOUS=10
	unset ROLLCALL_PREVIOUS ROLLCALL_KEPT
	await tells 'move .*'
	stop watch
	local times
	mapfile -t times < <(grep -v '^rollcall' "$(out watch)" | awk '{ print $1 }')
	diff - "$T/log" <<-E
		ROLLCALL_ADDRESS=10.77.0.9
		ROLLCALL_DEV=eth0
		ROLLCALL_EVENT=join
		ROLLCALL_FAMILY=4
		ROLLCALL_KEPT=1
		ROLLCALL_NAME=here-before
		ROLLCALL_PIN_DIR=$ROLLCALL_PIN_DIR
		ROLLCALL_REASON=present
		ROLLCALL_TIME=${times[0]}
		arguments: 0

		ROLLCALL_ADDRESS=10.77.0.2
		ROLLCALL_DEV=eth0
		ROLLCALL_EVENT=join
		ROLLCALL_FAMILY=4
		ROLLCALL_KEPT=1
		ROLLCALL_NAME=node-b
		ROLLCALL_PIN_DIR=$ROLLCALL_PIN_DIR
		ROLLCALL_REASON=announced
		ROLLCALL_TIME=${times[1]}
		arguments: 0

		ROLLCALL_ADDRESS=10.77.0.3
		ROLLCALL_DEV=eth0
		ROLLCALL_EVENT=move
		ROLLCALL_FAMILY=4
		ROLLCALL_KEPT=1
		ROLLCALL_NAME=node-b
		ROLLCALL_PIN_DIR=$ROLLCALL_PIN_DIR
		ROLLCALL_PREVIOUS=10.77.0.2
		ROLLCALL_REASON=address
		ROLLCALL_TIME=${times[2]}
		arguments: 0

	E
}

@test "one runs at a time, in the order of the events" {
	lan_with_marker "${LIFE[@]}"
	program hook <<-E
		mkdir '$T/alone' || echo beside another >>'$T/log'
		echo "\$ROLLCALL_EVENT \$ROLLCALL_NAME" >>'$T/log'
		rmdir '$T/alone'
	E
	local i
	for i in {1..30}; do add "host-$i" "10.77.1.$i" "$((1000 - i))s"; done
	watch_as watch --exec "$T/hook"
	await logged 31
	announce_from node-b
	await log_has 'join node-b'
	diff <(awk '!/^rollcall/ { print $2, $3 }' "$(out watch)") "$T/log"
	[ "$(sed -n '2p' "$T/log")" = "join host-2" ]
}

# These programs are not scripts, because a shell would change their environment.
@test "a program gets no input, none of the watcher's descriptors and signals, and a group of its own" {
	lan_with_marker "${LIFE[@]}"
	printf '#!/bin/cat /proc/self/status\n' >"$T/status"
	printf '#!/bin/ls /proc/self/fd\n' >"$T/descriptors"
	printf '#!/bin/readlink /proc/self/fd/0\n' >"$T/input"
	printf '#!/bin/cat /proc/self/stat\n' >"$T/stat"
	chmod +x "$T"/{status,descriptors,input,stat}
	# bats has other open descriptors
	without_descriptors='for fd in {3..255}; do eval "exec $fd>&-"; done; exec "$@"'
	seen() { # PROGRAM PATTERN: the output of PROGRAM has PATTERN
		start watch bash -c "$without_descriptors" - rollcall watch --exec "$T/$1"
		await has_line watch "$2"
		await idle
		stop watch
	}
	seen status '^SigCgt'
	local blocked ignored
	blocked=$(awk '/^SigBlk/ { print $2 }' "$(out watch)")
	ignored=$(awk '/^SigIgn/ { print $2 }' "$(out watch)")
	((16#$blocked == 0 && (16#$ignored & 1 << 12) == 0)) # SIGPIPE
	seen descriptors '^3$' # the descriptor of the directory that it reads
	[ "$(grep -cE '^[0-9]+$' "$(out watch)")" = 4 ]
	seen input '^/dev/null$'
	seen stat '^[0-9]+ \(stat\)'
	awk '/\(stat\)/ { found = $1 == $5 } END { exit !found }' "$(out watch)"
}

@test "a path with blanks and a shell's characters is one path" {
	lan_with_marker "${LIFE[@]}"
	mkdir "$T/my programs"
	program "my programs/a; touch x & \$(b) '" <<-E
		echo ran >>'$T/log'
	E
	start watch rollcall watch --exec "$T/my programs/a; touch x & \$(b) '"
	await log_has ran
	(cd "$T/my programs" && [ "$(ls | wc -l)" = 1 ])
}

@test "a name is found in PATH, not in the working directory" {
	lan_with_marker "${LIFE[@]}"
	mkdir "$T/bin" "$T/here"
	program bin/my-hook <<<"echo from PATH >>'$T/log'"
	program here/my-hook <<<"echo from here >>'$T/log'"
	start watch env -C "$T/here" PATH=":$T/nosuch:$T/bin:$PATH" rollcall watch --exec my-hook
	await log_has 'from PATH'
	fails_with 1 "cannot run 'my-hook': No such file or directory" env -C "$T/here" PATH=":.:$PATH" rollcall watch --exec my-hook
	start other env -C "$T/here" rollcall watch --exec ./my-hook
	await log_has 'from here'
}

@test "a program that cannot be executed is an error at the start, before any event" {
	lan_with_marker "${LIFE[@]}"
	echo >"$T/plain"
	fails_with 1 "^rollcall: cannot run '$T/nosuch': No such file or directory$" rollcall watch --exec "$T/nosuch"
	[ -z "$output" ]
	fails_with 1 "^rollcall: cannot run '$T/plain': Permission denied$" rollcall watch --exec "$T/plain"
	fails_with 1 "^rollcall: cannot run '$T': Permission denied$" rollcall watch --exec "$T"
	fails_with 1 "^rollcall: cannot run 'no-such-program': No such file or directory$" rollcall watch --exec no-such-program
	fails_with 2 "--exec: '' is not the name of a program" rollcall watch --exec ''
	fails_with 2 "--exec-timeout requires --exec" rollcall watch --exec-timeout 5s
	fails_with 2 "--exec-timeout: '0s' is not a duration in 100ms\.\.168h" rollcall watch --exec true --exec-timeout 0s
}

@test "a file that is no program is not given to a shell: its failure is reported once, and counted" {
	lan_with_marker "${LIFE[@]}"
	echo "echo ran >>'$T/log'" >"$T/script"
	chmod +x "$T/script"
	watch_as watch --exec "$T/script"
	announce_from node-b
	await tells 'join node-b .*'
	stop watch
	[ ! -e "$T/log" ]
	[ "$(grep ^rollcall "$(out watch)")" = "rollcall: cannot run '$T/script': Exec format error
rollcall: '$T/script': 2 run, of these 2 failed and 0 were ended; 0 events dropped" ]
}

runs_nothing() { ! pgrep -P "${PIDS[watch]}"; }

@test "one that fails is counted, and the next runs all the same" {
	lan_with_marker "${LIFE[@]}"
	program hook <<-E
		echo "\$ROLLCALL_NAME" >>'$T/log'
		[ "\$ROLLCALL_NAME" != node-b ] || exit 3
		[ "\$ROLLCALL_NAME" != node-c ] || kill -SEGV \$\$
	E
	watch_as watch --exec "$T/hook" -v
	announce_from node-b
	announce_from node-c
	announce_from node-c --hostname last
	await log_has last
	await runs_nothing
	stop watch
	says "'$T/hook' ended with exit status 3"
	says "'$T/hook' was ended by signal 11"
	says "'$T/hook': 4 run, of these 2 failed and 0 were ended; 0 events dropped"
}

@test "if all programs succeed, the counts are reported only with -v" {
	lan_with_marker "${LIFE[@]}"
	program hook <<<"echo \$ROLLCALL_NAME >>'$T/log'"
	local verbose
	for verbose in '' -v; do
		: >"$T/log"
		watch_as watch --exec "$T/hook" $verbose
		await log_has here-before
		await idle
		stop watch
		[ "$(grep ^rollcall "$(out watch)")" = "${verbose:+rollcall: '$T/hook': 1 run}" ]
	done
}
# idle: no program runs
idle() { ! pgrep -P "${PIDS[watch]}"; }

@test "a program that hangs is terminated after --exec-timeout with its process group, and the next one runs" {
	lan_with_marker "${LIFE[@]}"
	program child <<-E
		trap "echo child was asked >>'$T/log'; exit" TERM
		echo child is there >>'$T/log'
		tail -f /dev/null & wait
	E
	program hook <<-E
		echo "\$ROLLCALL_NAME" >>'$T/log'
		[ "\$ROLLCALL_NAME" = here-before ] || exit 0
		(trap '' TERM; exec tail -f /dev/null) &
		echo "deaf child \$!" >>'$T/log'
		trap : TERM
		'$T/child' &
		wait \$! || wait \$!
	E
	# long enough for the child to be started
	start watch rollcall watch --exec "$T/hook" --exec-timeout "${TIME_SCALE:-1}s"
	await log_has 'deaf child'
	announce_from node-b
	await log_has node-b
	await idle
	log_has 'child was asked'
	await is_dead "$(awk '/^deaf/ { print $3 }' "$T/log")"
	stop watch
	says "'$T/hook': 2 run, of these 0 failed and 1 were ended; 0 events dropped"
}
is_dead() { ! kill -0 "$1"; }

@test "a program that ignores SIGTERM is killed" {
	lan_with_marker "${LIFE[@]}"
	program hook <<-E
		trap 'echo asked >>'$T/log'' TERM
		echo "\$ROLLCALL_NAME" >>'$T/log'
		[ "\$ROLLCALL_NAME" = here-before ] || exit 0
		while :; do tail -f /dev/null & wait; done
	E
	start watch rollcall watch --exec "$T/hook" --exec-timeout 100ms
	await log_has here-before
	announce_from node-b
	await log_has node-b
	log_has asked
	await idle
	stop watch
	says "'$T/hook': 2 run, of these 0 failed and 1 were ended; 0 events dropped"
}

@test "a stop ends what runs, and does not begin what waits" {
	lan_with_marker "${LIFE[@]}"
	add another 10.77.0.8
	program hook <<-E
		echo "\$\$ \$ROLLCALL_NAME" >>'$T/log'
		exec tail -f /dev/null
	E
	watch_as watch --exec "$T/hook"
	await log_has here-before
	announce_from node-b
	await tells 'join node-b .*'
	local status=0
	stop watch || status=$?
	[ "$status" = 0 ]
	is_dead "$(awk '{ print $1 }' "$T/log")"
	logged 1
	says "'$T/hook': 1 run, of these 0 failed and 1 were ended; 2 events dropped"
}

@test "1024 events wait; further ones are dropped, counted, and reported once, and are still printed" {
	lan node-a
	attach_on node-a "${LIFE[@]}" --max-peers 2000
	local i eth0
	eth0=$(eth0_of node-a)
	for i in {1..1100}; do
		peer "$ROLLCALL_PIN_DIR" add "host-$i" "10.77.$((i / 256)).$((i % 256))" "$eth0" "$((2000 - i))s"
	done
	program hook <<<"echo \$ROLLCALL_NAME >>'$T/log'"
	start watch rollcall watch --exec "$T/hook"
	await log_has 'host-1024$'
	await idle
	stop watch
	[ "$(grep -c ' join ' "$(out watch)")" = 1100 ]
	diff <(seq -f 'host-%g' 1 1024) "$T/log"
	[ "$(grep ^rollcall "$(out watch)")" = "rollcall: '$T/hook': too slow: 1024 events wait: further events are dropped
rollcall: '$T/hook': 1024 run, of these 0 failed and 0 were ended; 76 events dropped" ]
}
