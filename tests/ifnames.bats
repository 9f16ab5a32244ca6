#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Interfaces are identified by number. Readers print the current name of an interface, not the recorded one. No loader
# runs in these tests, so only the reader can notice a new name.

load helper

# swapped: node-a has received node-b over both families on eth0, which is now lan0; eth0 is another interface
swapped() {
	lan node-a node-b
	attach_on node-a
	on node-b rollcall announce eth0 --count 1
	await both_are_listed
	stop loader-node-a KILL || true
	ip -n "$ID-node-a" link add swap0 type veth peer name speaker0
	ip -n "$ID-node-a" link set eth0 name lan0
	ip -n "$ID-node-a" link set swap0 name eth0
}
both_are_listed() { [ "$(rollcall peers -j | jq length)" = 2 ]; }
link_local() { ip -n "$ID-node-b" -6 -j addr show dev eth0 scope link | jq -r '.[0].addr_info[0].local'; }
has() { grep -qE -- "$1" <<<"$output"; }
has_not() { ! has "$1"; }

@test "peers shows the current name of a renamed interface in each of its formats" {
	swapped
	run -0 on node-a rollcall peers -j
	[ "$(jq -r '[.[].interface] | unique | join(" ")' <<<"$output")" = lan0 ]
	[ "$(jq -r '.[] | select(.family == 6).address' <<<"$output")" = "$(link_local)%lan0" ]
	run -0 on node-a rollcall peers -a --format tsv
	has "$(link_local)%lan0"
	has $'\tlan0'
	has_not eth0
	run -0 on node-a rollcall peers -a
	has "$(link_local)%lan0"
	has ' lan0 '
	has_not eth0
}

@test "get gives a link-local address with the current name of its interface" {
	swapped
	run -0 on node-a rollcall get -6 node-b
	[ "$output" = "$(link_local)%lan0" ]
}

@test "status and metrics show the current name of a renamed interface" {
	swapped
	run -0 on node-a rollcall status
	has '^lan0: '
	has_not eth0
	[ "$(on node-a rollcall status -j | jq -r '.interfaces[0].name')" = lan0 ]
	run -0 on node-a rollcall metrics
	has 'interface="lan0"'
	has_not eth0
	run -0 on node-a rollcall metrics --sd
	has_not eth0
}

@test "watch reports the current name of a renamed interface, also when it is renamed meanwhile" {
	swapped
	start watcher on node-a rollcall watch -j
	await has_line watcher '"present"'
	[ "$(jq -rs '[.[].interface] | unique | join(" ")' "$(out watcher)")" = lan0 ]
	ip -n "$ID-node-a" link set lan0 name lan1
	on node-b rollcall announce -4 eth0 --count 1 --hostname later
	await has_line watcher '"later"'
	[ "$(jq -rs '[.[] | select(.hostname == "later").interface] | join(" ")' "$(out watcher)")" = lan1 ]
}

@test "a reader in another network namespace shows the recorded name, and no name of its own interfaces" {
	swapped
	on node-b rollcall peers -j | jq -e '[.[].interface] | unique == ["eth0"]'
	[ "$(on node-b rollcall get -6 node-b)" = "$(link_local)%eth0" ]
}

@test "an interface that was deleted is shown by its recorded name" {
	swapped
	ip -n "$ID-node-a" link del lan0
	on node-a rollcall peers -j | jq -e '[.[].interface] | unique == ["eth0"]'
}

@test "names are looked up once for each interface, however many peers it has" {
	swapped
	run -0 on node-a strace -E ASAN_OPTIONS=detect_leaks=0 -f -e trace=ioctl -o "$T/trace" rollcall peers --format tsv
	[ "$(grep -c SIOCGIFNAME "$T/trace")" = 1 ]
}
