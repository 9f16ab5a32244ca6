#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Unprivileged users read the table of the default installation, and cannot write: the maps for readers are pinned a
# second time in /run/rollcall. In these tests /sys/fs/bpf is a BPF file system of the test that only root can read, as
# systemd mounts it.

load helper

setup_more() {
	unset ROLLCALL_PIN_DIR
	DEFAULT=/sys/fs/bpf/rollcall
	mount -t bpf -o mode=0700 "$ID" /sys/fs/bpf
	UNMOUNT=/sys/fs/bpf
	chmod o+x "$T" "${T%/*}" "${T%/*/*}" # the directories of bats are closed for other users
}

nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all -- "$@"; }
peer() { command peer "$DEFAULT" "$@"; }
# the kernel creates files in every BPF file system; their names have a dot
published() { ls -A /run/rollcall | grep -v '\.debug$' | paste -sd' '; }
gone() { [ ! -e /run/rollcall ]; }
# empty: the mount stays and is empty
empty() { [ "$(findmnt -rno SOURCE,FSTYPE /run/rollcall)" = "rollcall bpf" ] && [ -z "$(published)" ]; }

@test "an unprivileged user lists hosts, gets one, and reads the status, where only root can enter /sys/fs/bpf" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	[ "$(stat -c %a /sys/fs/bpf)" = 1700 ]
	run nobody ls "$DEFAULT"
	[ "$status" -ne 0 ]
	[ "$(nobody rollcall get node-b)" = 10.77.0.2 ]
	[ "$(nobody rollcall peers -j | jq -r '.[].hostname')" = node-b ]
	[ "$(nobody rollcall status -j | jq -r '.interfaces[0].mode')" = "$TC" ]
	! kernel_has iterator || [[ $(nobody cat /run/rollcall/table) = *node-b*10.77.0.2* ]]
}

@test "an unprivileged user gets a message if nothing is attached" {
	fails_with 1 "no table in '/run/rollcall'.*nothing is attached" nobody rollcall peers
}

@test "an unprivileged user writes neither peers nor settings, and removes and adds no pin" {
	lan node-a
	attach_on node-a
	local map
	for map in peers settings interfaces outcomes state; do
		[ "$(stat -c %a "/run/rollcall/$map")" = 444 ]
		nobody bpftool map show pinned "/run/rollcall/$map" 2>"$T/show" || grep -q "bpf obj get" "$T/show"
		run nobody reader_writes "/run/rollcall/$map"
		[ "$output" = "write: EACCES, delete: EPERM, update: EPERM" ]
		run nobody rm -f "/run/rollcall/$map"
		[ "$status" -ne 0 ]
	done
	run nobody mkdir /run/rollcall/x
	[ "$status" -ne 0 ]
	[ "$(published)" = "interfaces outcomes peers settings sources state$(! kernel_has iterator || echo ' table')" ]
}

@test "a stop leaves an empty mount and no process, and 'detach --all' unmounts it" {
	lan node-a
	attach_on node-a
	[ -z "$(pgrep -P "${PIDS[loader-node-a]}" -x rollcall-keeper)" ]
	[ "$(findmnt -rno SOURCE,FSTYPE /run/rollcall)" = "rollcall bpf" ]
	stop loader-node-a
	empty
	# there is no table, and the mount is removed nevertheless
	fails_with 0 "nothing is attached in '$DEFAULT'" on node-a rollcall detach --all
	gone
	[ ! -e "$DEFAULT" ]
}

@test "the detach of the last interface leaves the empty mount, 'detach --all' under a living loader unmounts it" {
	lan node-a
	attach_on node-a
	on node-a rollcall detach eth0
	ends_with 0 loader-node-a
	empty
	attach_on node-a
	[ -e /run/rollcall/settings ]
	on node-a rollcall detach --all
	ends_with 0 loader-node-a
	gone
	stop_after_kill
}
stop_after_kill() {
	attach_on node-a
	stop loader-node-a KILL || :
	[ -e /run/rollcall/settings ] # the table stays, for all users
	on node-a rollcall detach --all
	gone
}

@test "detach --all in another pin directory does not unmount" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	fails_with 0 "nothing is attached in" on node-a rollcall detach --all --pin-dir "$T/bpf/other"
	[ -e /run/rollcall/settings ]
	on node-a rollcall detach --all
	gone
}

