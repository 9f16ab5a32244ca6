#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A loader that cannot be seen may be alive: /proc may hide it or be missing, or it may be in another PID namespace. A
# loader that is suspended, as by Ctrl-Z, sends no hints until it is continued.

load helper

setup_more() {
	chmod 755 "$T/bpf"
	local dir=$T
	until [ "$dir" = /tmp ] || [ -z "$dir" ]; do
		chmod o+x "$dir"
		dir=${dir%/*}
	done
	lan node-a node-b
}
# open_pins: make the pins readable for other users, who are the readers in these tests
open_pins() { chmod 755 "$ROLLCALL_PIN_DIR" && chmod 444 "$ROLLCALL_PIN_DIR"/{peers,state,outcomes,interfaces,sources,settings}; }

nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --)
hiding() { unshare --mount sh -c 'mount -t proc -o hidepid=2 proc /proc && exec "$@"' - "${nobody[@]}" "$@"; }
in_pidns() { unshare --pid --fork --mount-proc "$@"; }
loader_up() { sed -n 's/^rollcall_loader_up{.*} //p'; }
# unswept: set the time of the last scan to long ago, as after the death of the sweeping loader
unswept() {
	local state
	state=$(bpftool -j map lookup pinned "$ROLLCALL_PIN_DIR/state" key 0 0 0 0 | jq -r '.value | join(" ")')
	set -- $state
	bpftool map update pinned "$ROLLCALL_PIN_DIR/state" key 0 0 0 0 value "${@:1:72}" 1 0 0 0 0 0 0 0 "${@:81}"
}

@test "a reader that cannot see the loader in /proc sees that it lives, and that it is dead" {
	attach_on node-a
	open_pins
	# the precondition: the process is hidden
	run hiding test -e "/proc/${PIDS[loader-node-a]}"
	[ "$status" -ne 0 ]
	[ "$(hiding rollcall status -j | jq '.interfaces[0].loader')" = "${PIDS[loader-node-a]}" ]
	[ "$(hiding rollcall metrics | loader_up)" = 1 ]
	hiding rollcall status | grep -q "loader ${PIDS[loader-node-a]}"
	stop loader-node-a KILL || true
	[ "$(hiding rollcall status -j | jq '.interfaces[0].loader')" = null ]
	[ "$(hiding rollcall metrics | loader_up)" = 0 ]
	on node-a rollcall detach --all
}

@test "a reader in another PID namespace reports that the loader cannot be seen, and uses the sweep" {
	attach_on node-a
	[ "$(in_pidns rollcall status -j | jq -r '.interfaces[0].loader')" = unknown ]
	in_pidns rollcall status | grep -q "loader ${PIDS[loader-node-a]} cannot be seen from here; expired entries are removed$"
	[ "$(in_pidns rollcall metrics | loader_up)" = 1 ]
	stop loader-node-a KILL || true
	unswept
	in_pidns rollcall status | grep -q "cannot be seen from here; expired entries are not removed$"
	[ "$(in_pidns rollcall metrics | loader_up)" = 0 ]
	[ "$(rollcall status -j | jq '.interfaces[0].loader')" = null ]
	on node-a rollcall detach --all
}

@test "a loader in another PID namespace is not taken over while it sweeps, and is when it does not" {
	start loader-node-a on node-a unshare --pid --fork --kill-child --mount-proc rollcall attach eth0
	await lists_interface
	fails_with 1 "'eth0' is attached already, by the loader with pid [0-9]+ of another PID namespace" \
		on node-a rollcall attach eth0
	stop loader-node-a KILL || true
	unswept
	start next on node-a rollcall attach eth0
	await is_loader_of 0 next
	stop next
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}
lists_interface() { [ "$(rollcall status -j | jq '.interfaces | length')" = 1 ]; }

@test "a loader of another PID namespace learns of a detach, which opens no process by its number" {
	start loader-node-a on node-a unshare --pid --fork --kill-child --mount-proc rollcall attach eth0
	await lists_interface
	on node-a rollcall detach --all
	ends_with 0 loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "without /proc an interface is attached to, recorded on, seen, not taken over, and detached" {
	[ -z "$(sanitizer)" ] || skip "AddressSanitizer needs /proc"
	start loader-node-a on node-a unshare --mount sh -c 'mount -t tmpfs none /proc && exec rollcall attach eth0'
	await lists_interface
	announce_from node-b
	await lists node-b
	[ "$(rollcall status -j | jq '.interfaces[0].loader')" = "${PIDS[loader-node-a]}" ]
	fails_with 1 "attached already" on node-a rollcall attach eth0
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

# is_stopped NAME: the process is stopped
is_stopped() { [[ $(ps -o stat= -p "${PIDS[$1]}") = T* ]]; }
# has_read_table NAME: its timer is set to the expiry of here-before
has_read_table() { grep -qE '^it_value: \([0-9]{4,},' "/proc/${PIDS[$1]}"/fdinfo/*; }

@test "status and metrics report a suspended loader, and what continues it" {
	attach_on node-a
	local pid=${PIDS[loader-node-a]}
	kill -STOP "$pid"
	await is_stopped loader-node-a
	rollcall status | grep -qE "^  filter +mode $TC, loader $pid is suspended: 'kill -CONT $pid' continues it; the filter goes on recording$"
	[ "$(rollcall status -j | jq '.interfaces[0].loader')" = null ]
	[ "$(rollcall metrics | loader_up)" = 0 ]
	kill -CONT "$pid"
	[ "$(rollcall status -j | jq '.interfaces[0].loader')" = "$pid" ]
	[ "$(rollcall metrics | loader_up)" = 1 ]
}

@test "watch and wait see hosts join while the loader is suspended, also one that they began with" {
	attach_on node-a --expiry 2h
	announce_from node-b --hostname here-before
	await lists here-before
	local when
	for when in after before; do
		[ $when = after ] || kill -STOP "${PIDS[loader-node-a]}"
		start watch rollcall watch
		start wait rollcall wait "$when"
		await has_line watch ' here-before '
		await has_read_table wait
		kill -STOP "${PIDS[loader-node-a]}"
		await is_stopped loader-node-a
		announce_from node-b --hostname "$when"
		await has_line watch " join +$when .* announced$"
		ends_with 0 wait
		kill -CONT "${PIDS[loader-node-a]}"
		stop watch
	done
}

@test "a suspended loader keeps its interface: the next attach reports what continues and what terminates it" {
	attach_on node-a
	local pid=${PIDS[loader-node-a]}
	kill -STOP "$pid"
	await is_stopped loader-node-a
	local remedy="\\(it is suspended: continue it with 'kill -CONT', or terminate it with 'kill -KILL'\\)$"
	fails_with 1 "^rollcall: 'eth0' is attached already, by the loader with pid $pid $remedy" on node-a rollcall attach eth0
	fails_with 1 "^rollcall: the loader with pid $pid uses the table in '.*' $remedy" \
		on node-a rollcall attach eth0 --expiry 2h --replace
	stop loader-node-a KILL || true
	start next on node-a rollcall attach eth0
	await is_loader_of 0 next
}
