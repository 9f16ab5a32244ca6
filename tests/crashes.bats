#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# kill -9 at any moment, by construction: a loader, a detach and a stop are ended after each of
# their system calls that changes something lasting (tools/tracer.c), one after the other.
# bats file_tags=long

load helper

# what attaching may have changed, at the interface and in the BPF file system
state_of() {
	on "$1" sh -c 'programs eth0; for what in "-d link" addr maddr; do ip $what show dev eth0; done
		tc qdisc show dev eth0; tc filter show dev eth0 ingress' 2>/dev/null | sed -E 's/ (valid|preferred)_lft.*//' | without_time
	find "$T/bpf" | sort
}

# filters MODE...: how many programs of ours hang at eth0 of node-a; MODE: in exactly that mode
filters() {
	on node-a sh -c 'programs eth0; tc filter show dev eth0 ingress 2>/dev/null' |
		sed -nE 's/^(native|generic|tcx) .*/\1/p; s/.* rollcall_tc:.*/clsact/p'
}

# one LAN for all calls. A listener hears whether the traffic passes; the group is its own too.
begin() {
	lan node-a node-b
	POINTS=0
	start listener on node-a listener eth0
	await has_line listener listening
	BEFORE=$(state_of node-a)
}

# begin_in_table: the same with a table that a dead loader of another interface has left, so that
# the calls are those that attach and detach, and not those that make a table and remove it
begin_in_table() {
	begin
	start other on node-a rollcall attach lo --expiry 1s
	await in_place other
	stop other KILL || true
	BEFORE=$(state_of node-a)
}

# kills N [--on SIGNAL] CMD...: run it on node-a and end it after call N. False: it made fewer.
kills() {
	local n=$1 signal=() status=0
	shift
	if [ "$1" = --on ]; then
		signal=(--on "$2")
		shift 2
	fi
	# who is traced cannot be looked at for leaks
	on node-a env ASAN_OPTIONS=detect_leaks=0 tracer "${signal[@]}" "$n" "$@" >/dev/null || status=$?
	case $status in
	0) POINTS=$n ;;
	3) return 1 ;;
	*) exit 1 ;;
	esac
}

# answers: 'peers' lists what is there, or says that there is no table
answers() {
	run --separate-stderr rollcall peers
	[ "$status" -eq 0 ] || [[ $stderr =~ ^"rollcall: no table in '$ROLLCALL_PIN_DIR'" ]] || {
		echo "peers: $stderr"
		return 1
	}
}

passes() { has_line listener ": multitastic:$1\$"; }

# called NAME: node-b announces it, and that gets through to a socket
called() {
	announce_from node-b --hostname "$1"
	await passes "$1"
}

# after_kill: what holds whatever was killed, and whenever
after_kill() {
	answers
	[ "$(filters | wc -l)" -le 1 ]
	announce_from node-b --hostname node-a # a clone of this host: it is never recorded
	called "killed-$POINTS"
	[[ $(peers) != *node-a* ]]
}

in_place() { rollcall status -j | grep -E "\"loader\": *${PIDS[$1]}\b"; }

# attaches MODE [OPTION...]: the next loader does, by itself; somebody new is recorded and told
attaches() {
	local mode=$1
	shift
	start loader-node-a on node-a rollcall attach eth0 "$@"
	await in_place loader-node-a
	[ "$(filters)" = "$mode" ]
	called "next-$POINTS"
	await has_line loader-node-a " join +next-$POINTS "
}

# leaves_nothing: when the loader is stopped, all is as before
leaves_nothing() {
	stop loader-node-a
	diff <(echo "$BEFORE") <(state_of node-a)
}

# at_least N: so many calls were there to be killed after; else the tracer is blind
at_least() {
	echo "$POINTS calls"
	((POINTS >= $1))
}

# hook_id MODE: its link, or how many tc filters there are
hook_id() {
	if [ "$1" = clsact ]; then
		on node-a tc -j filter show dev eth0 ingress 2>/dev/null | jq '[.[] | select(.options.handle)] | length'
	else
		bpftool -j link show pinned "$ROLLCALL_PIN_DIR/links/"* | jq .id
	fi
}

