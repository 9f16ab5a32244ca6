#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The display of attach is a separate process: a blocked or failed output does not stop the loader.

load helper
load watch

GOES_ON='attach goes on without it'

setup_more() {
	UNREAD=() # processes that keep a pipe open and do not read it
}
teardown_more() {
	local pid
	for pid in "${UNREAD[@]}"; do kill "$pid"; done
}

# unread NAME: make a pipe $T/NAME whose reader does not read
unread() {
	mkfifo "$T/$1"
	sleep 1000 <>"$T/$1" 3>&- &
	UNREAD+=($!)
	await holds_open $! "$T/$1"
}
holds_open() { [ "$(readlink "/proc/$1/fd/0")" = "$2" ]; }
# filled NAME: make such a pipe, and fill it
filled() {
	unread "$1"
	run ! dd if=/dev/zero of="$T/$1" bs=4096 oflag=nonblock status=none
	[[ $output = *'temporarily unavailable' ]]
}

# reports_of NAME: print how many lines NAME printed, without its first message
reports_of() { grep -cv '^rollcall: eth0: attached (' "$(out "$1")"; }
display_of() { pgrep -P "${PIDS[$1]}" -x rollcall-show; }
swept() { [ "$(entries)" = 0 ]; }
entries() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq length; }
within() { # SECONDS CMD...
	local end=$((SECONDS + $1 * ${TIME_SCALE:-1}))
	until "${@:2}"; do
		((SECONDS <= end)) || return 1
		sleep 0.02
	done
}

# attach_to WORD...: start the loader of node-a, with the redirections WORD... of a shell
attach_to() {
	start loader-node-a on node-a bash -c "exec rollcall attach eth0 --expiry 10m $1"
	await loader_is_in_place node-a
}

# goes_on: the loader records a new host, and is stopped as usual
goes_on() {
	announce_from node-b --hostname later
	await lists later
	loader_is_in_place node-a
	stop loader-node-a
	diff <(echo "$before") <(state_of node-a)
}

@test "with a socket whose other end is closed the loader goes on, and reports that once" {
	lan node-a node-b
	before=$(state_of node-a)
	start loader-node-a on node-a half_socket rollcall attach eth0 --expiry 10m
	await loader_is_in_place node-a
	announce_from node-b
	await has_line loader-node-a "^rollcall: cannot write to standard output: Broken pipe: $GOES_ON$"
	announce_from node-b --hostname other
	await lists other
	goes_on
	[ "$(reports_of loader-node-a)" = 1 ]
}

@test "on a full disk and with a closed descriptor the loader goes on, and reports that once" {
	lan node-a node-b
	before=$(state_of node-a)
	local to reason
	while read -r to reason; do
		attach_to "$to"
		announce_from node-b
		await has_line loader-node-a "^rollcall: cannot write to standard output: $reason: $GOES_ON$"
		announce_from node-b --hostname other
		await lists other
		goes_on
		[ "$(reports_of loader-node-a)" = 1 ]
	done <<-E
		>/dev/full No space left on device
		>&- Bad file descriptor
	E
}

@test "with a pipe that does not block and a slow reader the loader goes on, and nothing is lost" {
	lan node-a node-b
	before=$(state_of node-a)
	unread pipe
	start loader-node-a on node-a bash -c "exec 1<>$T/pipe; exec rollcall attach eth0 --expiry 10m --names-per-source 0"
	# O_NONBLOCK is a flag of the open file, which both processes share
	await loader_is_in_place node-a
	on node-a crowd eth0 4000 1
	full() { awk '/rollcall-show/ { found = 1 } END { exit !found }' "/proc/$(display_of loader-node-a)/comm"; }
	await full
	announce_from node-b
	await lists node-b
	cat "$T/pipe" >"$T/read" 3>&- &
	UNREAD+=($!)
	read_all() { [ "$(grep -c ' join ' "$T/read")" = 4001 ]; }
	await read_all
	goes_on
}

@test "with a reader that does not read, hosts expire, all signals work and detach ends the loader" {
	local way before
	lan node-a node-b
	before=$(state_of node-a)
	unread pipe
	for way in TERM INT detach HUP; do
		start loader-node-a on node-a bash -c "exec rollcall attach eth0 --expiry 3s >$T/pipe"
		await loader_is_in_place node-a
		on node-a crowd eth0 12000 1
		within 8 swept
		case $way in
		detach) on node-a rollcall detach --all ;;
		*) kill "-$way" "${PIDS[loader-node-a]}" ;;
		esac
		within 2 ended loader-node-a
		ends_with 0 loader-node-a
		[ "$way" = HUP ] || diff <(echo "$before") <(state_of node-a)
	done
	rollcall status | grep -qE '^  filter +mode .* no loader'
}

