#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The units of the installed packages, run by systemd that was booted in a separate minimal Debian.

load ../helper
load installed
load ../announced

@test "an unprivileged user lists, restarts and a crash lose no peer, and a stop removes everything" {
	local before first pid way
	lan node-a node-b
	before=$(state_of node-a)
	start listener on node-b listener eth0
	await has_line listener listening
	boot_on node-a
	echo 'OPTIONS="--announce --max-peers 99"' >"$ROOT/etc/rollcall/eth0.conf"
	inside systemctl enable rollcall@eth0
	start_unit rollcall@eth0
	# READY=1 was sent, so the filter is attached
	[ "$(inside rollcall status -j | jq -r '.interfaces[0].mode')" = tcx ]
	await has_line listener ': multitastic:node-a$'
	announce_from node-b
	await inside_lists node-b
	[ "$(inside_nobody getent ahostsv4 node-b | awk '{ print $1 }' | sort -u)" = 10.77.0.2 ]
	first=$(first_seen)
	for way in 'systemctl restart rollcall@eth0' 'systemctl kill -s KILL rollcall@eth0' upgrade; do
		pid=$(main_pid rollcall@eth0)
		if [ "$way" = upgrade ]; then
			cp "$DISK"/debs/rollcall_*.deb "$ROOT/tmp"
			inside sh -c 'dpkg -i /tmp/rollcall_*.deb'
		else
			inside $way
		fi
		await restarted rollcall@eth0 "$pid"
		[ "$(first_seen)" = "$first" ]
	done
	announce_from node-b
	inside_nobody rollcall get node-b
	[ "$(first_seen)" = "$first" ]
	inside systemctl stop rollcall@eth0
	inside sh -c '! test -e /sys/fs/bpf/rollcall && mountpoint -q /run/rollcall'
	[ "$(state_of node-a)" = "$before" ]
	run ! inside systemctl is-failed rollcall@eth0
	# no messages apart from those of the start, also none of libraries
	inside journalctl --no-pager -o cat -u rollcall@eth0 >"$T/journal"
	run grep -E 'rollcall: |libcap-ng' <(grep -vE 'rollcall: (eth0: attached|announcing node-a every) ' "$T/journal")
	[ -z "$output" ]
}

# scanned N: the loader has scanned the table more than N times
scanned() { [ "$(inside rollcall metrics | sed -n 's/^rollcall_sweeps_total //p')" -gt "$1" ]; }

@test "what a loader that was started by hand has mounted is not unmounted under it" {
	lan node-a node-b
	boot_on node-a
	inside sh -c 'rollcall attach eth0 --expiry 2s >/tmp/loader.out 2>&1 & echo $! >/tmp/loader.pid'
	await inside mountpoint -q /run/rollcall
	await inside systemctl is-active run-rollcall.mount
	[ "$(inside systemctl show -P StopWhenUnneeded run-rollcall.mount)" = no ]
	# some seconds, in which systemd would unmount it if StopWhenUnneeded were set
	await scanned 3
	inside mountpoint -q /run/rollcall
	inside_nobody rollcall status | grep -q eth0
	inside sh -c 'kill $(cat /tmp/loader.pid)'
	await inside sh -c '! test -e /sys/fs/bpf/rollcall'
	inside mountpoint -q /run/rollcall
	fails_with 0 "nothing is attached" inside rollcall detach --all
	inside sh -c '! mountpoint -q /run/rollcall'
	# and the unit mounts it again
	start_unit rollcall@eth0
	inside_nobody rollcall status | grep -q eth0
	inside systemctl stop rollcall@eth0
}

JOURNAL=(systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service)

@test "a loader outlives journald, which takes its output away, and so do filter and table" {
	local pid way
	lan node-a node-b
	boot_on node-a
	start_unit rollcall@eth0
	pid=$(main_pid rollcall@eth0)
	for way in stop start; do
		inside systemctl "$way" "${JOURNAL[@]}"
		announce_from node-b --hostname "at-$way"
		await inside_lists "at-$way"
		[ "$(main_pid rollcall@eth0)" = "$pid" ]
		[ "$(inside rollcall status -j | jq '.interfaces[0].loader')" = "$pid" ]
		inside systemctl is-active -q rollcall@eth0
	done
	inside systemctl stop rollcall@eth0
	inside sh -c '! test -e /sys/fs/bpf/rollcall'
	run ! inside systemctl is-failed rollcall@eth0
}