field_of() { # HOSTNAME FIELD
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" |
		jq ".[].formatted | select(.key.hostname == \"$1\").value.$2"
}

is_gone() { ! bpftool "$1" show id "$2"; }
program() { on node-a sh -c 'programs eth0; tc filter show dev eth0 ingress 2>/dev/null' | sed -nE 's/^(native|generic|tcx) //p; s/.* id ([0-9]+).*/\1/p'; }

# takes_over MODE: the loader after a killed one goes on with the same hook and table
takes_over() {
	local since program hook
	begin
	attaches "$1" --mode "$1"
	since=$(field_of next-0 first_seen_ns)
	program=$(program)
	hook=$(hook_id "$1")
	stop loader-node-a KILL || true
	[ "$(rollcall status -j | jq '.interfaces[0].loader')" = null ]
	announce_from node-b --hostname later
	await lists later
	POINTS=1
	attaches "$1"
	[ "$(peers)" = "later next-0 next-1" ]
	[ "$(field_of next-0 first_seen_ns)" = "$since" ]
	[ "$(hook_id "$1")" = "$hook" ]
	await is_gone prog "$program"
	[ "$(outcome joined)" = 3 ]
	leaves_nothing
}

@test "the next loader takes a native filter over in place" { takes_over native; }
@test "the next loader takes a generic filter over in place" { takes_over generic; }
@test "the next loader takes a tcx filter over in place" {
	needs_tcx
	takes_over tcx
}
@test "the next loader takes a clsact filter over in place" { takes_over clsact; }

@test "a loader after a killed one changes the mode if it is told to, and keeps the table" {
	begin
	attaches native
	stop loader-node-a KILL || true
	POINTS=1
	attaches clsact --mode clsact
	[ "$(peers)" = "next-0 next-1" ]
	leaves_nothing
}

@test "an attach killed after any call: the next one succeeds, and leaves nothing" {
	local more=1 n
	begin
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 || more=0
		after_kill
		attaches native
		leaves_nothing
	done
	at_least 20
}

@test "an attach killed after any call: 'detach --all' leaves nothing" {
	local more=1 n
	begin
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 || more=0
		run --separate-stderr on node-a rollcall detach --all
		[ "$status" -eq 0 ] || [[ $stderr =~ ^"rollcall: no table in '$ROLLCALL_PIN_DIR'" ]]
		diff <(echo "$BEFORE") <(state_of node-a)
	done
	at_least 20
}

# attaches_in_table MODE
attaches_in_table() {
	local more=1 n mode=$1
	begin_in_table
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 --mode "$mode" || more=0
		after_kill
		attaches "$mode" --mode "$mode"
		leaves_nothing
	done
	for ((n = 1, more = 1; more; n++)); do
		kills "$n" rollcall attach eth0 --mode "$mode" || more=0
		run --separate-stderr on node-a rollcall detach eth0
		[ "$status" -eq 0 ] || [[ $stderr =~ "nothing is attached to 'eth0'" ]]
		diff <(echo "$BEFORE") <(state_of node-a)
	done
	at_least 4
}

@test "an attach in tcx mode killed after any call: the next one goes on, or 'detach' undoes it" {
	needs_tcx
	attaches_in_table tcx
}
@test "an attach in clsact mode killed after any call: the next one goes on, or 'detach' undoes it" { attaches_in_table clsact; }

@test "an attach in clsact mode killed after any call: one in any other mode takes its place" {
	local more=1 n
	begin
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 --mode clsact || more=0
		# where settings are pinned, the rest is attaching
		[ -e "$ROLLCALL_PIN_DIR/settings" ] || continue
		attaches native --mode native
		leaves_nothing
	done
	at_least 20
}