@test "what is mounted is unmounted under the lock: a detach that waits for it does not unmount before" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	start holder flock -F -x "$DEFAULT/lock" sleep infinity
	await eval '! flock -n "$DEFAULT/lock" true'
	start detach on node-a rollcall detach --all
	await has_line detach "/lock: waiting for the lock, held by process ${PIDS[holder]} \\(sleep\\)$"
	mountpoint -q /run/rollcall
	stop holder KILL || :
	ends_with 0 detach
	gone
}

@test "after kill -9 readers go on, and the next loader takes the same pins over" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	stop loader-node-a KILL || :
	[ "$(nobody rollcall get node-b)" = 10.77.0.2 ]
	local before
	before=$(stat -c %i /run/rollcall/peers)
	attach_on node-a
	[ "$(stat -c %i /run/rollcall/peers)" = "$before" ]
	[ "$(nobody rollcall get node-b)" = 10.77.0.2 ]
	stop loader-node-a
	empty
}

@test "the last of two loaders takes it away, whichever that is" {
	lan node-a node-b
	second_lan node-a node-b
	attach_on node-a
	start other on node-a rollcall attach eth1
	await is_loader_of 1 other
	stop loader-node-a
	[ "$(nobody rollcall status -j | jq -r '.interfaces[].name')" = eth1 ]
	stop other
	empty
}

@test "--replace publishes the new table" {
	lan node-a node-b
	attach_on node-a --keep
	stop loader-node-a
	attach_on node-a --replace --expiry 1m
	announce_from node-b
	await lists node-b
	[ "$(nobody rollcall get node-b)" = 10.77.0.2 ]
	[ "$(nobody rollcall status -j | jq .expiry_ms)" = 60000 ]
}

@test "a BPF file system that another program mounted there is used, and stays" {
	mkdir /run/rollcall
	mount -t bpf -o mode=0755 theirs /run/rollcall
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	[ "$(nobody rollcall get node-b)" = 10.77.0.2 ]
	stop loader-node-a
	[ -z "$(published)" ]
	fails_with 0 "nothing is attached in" on node-a rollcall detach --all
	[ "$(findmnt -rno SOURCE /run/rollcall)" = theirs ]
	umount /run/rollcall
}

@test "without the privilege to mount, attach works without the mount, and reports that with -v" {
	lan node-a
	start loader-node-a on node-a capsh --drop=cap_sys_admin -- -c 'exec rollcall attach eth0 -v'
	await loader_is_in_place node-a
	has_line loader-node-a "unprivileged users cannot read the table in '/run/rollcall': Operation not permitted"
	gone
	# the message does not claim that nothing is attached
	fails_with 1 "no table in '/run/rollcall'.*\\(nothing is attached, or the loader lacks CAP_SYS_ADMIN" nobody rollcall peers
}

@test "a table in another pin directory is not published" {
	export ROLLCALL_PIN_DIR=/sys/fs/bpf/elsewhere
	lan node-a
	attach_on node-a
	gone
}

@test "the default pin directory is the same one, whichever way it is spelled" {
	lan node-a
	ln -s /sys/fs/bpf "$T/link"
	local way
	for way in /sys/fs/bpf/rollcall/ //sys//fs/bpf/./rollcall "$T/link/rollcall" ../sys/fs/bpf/rollcall; do
		echo "$way"
		start way on node-a env -C /run rollcall attach eth0 --keep --pin-dir "$way"
		await test -e /run/rollcall/settings
		stop way
		[ -e "$DEFAULT/settings" ]
		nobody rollcall status --pin-dir /sys/fs/bpf/rollcall/ | grep -q '^eth0'
		(cd /run && on node-a rollcall detach --all --pin-dir "$way")
		gone
		[ ! -e "$DEFAULT" ]
	done
}

@test "joins and leaves touch the pin of the peers, refreshes do not" {
	lan node-a node-b
	attach_on node-a
	local before
	before=$(stat -c %y /run/rollcall/peers)
	touched() { [ "$(stat -c %y /run/rollcall/peers)" != "$before" ]; }
	announce_from node-b
	await touched
	await test "$(stat -c %Y /run/rollcall/peers)" -ge "$(stat -c %Y "$DEFAULT/peers")"
	before=$(stat -c %y /run/rollcall/peers)
	announce_from node-b
	await counted refreshed 1
	[ "$(stat -c %y /run/rollcall/peers)" = "$before" ]
	peer age node-b 36s
	stop loader-node-a HUP
	attach_on node-a # it sweeps at once
	await touched
}
