#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Pins of other users or programs: readers, loaders and the library do not accept them as a table, and report which pin
# is wrong.

load helper

# left_table: make a table without a sweeper, with one peer
left_table() {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	without_text
	peer "$ROLLCALL_PIN_DIR" add node-b 10.77.0.7 "$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')"
}

# without_text: remove the pinned iterator, which the name service reads if the maps cannot be read: the maps are tested
without_text() { rm -f "$ROLLCALL_PIN_DIR/table"; }

# replace_pin MAP TYPE KEY VALUE ENTRIES FLAGS: replace the pinned MAP by a map with these properties
replace_pin() {
	rm -f "$ROLLCALL_PIN_DIR/$1"
	bpftool map create "$ROLLCALL_PIN_DIR/$1" type "$2" key "$3" value "$4" entries "$5" name "$1" flags "$6"
}

# properties MAP: print KEY VALUE ENTRIES FLAGS of the pinned map
properties() {
	bpftool -j map show pinned "$ROLLCALL_PIN_DIR/$1" | jq -r '"\(.bytes_key) \(.bytes_value) \(.max_entries) \(.flags)"'
}

READERS=(peers 'peers -j' 'get node-b' watch 'wait node-b --timeout 0s' status metrics)

# all_say PATTERN: every reader, attach and detach fail, with one line that matches PATTERN
all_say() {
	local command
	for command in "${READERS[@]}" 'attach eth0' 'detach eth0' 'detach --all'; do
		fails_with 1 "$1" on node-a rollcall $command
	done
}

# getent_is_quiet: look-ups of root by name and by address do not crash if this directory is at the path of readers
getent_is_quiet() {
	local key
	for key in node-b 10.77.0.7; do
		run --separate-stderr on node-a unshare --mount sh -c '
			mount --bind "$1" /etc && mount -t tmpfs none /run && mkdir /run/lib && cp "$2" /run/lib &&
			{ [ "$3" = /sys/fs/bpf/rollcall ] ||
				{ mount -t tmpfs none /sys/fs/bpf && mkdir /sys/fs/bpf/rollcall && mount --bind "$3" /sys/fs/bpf/rollcall; }; } &&
			LD_LIBRARY_PATH=/run/lib LD_PRELOAD=$5 ASAN_OPTIONS=detect_leaks=0 exec getent hosts "$4"' - \
			"$T/etc" "$BUILD/libnss_rollcall.so.2" "$ROLLCALL_PIN_DIR" "$key" "$(sanitizer)"
		[ "$status" -eq "$1" ]
		[ -z "$stderr" ]
	done
}

nss_etc() {
	mkdir -p "$T/etc"
	echo 'hosts: rollcall' >"$T/etc/nsswitch.conf"
}

@test "an array of CPUs pinned as interfaces, settings or state crashes no reader and is named" {
	local map key value entries flags
	left_table
	nss_etc
	getent_is_quiet 0
	for map in interfaces settings state; do
		read -r key value entries flags < <(properties "$map")
		rm -rf "$T/old"
		replace_pin "$map" percpu_array "$key" "$value" "$entries" 0
		all_say "^rollcall: the table in '$ROLLCALL_PIN_DIR' is of another layout: '$map' has map type 6, not 2 .*--replace"
		[ "$map" = state ] || getent_is_quiet 2
		attach_on node-a --replace --keep
		stop loader-node-a
		without_text
		peer "$ROLLCALL_PIN_DIR" add node-b 10.77.0.7 "$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')"
	done
}

@test "a hash of CPUs pinned as peers crashes no reader and is named" {
	local key value entries flags
	left_table
	nss_etc
	read -r key value entries flags < <(properties peers)
	replace_pin peers lru_percpu_hash "$key" "$value" "$entries" 0
	all_say "'peers' has map type 10, not 9 .*--replace"
	getent_is_quiet 2
	replace_pin peers percpu_hash "$key" "$value" "$entries" 0
	all_say "'peers' has map type 5, not 9 .*--replace"
	getent_is_quiet 2
}

@test "a map with another number of entries or other flags is named" {
	local key value entries flags
	left_table
	read -r key value entries flags < <(properties interfaces)
	replace_pin interfaces array "$key" "$value" 63 1024
	all_say "'interfaces' has number of entries 63, not 64"
	replace_pin interfaces array "$key" "$value" 65 1024
	all_say "'interfaces' has number of entries 65, not 64"
	replace_pin interfaces array "$key" "$value" 64 0
	all_say "'interfaces' has map flags 0, not 1024"
	replace_pin interfaces array "$key" "$value" 64 1024
	read -r key value entries flags < <(properties peers)
	replace_pin peers lru_hash "$key" "$value" 16383 0
	all_say "'peers' has number of entries 16383, not in 16384.."
}