# takes_over_killed MODE: the loader killed is itself one that takes over; table and hook outlive them all
takes_over_killed() {
	local more=1 n since
	begin
	attach_on node-a --mode "$1" --names-per-source 0 # two more at each kill
	called node-b
	await lists node-b
	since=$(field_of node-b first_seen_ns)
	for ((n = 1; more; n++)); do
		announce_from node-b # on a slow machine it would expire
		stop loader-node-a KILL || true
		kills "$n" rollcall attach eth0 || more=0
		after_kill
		await lists "killed-$POINTS"
		attaches "$1"
		[ "$(field_of node-b first_seen_ns)" = "$since" ]
	done
	leaves_nothing
	at_least 4
}

@test "a native take-over killed after any call: no peer is lost, no announcement missed" { takes_over_killed native; }
@test "a clsact take-over killed after any call: no peer is lost, no announcement missed" { takes_over_killed clsact; }

# detaches MODE [BEGIN]: killed while a loader lives, which is to let go nevertheless
detaches() {
	local more=1 n
	${2:-begin}
	for ((n = 1; more; n++)); do
		# it looks once an expiry whether it has been forgotten
		start first on node-a rollcall attach eth0 --mode "$1" --expiry 1s
		await in_place first
		called "first-$n"
		await has_line first " join +first-$n "
		kills "$n" rollcall detach eth0 || more=0
		after_kill
		ends_with 0 first
		attaches "$1" --mode "$1"
		leaves_nothing
	done
	at_least 5
}

@test "a detach of a native filter killed after any call: its loader lets go, the next one succeeds" { detaches native; }
@test "a detach of a clsact filter killed after any call: its loader lets go, the next one succeeds" { detaches clsact begin_in_table; }

# stops MODE [BEGIN]: a loader that takes over, is asked to stop and is killed while it does
stops() {
	local more=1 n
	${2:-begin}
	for ((n = 1; more; n++)); do
		start first on node-a rollcall attach eth0 --mode "$1"
		await in_place first
		called "first-$n"
		await has_line first " join +first-$n "
		stop first KILL || true
		kills "$n" --on 15 rollcall attach eth0 || more=0
		after_kill
		attaches "$1" --mode "$1"
		leaves_nothing
	done
	at_least 3
}

@test "a stop with a native filter killed after any call: the next loader succeeds, and leaves nothing" { stops native; }
@test "a stop with a clsact filter killed after any call: the next loader succeeds, and leaves nothing" { stops clsact begin_in_table; }

has_sent() { # more than before
	local now
	now=$(rollcall status -j | jq '.interfaces[0].outcomes | add')
	((now > SENT)) || return 1
	SENT=$now
}

@test "an attach to two interfaces killed after any call: the next one attaches to both, and leaves nothing" {
	local more=1 n
	begin_in_table
	second_lan node-a
	for ((n = 1; more; n++)); do
		kills "$n" rollcall attach eth0 eth1 || more=0
		after_kill
		attaches native eth1
		[ "$(rollcall status -j | jq "[.interfaces[] | select(.loader == ${PIDS[loader-node-a]})] | length")" = 2 ]
		leaves_nothing
		[ "$(on node-a programs eth1)" = "" ]
	done
	at_least 6
}

@test "an upgrade replaces the program in place, in any mode, and misses no frame" {
	local mode from hook
	# what is in a build already is not made again
	cp -a "$BUILD" "$T/newer"
	rm "$T/newer/user/commands/main.o"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$TOP" BUILD="$T/newer" VERSION=99.0.0 "$T/newer/rollcall"
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		start older on node-a rollcall attach eth0 --mode "$mode"
		await in_place older
		hook=$(hook_id "$mode")
		start steady on node-b steady eth0
		SENT=0
		await has_sent
		stop older KILL || true
		for from in rollcall "$T/newer/rollcall"; do
			await has_sent
			start newer on node-a "$from" attach eth0
			await in_place newer
			await has_sent
			[ "$(hook_id "$mode")" = "$hook" ]
			[ "$(filters)" = "$mode" ]
			[ "$from" = rollcall ] || [ "$(/proc/"${PIDS[newer]}"/exe --version)" = "rollcall 99.0.0" ]
			[ "$from" != rollcall ] || stop newer HUP
		done
		stop steady
		tail -n 1 "$(out steady)"
		stop newer
		[ ! -e "$ROLLCALL_PIN_DIR" ]
	done
}
