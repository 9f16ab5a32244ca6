#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A service manager: the notifications to it, and the units. tests/package boots systemd and runs the units.

load helper

# hears SOCKET: start a service manager that listens at SOCKET
hears() {
	start manager notified "$1"
	await has_line manager '^listening$'
}

# attach_told SOCKET [OPTION...]: start a loader on node-a that notifies the manager at SOCKET
attach_told() {
	local socket=$1
	shift
	start loader-node-a on node-a env NOTIFY_SOCKET="$socket" rollcall attach eth0 "$@"
}

# install_units: install the units, and the programs that they start
install_units() {
	make -C "$TOP" --no-print-directory -s BUILD="$BUILD" PREFIX="$T/usr" UNITDIR="$T/units" install
	export SYSTEMD_UNIT_PATH=$T/units:
}

needs_analyze() { type -P systemd-analyze >/dev/null || skip "systemd-analyze is not installed"; }

@test "the service manager receives READY when the filter is in place, and STOPPING when the stop begins" {
	lan node-a
	hears "$T/notify"
	attach_told "$T/notify"
	await has_line manager '^READY=1$'
	loader_is_in_place node-a
	run ! has_line manager STOPPING
	stop loader-node-a
	await has_line manager '^STOPPING=1$'
	diff - <(sed 1d "$(out manager)") <<<$'READY=1\nSTOPPING=1'
}

@test "a loader that leaves its filter for the next one sends the same" {
	lan node-a
	hears "$T/notify"
	attach_told "$T/notify"
	await has_line manager '^READY=1$'
	stop loader-node-a HUP
	await has_line manager '^STOPPING=1$'
	rollcall status | grep -qE '^  filter +mode'
}

@test "a service manager in the abstract namespace also receives it" {
	lan node-a
	# the abstract namespace belongs to the network namespace
	start manager on node-a notified "@$ID"
	await has_line manager '^listening$'
	attach_told "@$ID"
	await has_line manager '^READY=1$'
}

@test "a loader that cannot attach is never ready" {
	lan node-a
	hears "$T/notify"
	start loader-node-a on node-a env NOTIFY_SOCKET="$T/notify" rollcall attach nosuch
	ends_with 1 loader-node-a
	attach_told "$T/notify"
	await has_line manager READY
	[ "$(lines_with manager .)" -eq 2 ]
}

@test "a service manager that cannot be reached is reported in one line, and the loader goes on" {
	local socket
	lan node-a
	for socket in "$T/nobody-listens" vsock:2:9999 "/$(printf 'n%.0s' {1..120})"; do
		attach_told "$socket"
		await loader_is_in_place node-a
		await has_line loader-node-a "^rollcall: cannot send READY=1 to the service manager at '$socket': [A-Z]"
		stop loader-node-a
		reported 2 loader-node-a
	done
}

@test "systemd-analyze has no finding for the units" {
	local unit units=0
	needs_analyze
	install_units
	for unit in "$T"/units/*; do
		run systemd-analyze verify --man=no "$unit"
		echo "$unit: $output"
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		units=$((units + 1))
	done
	[ "$units" -eq 7 ]
}

# exposed UNIT: print its exposure level of 'systemd-analyze security', in tenths
exposed() { systemd-analyze security --offline=true "$T/units/$1" | sed -nE 's/^.*Overall exposure level.*: ([0-9]+)\.([0-9]).*/\1\2/p'; }

@test "the exposure of each unit is at most that of rollcall(8)" {
	local unit said units=0
	needs_analyze
	install_units
	while read -r unit said; do
		echo "$unit: $(exposed "$unit"), said: $said"
		[ "$(exposed "$unit")" -le "${said/./}" ]
		units=$((units + 1))
	done < <(sed -nE 's/^\.It Pa ([a-z@-]+\.service) Pq exposure ([0-9]\.[0-9])$/\1 \2/p' "$TOP/docs/rollcall.8")
	[ "$units" -eq 5 ]
}

@test "all system calls of a loader's life are among those that its unit allows" {
	needs_analyze
	install_units
	lan node-a node-b
	# -D: the started process is the loader, and strace is another process
	start loader-node-a on node-a strace -E ASAN_OPTIONS=detect_leaks=0 -D -f -q -o "$T/calls" rollcall attach eth0 --announce
	await loader_is_in_place node-a
	announce_from node-b
	await lists node-b
	stop loader-node-a
	await grep -q 'exited with' "$T/calls"
	sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$T/calls" | sort -u >"$T/called"
	[ "$(wc -l <"$T/called")" -gt 20 ]
	allowed "$(sed -n 's/^SystemCallFilter=//p' "$T/units/rollcall@.service")" | sort -u >"$T/allowed"
	run ! grep -vxFf "$T/allowed" "$T/called"
}

@test "all system calls of the HTTP server are among those that its unit allows" {
	needs_analyze
	install_units
	lan node-a node-b
	attach_on node-a
	start recorder rollcall record --db "$T/db/history.db"
	await has_line recorder recording
	start server on node-a strace -E ASAN_OPTIONS=detect_leaks=0 -D -f -q -o "$T/calls" rollcall-serve --db "$T/db/history.db"
	await has_line server listening
	local path
	for path in / /api/v1/peers /api/v1/hosts /api/v1/status /api/v1/history /api/v1/timeline /metrics /targets /healthz; do
		on node-a curl -sSf -o "$T/body" "http://127.0.0.1:49001$path"
	done
	start client on node-a curl -sSN http://127.0.0.1:49001/api/v1/events
	await has_line client '^id: '
	announce_from node-b
	await has_line client '"join"'
	stop server
	await grep -q 'exited with' "$T/calls"
	sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$T/calls" | sort -u >"$T/called"
	[ "$(wc -l <"$T/called")" -gt 20 ]
	allowed @system-service | sort -u | grep -vxFf <(allowed '@privileged @resources') >"$T/allowed"
	echo bpf >>"$T/allowed"
	echo fchown >>"$T/allowed" # of SQLite, only as root
	grep -qx 'SystemCallFilter=~@privileged @resources' "$T/units/rollcall-serve.service"
	run grep -vxFf "$T/allowed" "$T/called"
	echo "$output"
	[ "$status" -eq 1 ]
}

# allowed WORD...: print the system calls of a SystemCallFilter, with its sets expanded
allowed() {
	local word
	for word in $1; do
		[[ $word == @* ]] || { echo "$word"; continue; }
		allowed "$(systemd-analyze syscall-filter "$word" | sed -n '2,$s/^ *\([@a-z0-9_].*\)/\1/p')"
	done
}