@test "removing the package stops its units and takes the filter off" {
	local before
	lan node-a node-b
	before=$(state_of node-a)
	boot_on node-a
	start_unit rollcall@eth0
	inside apt-get -qq -o Dpkg::Use-Pty=0 remove rollcall >"$T/removal" 2>&1
	[ "$(state_of node-a)" = "$before" ]
	inside sh -c '! test -e /sys/fs/bpf/rollcall && ! mountpoint -q /run/rollcall'
}

@test "an interface that is not there yet is waited for" {
	lan node-a node-b
	boot_on node-a
	inside systemctl start --no-block rollcall@eth7
	await inside sh -c 'journalctl -u rollcall@eth7 | grep -q "no interface .eth7."'
	ip -n "$ID-node-a" link add eth7 type veth peer name peer7
	ip -n "$ID-node-a" link set eth7 up
	await inside systemctl is-active rollcall@eth7
	inside rollcall status | grep -q '^eth7: '
}

@test "the announcer announces on every suitable interface, as an unprivileged user without a capability" {
	local pid
	lan node-a node-b
	boot_on node-a
	start listener on node-b listener eth0
	await has_line listener listening
	echo 'ANNOUNCE_OPTIONS="--hostname called-so"' >"$ROOT/etc/rollcall/announce.conf"
	start_unit rollcall-announce
	await has_line listener ': multitastic:called-so$'
	pid=$(main_pid rollcall-announce)
	[ "$(inside awk '$1 == "CapEff:" { print $2 }' "/proc/$pid/status")" = 0000000000000000 ]
	[ "$(inside awk '$1 == "Uid:" { print ($2 > 60000) }' "/proc/$pid/status")" = 1 ]
}

@test "the announcer seals with the key of the credential store if there is one, and only a stop sends a goodbye" {
	local key pid
	lan node-a node-b
	boot_on node-a
	start listener on node-b listener eth0
	await has_line listener listening
	start_unit rollcall-announce # without a key
	await has_line listener ': multitastic:node-a$'
	key_file key 5
	key=$(cut -d: -f2 "$T/key")
	mkdir -p -m 700 "$ROOT/etc/credstore"
	install -m 600 "$T/key" "$ROOT/etc/credstore/rollcall.key"
	echo 'ANNOUNCE_OPTIONS="--key /run/credentials/rollcall-announce.service/rollcall.key"' >"$ROOT/etc/rollcall/announce.conf"
	pid=$(main_pid rollcall-announce)
	inside systemctl restart rollcall-announce
	restarted rollcall-announce "$pid"
	await received listener "$T/key" '^10\.77\.0\.1 announcement key 5 good sequence [0-9]+ node-a$'
	run ! received listener "$T/key" goodbye
	inside systemctl stop rollcall-announce
	await received listener "$T/key" '^10\.77\.0\.1 goodbye key 5 good sequence [0-9]+ node-a$'
	[ "$(inside systemctl show -P Result rollcall-announce)" = success ]
	inside journalctl --no-pager -o cat -u rollcall-announce >"$T/journal"
	grep -q 'sealed with key 5' "$T/journal"
	run ! grep -rF "${key%==}" "$T/journal" "$ROOT/run/rollcall" "$ROOT/var/log"
}

hook_said() { inside journalctl --no-pager -o cat -u rollcall-hook | grep -qx "$1"; }

