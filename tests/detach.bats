#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# How 'detach' finds an interface by name: an existing interface by its number; one that does not exist by its recorded
# name.

load helper

# left_by_keep IFACE...: attach without leaving a loader
left_by_keep() {
	start left on node-a rollcall attach "$@" --keep
	await is_loader_of 0 left
	stop left
}
renamed() { # OLD NEW
	ip -n "$ID-node-a" link set "$1" down
	ip -n "$ID-node-a" link set "$1" name "$2"
	ip -n "$ID-node-a" link set "$2" up
}
attached() { on node-a rollcall status -j | jq -r '.interfaces[].name' | sort | paste -sd' '; }
has_filter() { [ -n "$(on node-a programs "$1")$(on node-a tc filter show dev "$1" ingress)" ]; }

@test "an interface that was renamed while no loader ran is detached by its new name, and nothing else is" {
	local mode
	lan node-a node-b
	for mode in "$TC" clsact; do
		left_by_keep eth0 --mode "$mode"
		renamed eth0 lan0
		second_lan node-a
		renamed eth1 eth0
		fails_with 1 "nothing is attached to 'eth0'" on node-a rollcall detach eth0
		has_filter lan0
		on node-a rollcall detach lan0
		! has_filter lan0 || false
		[ ! -e "$ROLLCALL_PIN_DIR" ]
		ip -n "$ID-node-a" link del eth0
		ip -n "$LAN" link del lan1
		renamed lan0 eth0
	done
}

@test "of two interfaces that exchanged their names each is detached by the name that it has now" {
	lan node-a node-b
	second_lan node-a
	left_by_keep eth0 eth1
	renamed eth0 other
	renamed eth1 eth0
	renamed other eth1
	on node-a rollcall detach eth0
	! has_filter eth0 || false
	has_filter eth1
	[ "$(attached)" = eth1 ]
	on node-a rollcall detach eth1
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "an interface is attached and detached by an alternative name, also a long one" {
	lan node-a node-b
	local long=the-uplink-of-this-host-to-the-switch-in-the-cellar
	ip -n "$ID-node-a" link property add dev eth0 altname uplink altname "$long"
	start loader-node-a on node-a rollcall attach uplink
	await loader_is_in_place node-a
	[ "$(attached)" = eth0 ]
	on node-a rollcall detach "$long"
	ends_with 0 loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	start loader-node-a on node-a rollcall attach "$long" --keep
	await loader_is_in_place node-a
	stop loader-node-a
	on node-a rollcall detach uplink
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "an interface that was deleted is detached by its remembered name, also when a new one has that name" {
	lan node-a node-b
	second_lan node-a
	left_by_keep eth0 eth1
	ip -n "$ID-node-a" link del eth0
	ip -n "$ID-node-a" link add eth0 type veth peer name peer0
	on node-a rollcall detach eth0
	[ "$(attached)" = eth1 ]
	fails_with 1 "nothing is attached to 'eth0'" on node-a rollcall detach eth0
	ip -n "$ID-node-a" link del eth1
	on node-a rollcall detach eth1
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "'detach --all' has nothing to do where nothing is attached: it reports that, and succeeds" {
	local attempt
	lan node-a
	for attempt in 'without a table' 'again'; do
		fails_with 0 "^rollcall: nothing is attached in '$ROLLCALL_PIN_DIR'$" on node-a rollcall detach --all
		[ ! -e "$ROLLCALL_PIN_DIR" ]
	done
	attach_on node-a --keep
	stop loader-node-a
	run -0 on node-a rollcall detach --all
	[ -z "$output" ]
	fails_with 0 "^rollcall: nothing is attached in " on node-a rollcall detach --all
	# a name is not found, and outside of a BPF file system a table could be hidden
	fails_with 1 "^rollcall: nothing is attached to 'eth0' in '$ROLLCALL_PIN_DIR' \(name the directory of its table with --pin-dir\)$" \
		on node-a rollcall detach eth0
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	fails_with 1 "no table in '$T/rollcall'.*it is not in a BPF file system" on node-a rollcall detach eth0 --pin-dir "$T/rollcall"
	fails_with 1 "it is not in a BPF file system: 'ip netns exec' has none" on node-a rollcall detach --all --pin-dir "$T/rollcall"
}

@test "a loader that ends while the detach of its interface removes the directory creates nothing in it" {
	lan node-a
	attach_on node-a
	kill -STOP "${PIDS[loader-node-a]}"
	on node-a rollcall detach eth0
	mkdir "$ROLLCALL_PIN_DIR" # as before the last step of detach, which can be as slow as the loader is fast
	kill -CONT "${PIDS[loader-node-a]}"
	ends_with 0 loader-node-a
	rmdir "$ROLLCALL_PIN_DIR"
}