@test "an unread pipe is reported once" {
	lan node-a node-b
	unread pipe
	attach_to ">$T/pipe --max-peers 16384"
	on node-a crowd eth0 12000 1
	await has_line loader-node-a '^rollcall: standard output: full for 5s: .*attach goes on$'
	[ "$(reports_of loader-node-a)" = 1 ]
	loader_is_in_place node-a
}

@test "a loader whose pipe loses its reader stops, reports that, exits with 1, and leaves nothing" {
	lan node-a node-b
	before=$(state_of node-a)
	start pipe on node-a bash -c 'rollcall attach eth0 | head -n 1; exit "${PIPESTATUS[0]}"'
	await has_loader
	announce_from node-b
	ends_with 1 pipe
	[ "$(lines_with pipe '^rollcall: .*standard output: Broken pipe$')" = 1 ]
	[ "$(reports_of pipe)" = 2 ]
	has_line pipe ' join +node-b '
	diff <(echo "$before") <(state_of node-a)
}

has_loader() { [ "$(rollcall status -j | jq '.interfaces[0].loader')" -gt 0 ]; }

@test "with --keep a loader whose pipe loses its reader fails, and leaves filter and table" {
	lan node-a node-b
	start pipe on node-a bash -c 'rollcall attach eth0 --keep | head -n 1; exit "${PIPESTATUS[0]}"'
	await has_loader
	announce_from node-b
	ends_with 1 pipe
	rollcall status | grep -qE '^  filter +mode .* no loader'
}

@test "with descriptors 0 to 2 closed, no text is written into what the loader and its display open" {
	lan node-a node-b
	start loader-node-a on node-a strace -E ASAN_OPTIONS=detect_leaks=0 -f -y -e trace=write,pwrite64,pwritev2,writev,sendto \
		-o "$T/trace" bash -c 'exec rollcall attach eth0 --announce -v <&- >&- 2>&-'
	await has_loader
	announce_from node-b
	await lists node-b
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 up
	tried() { grep -q ' join ' "$T/trace"; }
	await tried
	kill "$(rollcall status -j | jq '.interfaces[0].loader')"
	await ended loader-node-a
	# messages are written only to the pipe and to descriptor 2, events only to descriptor 1
	run ! grep -E '(rollcall: | join )' <(grep -vE '(write|pwritev2)\((1</dev/null>|2</dev/null>|[0-9]+<pipe:)' "$T/trace")
}

@test "two loaders of one table show the same joins and leaves" {
	lan node-a node-b node-c
	second_lan node-a node-b
	start one on node-a rollcall attach eth0 --expiry 3s
	await is_loader_of 0 one
	start two on node-a rollcall attach eth1 --expiry 3s
	await is_loader_of 1 two
	announce_from node-b
	on node-b rollcall announce -4 eth1 --count 1
	announce_from node-c
	local name
	for name in one two; do
		await has_line "$name" ' leave +node-b .* eth0 expired'
		await has_line "$name" ' leave +node-b .* eth1 expired'
		await has_line "$name" ' leave +node-c '
	done
	stop one
	stop two
	diff <(events one | grep -v detached | sort) <(events two | grep -v detached | sort)
	[ "$(events one | sort | uniq -d)" = "" ]
	[ "$(events one | grep -c '^join')" = 3 ]
}

@test "standard error that is a full pipe delays neither attach nor detach" {
	local before
	lan node-a node-b
	before=$(state_of node-a)
	filled pipe
	start loader-node-a on node-a bash -c "exec rollcall attach eth0 -v 2>$T/pipe"
	within 10 loader_is_in_place node-a
	announce_from node-b
	within 10 has_line loader-node-a ' join +node-b '
	run -1 on node-a timeout 10 bash -c "exec rollcall detach nosuch 2>$T/pipe"
	within 5 on node-a bash -c "exec rollcall detach eth0 -v 2>$T/pipe"
	within 2 ended loader-node-a
	ends_with 0 loader-node-a
	diff <(echo "$before") <(state_of node-a)
}