@test "the hook runs for each event, unprivileged, in either order of start" {
	lan node-a node-b
	boot_on node-a
	inside systemctl start rollcall-hook # /etc/rollcall/hook does not exist yet, so the unit does not start
	run ! inside systemctl is-active -q rollcall-hook
	printf '%s\n' '#!/bin/sh' 'echo "$ROLLCALL_EVENT $ROLLCALL_NAME $ROLLCALL_ADDRESS, $(id -u | wc -c)"' >"$ROOT/etc/rollcall/hook"
	chmod 755 "$ROOT/etc/rollcall/hook"
	start_unit rollcall-hook
	start_unit rollcall@eth0
	announce_from node-b --hostname early
	await hook_said 'join early 10.77.0.2, 6' # an id of five digits
	inside systemctl restart rollcall-hook
	announce_from node-b --hostname late
	await hook_said 'join late 10.77.0.2, 6'
	inside systemctl stop rollcall@eth0
	await hook_said 'leave late 10.77.0.2, 6'
	inside systemctl is-active -q rollcall-hook
}

recorded() { inside_nobody rollcall history -H "$1" | grep -q "^$1 .* $2 "; }

@test "the recorder writes as its own user, goes on after a restart, an upgrade and a crash, and every user reads the history" {
	local pid way
	lan node-a node-b
	boot_on node-a
	start_unit rollcall-record # in either order
	start_unit rollcall@eth0
	announce_from node-b
	await recorded node-b here
	[ "$(inside stat -c '%U %a' /var/lib/rollcall)" = 'rollcall 755' ]
	[ "$(inside stat -c '%U %a' /var/lib/rollcall/history.db)" = 'rollcall 644' ]
	pid=$(main_pid rollcall-record)
	[ "$(inside awk '$1 == "CapEff:" { print $2 }' "/proc/$pid/status")" = 0000000000000000 ]
	for way in 'systemctl restart rollcall-record' 'systemctl kill -s KILL rollcall-record' upgrade; do
		pid=$(main_pid rollcall-record)
		if [ "$way" = upgrade ]; then
			cp "$DISK"/debs/rollcall_*.deb "$ROOT/tmp"
			inside sh -c 'dpkg -i /tmp/rollcall_*.deb'
		else
			inside $way
		fi
		await restarted rollcall-record "$pid"
		await recorded node-b here
		[ "$(inside_nobody rollcall history -H -a node-b | wc -l)" = 1 ]
	done
	inside systemctl stop rollcall@eth0
	await recorded node-b detached
	inside systemctl stop rollcall-record
	recorded node-b detached
	# only the message of the start
	[ "$(inside journalctl --no-pager -o cat -u rollcall-record | grep '^rollcall: ' | grep -cv -e 'recording in' -e 'no table in' -e 'table in')" -eq 0 ]
}

# served PATH: print what the server of the installed package answers
served() { on node-a curl -sSf --max-time 20 "http://127.0.0.1:49001$1"; }
is_served() { [ "$(served /names)" = "$1" ]; }

@test "the socket starts the HTTP server, without any privilege" {
	local pid
	lan node-a node-b
	boot_on node-a
	start_unit rollcall@eth0
	start_unit rollcall-record
	announce_from node-b
	await inside_lists node-b
	echo 'SERVE_OPTIONS="--host-series"' >"$ROOT/etc/rollcall/serve.conf"
	inside systemctl enable --now rollcall-serve.socket
	run ! inside systemctl is-active -q rollcall-serve.service
	await is_served node-b
	inside systemctl is-active -q rollcall-serve.service
	pid=$(main_pid rollcall-serve)
	[ "$(inside awk '$1 == "CapEff:" { print $2 }' "/proc/$pid/status")" = 0000000000000000 ]
	[ "$(inside awk '$1 == "Uid:" { print $2 }' "/proc/$pid/status")" -ne 0 ]
	served /metrics | grep -q '^rollcall_host_info{hostname="node-b"'
	[ "$(served /api/v1/status | jq -r '.interfaces[0] | .state')" = receiving ]
	[[ $(served /api/v1/status | jq -r '.interfaces[0].loader') =~ ^[0-9]+$ ]]
	served '/api/v1/history?host=node-b' | jq -e 'length == 1'
	# a crash, and an upgrade, lose no connection that is made later
	inside systemctl kill -s KILL rollcall-serve
	await is_served node-b
	cp "$DISK"/debs/rollcall_*.deb "$ROOT/tmp"
	inside sh -c 'dpkg -i /tmp/rollcall_*.deb'
	await is_served node-b
	inside systemctl stop rollcall-serve.socket rollcall-serve.service
	run ! served /names
}
