#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall watch while the table is removed and created, and on one interface.
# bats file_tags=long

load helper
load interfaces
load watch

# entries do not expire, also on a slow machine
setup_more() { LIFE=(--expiry 2h); }

WAITING="no table in '.*/bpf/rollcall': waiting for 'rollcall attach'"
REMOVED="table in '.*/bpf/rollcall': removed: waiting for the next 'rollcall attach'"
CREATED="table in '.*/bpf/rollcall': created: the hosts in it follow"
# says_only PATTERN...: the watcher printed exactly these messages, in this order
says_only() { diff <(grep '^rollcall: ' "$(out watch)" | sed "s|'/.*/bpf/rollcall'|'.*/bpf/rollcall'|") <(printf 'rollcall: %s\n' "$@"); }

@test "it waits for a table that is not there yet, and reports that once on standard error" {
	lan node-a node-b
	start watch bash -c 'exec rollcall watch 2>"$1"' - "$T/errors"
	await grep -qx "rollcall: $WAITING" "$T/errors"
	attach_on node-a "${LIFE[@]}"
	announce_from node-b
	await tells 'join node-b 10.77.0.2 eth0 (present|announced)'
	[ "$(wc -l <"$T/errors")" = 1 ]
	[ "$(events | wc -l)" = 1 ]
}

@test "it waits with -j and with --exec also" {
	lan node-a node-b
	printf '#!/bin/sh\necho "$ROLLCALL_EVENT $ROLLCALL_NAME" >>%s\n' "$T/log" >"$T/hook"
	chmod +x "$T/hook"
	start watch rollcall watch -j --exec "$T/hook"
	await says "$WAITING"
	attach_on node-a "${LIFE[@]}"
	announce_from node-b
	await grep -qx 'join node-b' "$T/log"
	has_line watch '"event":"join"'
}

@test "a table that it can never read ends it, with the reason" {
	local rollcall
	rollcall=$(type -P rollcall)
	fails_with 1 'Function not implemented \(this kernel is built without bpf' nobpf 38 rollcall watch
	lan node-a
	attach_on node-a "${LIFE[@]}"
	chmod 700 "$T/bpf" "$ROLLCALL_PIN_DIR"
	chmod o+x "$T" "${T%/*}" "${T%/*/*}"
	fails_with 1 "cannot open the table in '$ROLLCALL_PIN_DIR': Permission denied" \
		timeout 20 setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$rollcall" watch
}

@test "a stop ends it while it waits" {
	local signal status
	for signal in INT TERM; do
		start watch rollcall watch
		await says "$WAITING"
		status=0
		stop watch $signal || status=$?
		[ "$status" = 0 ]
	done
}

@test "a table that is replaced is reported: every host leaves, a resync, and the hosts of the next table join" {
	lan_with_marker "${LIFE[@]}"
	announce_from node-b
	await lists node-b
	watch_as watch
	kill_loader
	replace() {
		attach_on node-a --replace --expiry 3h
		announce_from node-c
		await lists node-c
	}
	unseen replace
	await tells 'join node-c .*'
	told $'join node-b 10.77.0.2 eth0 present\nleave node-b 10.77.0.2 eth0 detached\nresync table\njoin node-c 10.77.0.3 eth0 present'
	says_only "$REMOVED" "$CREATED"
	announce_from node-b
	await tells 'join node-b 10.77.0.2 eth0 announced'
}

@test "a resync is an object without a host in JSON, and an event for a program" {
	lan_with_marker "${LIFE[@]}"
	printf '#!/bin/sh\nenv | grep ^ROLLCALL_ | grep -v -e PIN_DIR -e TIME -e TESTS | sort | xargs >>%s\n' "$T/log" >"$T/hook"
	chmod +x "$T/hook"
	watch_as watch -j --exec "$T/hook"
	stop loader-node-a
	await says "$REMOVED"
	attach_on node-a "${LIFE[@]}"
	await grep -qx 'ROLLCALL_EVENT=resync ROLLCALL_REASON=table' "$T/log"
	[ "$(grep resync "$(out watch)" | jq -c 'del(.time)')" = \
		'{"event":"resync","hostname":null,"family":null,"address":null,"interface":null,"reason":"table"}' ]
}

