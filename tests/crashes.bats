#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A killed loader: the next loader takes over its filter and table, and may be killed too (crashes.bash).
# bats file_tags=long

load helper
load crashes

# hook_id MODE: print the id of the link, or the number of tc filters
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
program() { on node-a sh -c 'programs eth0; tc filter show dev eth0 ingress 2>/dev/null' | sed -nE '/ rollcall_probe$/d; s/^(native|generic|tcx) ([0-9]+) .*/\2/p; s/.* id ([0-9]+).*/\1/p'; }

# takes_over MODE: the loader after a killed one uses the same hook and table
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

@test "a loader after a killed one changes the mode if --mode asks for it, and keeps the table" {
	begin
	attaches "$TC"
	stop loader-node-a KILL || true
	POINTS=1
	attaches clsact --mode clsact
	[ "$(peers)" = "next-0 next-1" ]
	leaves_nothing
}

# takes_over_killed MODE: loaders that take over are killed; the table and the hook stay
takes_over_killed() {
	local more=1 n since
	begin
	attach_on node-a --mode "$1" --names-per-source 0 # each kill adds two names
	called node-b
	await lists node-b
	since=$(field_of node-b first_seen_ns)
	for ((n = 1; more; n++)); do
		announce_from node-b # so that it does not expire on a slow machine
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

@test "a native take-over killed after any system call: no host is lost, no announcement missed" { takes_over_killed native; }
@test "a clsact take-over killed after any system call: no host is lost, no announcement missed" { takes_over_killed clsact; }

has_sent() { # it has sent more than before
	local now
	now=$(rollcall status -j | jq '.interfaces[0].outcomes | add')
	((now > SENT)) || return 1
	SENT=$now
}

@test "an upgrade replaces the program in place, in any mode, and misses no frame" {
	local mode from hook
	# a copy of the build, so that only a few files are compiled
	cp -a "$BUILD" "$T/newer"
	rm "$T"/newer/user/commands/*.o
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