# set_byte OFFSET BYTE...: change bytes of the pinned settings
set_byte() {
	local value offset=$1 byte
	value=($(bpftool -j map lookup pinned "$ROLLCALL_PIN_DIR/settings" key 0 0 0 0 | jq -r '.value[]'))
	for byte in "${@:2}"; do value[offset++]=$byte; done
	bpftool map update pinned "$ROLLCALL_PIN_DIR/settings" key 0 0 0 0 value "${value[@]}"
}

@test "a setting out of its range is named by every reader and by attach" {
	local saved offset bytes text
	left_table
	nss_etc
	saved=($(bpftool -j map lookup pinned "$ROLLCALL_PIN_DIR/settings" key 0 0 0 0 | jq -r '.value[]'))
	READERS=(peers)
	while read -r offset bytes text; do
		set_byte "$offset" ${bytes//:/ }
		all_say "is of another layout: 'settings' has $text .*--replace"
		getent_is_quiet 2
		bpftool map update pinned "$ROLLCALL_PIN_DIR/settings" key 0 0 0 0 value "${saved[@]}"
	done <<-'SETTINGS'
		4 0:0:0:0 max_peers 0, not in 1..16777216
		8 1:0:0:1 names_per_source 16777217, not in 0..16777216
		12 0:0 port 0, not in 1..65535
		14 255 prefix_bytes 255, not in 1..32
		14 0 prefix_bytes 0, not in 1..32
		15 3 sealing 3, not in 0..2
		16 0x20 first byte of group6 32, not 255
		32 10 first byte of group4 10, not in 224..239
		67 65 padding of prefix 1, not 0
		68 2 ignore_goodbye 2, not in 0..1
		69 1 reserved 1, not 0
		71 1 reserved 1, not 0
		72 0:0:0:0:0:0:0:0 expiry_ns 0, not in 1..604800000000000
		79 128 expiry_ns [0-9]+, not in 1..604800000000000
		80 0:0:0:0:0:0:0:0 refresh_ns 0, not in 1..30000000000
		80 0:0:0:0:0:1:0:0 refresh_ns 1099511627776, not in 1..30000000000
		96 0:0:0:0:5:0:0:0 max_skew_ns 21474836480, not in 0..17500000000
	SETTINGS
	rollcall status
}

@test "pins and directories that another user can change are named and not read" {
	left_table
	nss_etc
	chmod 666 "$ROLLCALL_PIN_DIR/peers"
	all_say "'$ROLLCALL_PIN_DIR/peers' can be changed by other users .*chmod go-w"
	getent_is_quiet 2
	chmod 600 "$ROLLCALL_PIN_DIR/peers"
	chown 65534 "$ROLLCALL_PIN_DIR/peers"
	all_say "'$ROLLCALL_PIN_DIR/peers' belongs to the user with id 65534, not to root or to this user"
	getent_is_quiet 2
	chown 0 "$ROLLCALL_PIN_DIR/peers"
	chmod 777 "$ROLLCALL_PIN_DIR"
	all_say "'$ROLLCALL_PIN_DIR' can be changed by other users"
	getent_is_quiet 2
	chmod 755 "$ROLLCALL_PIN_DIR"
	chown 65534 "$ROLLCALL_PIN_DIR"
	all_say "'$ROLLCALL_PIN_DIR' belongs to the user with id 65534, not to root or to this user"
	fails_with 1 "'$ROLLCALL_PIN_DIR' belongs to the user with id 65534" on node-a rollcall attach eth0 --replace
	getent_is_quiet 2
	chown 0 "$ROLLCALL_PIN_DIR"
	getent_is_quiet 0
	rollcall get node-b
}

@test "in a BPF file system of mode 1777 the directory of another user is not read, with a table or empty" {
	local stranger=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+bpf,+net_admin,+perfmon
		--ambient-caps=-all,+bpf,+net_admin,+perfmon)
	local map
	lan node-a
	nss_etc
	chmod 1777 /sys/fs/bpf
	export ROLLCALL_PIN_DIR=/sys/fs/bpf/rollcall
	"${stranger[@]}" mkdir "$ROLLCALL_PIN_DIR"
	fails_with 1 "'$ROLLCALL_PIN_DIR' belongs to the user with id 65534" on node-a rollcall attach eth0
	fails_with 1 " \(run 'rollcall detach --all --pin-dir $ROLLCALL_PIN_DIR' as that user, " \
		on node-a rollcall detach --all --pin-dir "$ROLLCALL_PIN_DIR"
	[ -z "$(ls "$ROLLCALL_PIN_DIR")" ]
	for map in settings peers interfaces state outcomes; do
		"${stranger[@]}" bpftool map create "$ROLLCALL_PIN_DIR/$map" type percpu_array key 4 value 128 entries 64 name "$map"
	done
	all_say "'$ROLLCALL_PIN_DIR' belongs to the user with id 65534"
	getent_is_quiet 2
	rm -r "$ROLLCALL_PIN_DIR"
	chmod 700 /sys/fs/bpf
}