@test "a table that is removed with its loader is waited for, as long as it takes" {
	lan_with_marker "${LIFE[@]}"
	watch_as watch
	stop loader-node-a
	await says "$REMOVED"
	has_line watch ' leave +here-before 10.77.0.9 eth0 detached$'
	attach_on node-a "${LIFE[@]}"
	await says "$CREATED"
	announce_from node-b
	await told $'resync table\njoin node-b 10.77.0.2 eth0 announced'
	! ended watch
}

@test "a table of another layout ends the watcher, with the reason" {
	lan_with_marker "${LIFE[@]}"
	watch_as watch
	stop loader-node-a
	await says "$REMOVED"
	mkdir "$ROLLCALL_PIN_DIR"
	bpftool map create "$ROLLCALL_PIN_DIR/settings" type array key 4 value 8 entries 1 name settings
	ends_with 1 watch
	says "the table in '$ROLLCALL_PIN_DIR' is of another layout: .*"
}

# two_interfaces: node-a is attached to eth0 and eth1
two_interfaces() {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1 "${LIFE[@]}"
	await is_loader_of 1 loader-node-a
	add here-before 10.77.0.9
}
announce_on() { on node-b rollcall announce -4 "$1" --count 1 --hostname "$2"; }

@test "-i reports only what is received on that interface, by its name or an alternative name" {
	two_interfaces
	ip -n "$ID-node-a" link property add dev eth1 altname lan-one
	start watch on node-a rollcall watch -i eth1
	start other on node-a rollcall watch --interface lan-one '*'
	# both have read the table: their timers are set
	await idles watch
	await idles other
	announce_on eth0 on-eth0
	await lists on-eth0
	announce_on eth1 on-eth1
	await told 'join on-eth1 10.78.0.2 eth1 announced'
	await has_line other ' join +on-eth1 10\.78\.0\.2 eth1 announced$'
	[ "$(events other | wc -l)" = 1 ]
	# a renamed interface is the same interface
	ip -n "$ID-node-a" link set eth1 name lan1
	announce_on eth1 again
	await tells 'join again 10.78.0.2 lan1 announced'
}
idles() { grep -qE '^it_value' "/proc/${PIDS[$1]}"/fdinfo/*; }

@test "-i follows an interface that is deleted and comes back under another number" {
	lan_with_marker "${LIFE[@]}"
	start watch on node-a rollcall watch -i eth0
	await has_line watch here-before
	unplug
	await has_line loader-node-a "$GONE"
	plug_in
	await has_line loader-node-a "$BACK"
	hears later
	await told 'join later 10.77.0.2 eth0 announced'
}

@test "-i of an interface that is not attached is an error where there is a table" {
	lan_with_marker "${LIFE[@]}"
	fails_with 1 "^rollcall: interface 'eth7' is not attached \('rollcall status' lists the attached interfaces\)$" \
		on node-a timeout 20 rollcall watch -i eth7
	fails_with 1 "^rollcall: interface 'lo' is not attached " on node-a timeout 20 rollcall watch -i lo
}

@test "-i of an interface that is attached later than the table is made waits for it" {
	lan node-a node-b
	second_lan node-a node-b
	start watch on node-a rollcall watch -i eth1
	await says "$WAITING"
	attach_on node-a "${LIFE[@]}"
	await says "interface 'eth1' is not attached: waiting for 'rollcall attach eth1'"
	announce_on eth0 on-eth0
	await lists on-eth0
	start second on node-a rollcall attach eth1
	await is_loader_of 1 second
	announce_on eth1 on-eth1
	await tells 'join on-eth1 10.78.0.2 eth1 (present|announced)'
	[ "$(events | wc -l)" = 1 ]
	says_only "$WAITING" "interface 'eth1' is not attached: waiting for 'rollcall attach eth1'"
}