@test "the display has no capability, no privilege to gain, and no descriptor of the loader but the pipe" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await has_line loader-node-a ' join +node-b '
	local status set display
	display=$(display_of loader-node-a)
	status=$(cat "/proc/$display/status")
	# before Linux 5.19 reading requires CAP_BPF where bpf(2) is forbidden to unprivileged users
	local sets=(CapInh CapBnd CapAmb)
	[[ $(uname -r) =~ ^5\.(1[5-8])\. ]] || sets+=(CapPrm CapEff)
	for set in "${sets[@]}"; do grep -qE "^$set:\s0+$" <<<"$status"; done
	grep -qE '^NoNewPrivs:\s1$' <<<"$status"
	# the only BPF objects are maps of the table, which it opened itself for reading
	run ! grep -E 'prog_type|link_type' "/proc/$display"/fdinfo/*
	local fd
	for fd in "/proc/$display"/fd/*; do
		case $(readlink "$fd") in
		socket:*) [ "${fd##*/}" -lt 3 ] ;;
		pipe:*) [ "${fd##*/}" -le 3 ] ;;
		esac
	done
}

@test "the loader goes on without its display, reports that once, and its messages go to standard error" {
	lan node-a node-b
	before=$(state_of node-a)
	attach_to ''
	kill -KILL "$(display_of loader-node-a)"
	await has_line loader-node-a "^rollcall: display: ended by signal 9: $GOES_ON$"
	announce_from node-b --hostname node-a
	await has_line loader-node-a "^rollcall: name c"
	goes_on
	[ "$(lines_with loader-node-a '^rollcall: display')" = 1 ]
}

@test "a display that is stopped delays neither the loader nor its end" {
	lan node-a node-b
	before=$(state_of node-a)
	attach_to ''
	local display
	display=$(display_of loader-node-a)
	kill -STOP "$display"
	announce_from node-b
	await lists node-b
	loader_is_in_place node-a
	kill "${PIDS[loader-node-a]}"
	within 2 ended loader-node-a
	ends_with 0 loader-node-a
	diff <(echo "$before") <(state_of node-a)
	# the earlier messages are printed when it is continued
	kill -CONT "$display"
	gone() { ! kill -0 "$display"; }
	await gone
}

@test "the display exits when the loader is killed" {
	lan node-a
	attach_to ''
	local display
	display=$(display_of loader-node-a)
	stop loader-node-a KILL || :
	gone() { ! kill -0 "$display"; }
	await gone
}

@test "a stop is shown as the leave of the hosts that were there" {
	lan node-a node-b
	attach_to ''
	announce_from node-b
	await has_line loader-node-a ' join +node-b '
	stop loader-node-a
	has_line loader-node-a ' leave +node-b .* detached$'
}

@test "messages that other hosts cause are bounded in number" {
	lan node-a node-b
	attach_to '--names-per-source 1 --max-peers 1000'
	local i
	for i in {1..30}; do
		ip -n "$ID-node-b" addr flush dev eth0 scope global
		ip -n "$ID-node-b" addr add "10.77.1.$i/16" dev eth0
		announce_from node-b --hostname "one-$i"
		announce_from node-b --hostname "two-$i"
	done
	await counted throttled 30
	announce_from node-b --hostname node-a
	await has_line loader-node-a '^rollcall: name c'
	[ "$(lines_with loader-node-a 'names-per-source')" = 10 ]
}

@test "messages that do not fit into the pipe are dropped, and their number is reported when there is room" {
	lan node-a node-b
	attach_to ''
	local display
	display=$(display_of loader-node-a)
	kill -STOP "$display"
	# lines of 8 bytes, so that the pipe ends with a complete line
	yes filling | run ! dd of="/proc/$display/fd/3" bs=4096 oflag=nonblock iflag=fullblock status=none
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 name lan0
	ip -n "$ID-node-a" link set lan0 up
	# the loader records the name after its message; 'status' reads the name from the kernel
	renamed() { bpftool map dump pinned "$ROLLCALL_PIN_DIR/interfaces" | grep -qF '"ifname": "lan0"'; }
	await renamed
	is_received() { announce_from node-b && lists node-b; } # again: the link may not be up at once
	await is_received
	kill -CONT "$display"
	announce_from node-b --hostname other
	await has_line loader-node-a '^rollcall: [0-9]+ messages were dropped: standard error was full$'
	run ! has_line loader-node-a 'renamed'
	ip -n "$ID-node-a" link set lan0 down
	ip -n "$ID-node-a" link set lan0 name eth0
	await has_line loader-node-a '^rollcall: lan0: interface renamed to eth0$'
}

@test "a watcher whose reader does not read ends by a signal, and its programs run meanwhile" {
	lan node-a node-b
	attach_on node-a --expiry 10m
	unread pipe
	start watch bash -c "exec rollcall watch --exec /bin/false -v >$T/pipe"
	on node-a crowd eth0 4000 1
	await has_line watch "'/bin/false' ended with exit status 1"
	kill "${PIDS[watch]}"
	within 2 ended watch
	ends_with 0 watch
}
