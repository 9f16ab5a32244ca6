#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The locks of a pin directory: other users cannot take one. A process waits for a lock only for a limited time, reports
# that, and handles signals meanwhile.

load helper

setup_more() {
	chmod 755 "$T/bpf" # so that other users can open the directory
	local dir=$T
	until [ "$dir" = /tmp ] || [ -z "$dir" ]; do
		chmod o+x "$dir"
		dir=${dir%/*}
	done
}

nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all -- "$@"; }

# hold_as_nobody DIR...: start an unprivileged process that tries to lock each DIR and to keep the lock
hold_as_nobody() {
	local dir number=0
	for dir; do
		number=$((number + 1))
		start "holder$number" setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \
			flock -F -x "$dir" sleep infinity
	done
}
# hold DIR: root locks DIR until the process is stopped
hold() {
	start holder flock -F -x "$1" sleep infinity
	await is_locked "$1"
}
is_locked() { ! flock -n "$1" true; }
swept() { [ "$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/state" | jq '.[0].formatted.value.scans')" -gt "$1" ]; }
holder_pid() { awk -v inode="$(stat -c %i "$1")" '$2 == "FLOCK" { split($6, part, ":"); if (part[3] == inode) print $5 }' /proc/locks; }

@test "no lock that another user takes keeps a loader from sweeping, or from its end, or detach from its work" {
	local dir scans
	lan node-a node-b
	attach_on node-a --expiry 1s
	mapfile -t dirs < <(find "$ROLLCALL_PIN_DIR" -type d)
	[ "${#dirs[@]}" -ge 3 ]
	nobody test -x "$ROLLCALL_PIN_DIR"
	hold_as_nobody "${dirs[@]}"
	scans=$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/state" | jq '.[0].formatted.value.scans')
	await swept $((scans + 2))
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	for name in "${!PIDS[@]}"; do stop "$name" KILL || true; done
	attach_on node-a --keep
	stop loader-node-a
	mapfile -t dirs < <(find "$ROLLCALL_PIN_DIR" -type d)
	hold_as_nobody "${dirs[@]}"
	on node-a timeout 20 rollcall detach --all
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "another user cannot lock what a loader that starts after it locks" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	local dir
	while read -r dir; do
		run nobody flock -n "$dir" true
		[ "$status" -ne 0 ] || [ "$dir" = "$ROLLCALL_PIN_DIR" ] || [ "$dir" = "$ROLLCALL_PIN_DIR/links" ]
	done < <(find "$ROLLCALL_PIN_DIR" -type d)
	[ "$(stat -c '%a %u' "$ROLLCALL_PIN_DIR/lock")" = "700 0" ]
	[ "$(stat -c '%a %u' "$ROLLCALL_PIN_DIR/lock/sweep")" = "700 0" ]
}

@test "a detach that waits for the lock names the process that holds it, and exits after a bound" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	hold "$ROLLCALL_PIN_DIR/lock"
	local before pid
	pid=$(holder_pid "$ROLLCALL_PIN_DIR/lock")
	before=$(state_of node-a)
	run --separate-stderr on node-a timeout 60 rollcall detach --all
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = "rollcall: $ROLLCALL_PIN_DIR/lock: waiting for the lock, held by process $pid (sleep)" ]
	[[ ${stderr_lines[1]} = "rollcall: $ROLLCALL_PIN_DIR/lock: held by process $pid (sleep): "*"(terminate that process, "* ]]
	[ "${#stderr_lines[@]}" -eq 2 ]
	diff <(echo "$before") <(state_of node-a)
	stop holder KILL || true
	await on node-a rollcall detach --all
}

@test "a wait for the lock that ends in time goes on with the work" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	hold "$ROLLCALL_PIN_DIR/lock"
	start detach on node-a rollcall detach --all
	await has_line detach "/lock: waiting for the lock, held by process [0-9]+ \\(sleep\\)$"
	stop holder KILL || true
	ends_with 0 detach
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "the name of the process that holds the lock is printed without its control characters" {
	local odd=$T/$'x\e[31m\n'
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	cp "$(type -P sleep)" "$odd"
	start holder flock -F -x "$ROLLCALL_PIN_DIR/lock" "$odd" infinity
	await is_locked "$ROLLCALL_PIN_DIR/lock"
	start detach on node-a rollcall detach --all
	await has_line detach "/lock: waiting for the lock, held by process ${PIDS[holder]} \\(x\\?\\[31m\\?\\)$"
	stop holder KILL || true
	ends_with 0 detach
}

@test "a holder of the lock that cannot be seen is another process" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	hold "$ROLLCALL_PIN_DIR/lock"
	start detach on node-a unshare --mount sh -c 'mount --bind /dev/null /proc/locks && exec rollcall detach --all'
	await has_line detach "/lock: waiting for the lock, held by another process$"
	stop holder KILL || true
	ends_with 0 detach
}

@test "an attach that waits for the lock ends at a signal" {
	local signal
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	hold "$ROLLCALL_PIN_DIR/lock"
	for signal in TERM HUP; do
		start waiting on node-a rollcall attach eth0
		await has_line waiting "/lock: waiting for the lock, held by process [0-9]+ \\(sleep\\)$"
		kill "-$signal" "${PIDS[waiting]}"
		ends_with 1 waiting
	done
}

@test "a lock directory that other users can open is rejected" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	chmod 755 "$ROLLCALL_PIN_DIR/lock"
	fails_with 1 "'$ROLLCALL_PIN_DIR/lock' is open to other users" on node-a rollcall attach eth0
	fails_with 1 "'$ROLLCALL_PIN_DIR/lock' is open to other users" on node-a rollcall detach --all
	chmod 700 "$ROLLCALL_PIN_DIR/lock"
	chown 65534 "$ROLLCALL_PIN_DIR/lock"
	fails_with 1 "'$ROLLCALL_PIN_DIR/lock' (belongs to user 65534|.*Permission denied)|cannot lock pin directory" on node-a rollcall attach eth0
	fails_with 1 "'$ROLLCALL_PIN_DIR/lock' belongs to user 65534" on node-a rollcall detach --all
	chown 0 "$ROLLCALL_PIN_DIR/lock"
	on node-a rollcall detach --all
}

# forge PID: set the loader in the record of eth0 to PID
forge() {
	local record start pid=$1
	start=$(awk '{ print $22 }' "/proc/$pid/stat")
	record=$(bpftool -j map lookup pinned "$ROLLCALL_PIN_DIR/interfaces" key 0 0 0 0 | jq -r '.value | join(" ")')
	set -- $record
	bpftool map update pinned "$ROLLCALL_PIN_DIR/interfaces" key 0 0 0 0 value "${@:1:8}" \
		$(bytes_of 4 "$pid") "${@:13:4}" $(bytes_of 8 "$start") "${@:25}"
}
bytes_of() {
	local number=$2 count
	for ((count = 0; count < $1; count++)); do
		printf '0x%02x ' $((number & 255))
		number=$((number >> 8))
	done
}

@test "a record that names another process as the loader makes detach send no signal to it" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	start stranger sleep infinity
	forge "${PIDS[stranger]}"
	[ "$(rollcall status -j | jq '.interfaces[0].loader')" = "${PIDS[stranger]}" ]
	on node-a rollcall detach --all
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	run ! ended stranger
}

@test "a loader learns of a detach while another process has the lock, and goes on sweeping until then" {
	lan node-a node-b
	attach_on node-a --expiry 1s
	second_lan node-a node-b
	start other on node-a rollcall attach eth1
	await is_loader_of 1 other
	on node-a rollcall detach eth0
	ends_with 0 loader-node-a
	has_line loader-node-a "eth0: detached by another process"
	hold "$ROLLCALL_PIN_DIR/lock"
	ip -n "$ID-node-a" link set eth1 address 02:00:00:00:00:99
	await has_line other "/lock: waiting for the lock, held by process ${PIDS[holder]} "
	run ! ended other
	scans=$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/state" | jq '.[0].formatted.value.scans')
	await swept $((scans + 1))
	stop holder KILL || true
	stop other
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}
