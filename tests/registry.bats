#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The table: which hosts are listed, with which address, and for how long.
# bats file_tags=long

load helper

# raw_field NAME FIELD: print FIELD of its entry in the map, expired or not
raw_field() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq -r --arg name "$1" \
	'.[].formatted | select(.key.hostname == $name) | .value.'"$2"; }
map_has() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq -e --arg name "$1" \
	'any(.[]; .formatted.key.hostname == $name)' >/dev/null; }
map_has_not() { ! map_has "$1"; }

# tell_clash_again NAME: as if the filter had not reported the conflict for long (it reports once a second)
tell_clash_again() {
	local key value=(0 0 0 0 0 0 0 0)
	mapfile -t key < <({ printf %s "$1"; head -c $((67 - ${#1})) /dev/zero; } | od -An -v -tu1 -w1 | tr -d ' ')
	bpftool map update pinned "$ROLLCALL_PIN_DIR/own_names" key "${key[@]}" value "${value[@]}"
}

@test "a host that announces itself is listed with its address" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	[ "$(peers)" = node-b ]
	[ "$(peer_field node-b address)" = 10.77.0.2 ]
	[ "$(on node-a rollcall get node-b)" = 10.77.0.2 ]
}

@test "a host that joins is reported by the loader" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await has_line loader-node-a ' join +node-b 10\.77\.0\.2 eth0 announced$'
}

@test "a host with a new address has its one entry moved" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await has_line loader-node-a ' join +node-b 10\.77\.0\.2 ' # a later read would report only the join
	local since
	since=$(raw_field node-b first_seen_ns)
	on node-b ip addr del 10.77.0.2/24 dev eth0
	on node-b ip addr add 10.77.0.22/24 dev eth0
	announce_from node-b
	await counted moved 1
	[ "$(rollcall peers -j | jq length)" = 1 ]
	[ "$(rollcall get --all node-b)" = 10.77.0.22 ]
	[ "$(raw_field node-b first_seen_ns)" = "$since" ]
	await has_line loader-node-a ' move +node-b 10\.77\.0\.22 eth0 address 10\.77\.0\.2$'
}

@test "different names from one address are entries of their own" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b --hostname one
	announce_from node-b --hostname two
	await lists two
	[ "$(peers)" = "one two" ]
}

@test "every other host of the segment is recorded" {
	lan node-a node-b node-c node-d
	attach_on node-a
	local host
	for host in node-d node-b node-c; do announce_from "$host"; done
	await counted joined 3
	[ "$(peers)" = "node-b node-c node-d" ]
	[ "$(peer_field node-d address)" = 10.77.0.4 ]
}

@test "a host that announces itself again is refreshed" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await counted joined 1
	announce_from node-b
	await counted refreshed 1
	[ "$(peer_field node-b announcements)" = 2 ]
}

@test "a refresh keeps an entry alive beyond its first expiry" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	age node-b 20
	announce_from node-b
	await counted refreshed 1
	age node-b 20
	lists node-b
}

@test "a refresh shortly before the expiry keeps the entry and what it knows" {
	lan node-a node-b
	attach_on node-a --expiry 7m
	announce_from node-b
	await lists node-b
	local since
	age node-b 390 # the last seventh begins at 360
	since=$(raw_field node-b first_seen_ns)
	announce_from node-b
	await counted refreshed 1
	[ "$(raw_field node-b first_seen_ns)" = "$since" ]
	[ "$(peer_field node-b announcements)" = 2 ]
	[ "$(peer_field node-b age_ms)" -lt 60000 ]
}

@test "an expired host that announces before it is swept has left and joined again" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	local since
	since=$(raw_field node-b first_seen_ns)
	await has_line loader-node-a ' join +node-b 10\.77\.0\.2 eth0 announced$'
	age node-b 36
	lists_not node-b
	touch "$ROLLCALL_PIN_DIR/peers" # wakes the display, which waits for a later expiry
	await has_line loader-node-a ' leave +node-b 10\.77\.0\.2 eth0 expired$'
	announce_from node-b
	await counted returned 1
	[ "$(raw_field node-b first_seen_ns)" -gt "$since" ]
	[ "$(peer_field node-b announcements)" = 1 ]
	joined_twice() { [ "$(lines_with loader-node-a ' join +node-b 10\.77\.0\.2 eth0 announced$')" = 2 ]; }
	await joined_twice
}

@test "a host that stops announcing is removed from the map, and its leave is reported" {
	lan node-a node-b
	attach_on node-a --expiry 1s
	announce_from node-b
	await has_line loader-node-a ' leave +node-b 10\.77\.0\.2 eth0 expired$'
	await map_has_not node-b
	lists_not node-b
}

@test "an expired entry is listed nowhere though no loader sweeps it out" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	stop loader-node-a KILL || true
	lists node-b
	[ "$(rollcall status -j | jq .entries)" = 1 ]
	age node-b 36
	map_has node-b
	[ "$(rollcall peers -j | jq -c .)" = "[]" ]
	[ "$(rollcall peers | wc -l)" = 1 ]
	run -1 --separate-stderr rollcall get node-b
	[ -z "$output" ]
	[ "$(rollcall status -j | jq .entries)" = 0 ]
}

@test "a host does not list itself, in any mode" {
	local mode
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		attach_on node-a --mode "$mode"
		[ "$(rollcall status -j | jq -r '.interfaces[0].mode')" = "$mode" ]
		announce_from node-a
		announce_from node-b
		await lists node-b
		[ "$(peers)" = node-b ]
		stop loader-node-a
	done
}

@test "what the host itself sends is never recorded, with any name, in any mode" {
	local mode
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		attach_on node-a --mode "$mode"
		[ "$(rollcall status -j | jq -r '.interfaces[0].mode')" = "$mode" ]
		announce_from node-a --hostname ghost
		announce_from node-b
		await lists node-b
		[ "$(peers)" = node-b ]
		stop loader-node-a
	done
}

@test "a loader that announces is received by others and lists them, not itself" {
	lan node-a node-b
	attach_on node-a
	start loader-b on node-b rollcall --pin-dir "$T/bpf/b" attach eth0 --announce
	await lists node-b
	announce_from node-a
	await has_line loader-b ' join +node-a 10\.77\.0\.1 eth0 announced$'
	[ "$(rollcall --pin-dir "$T/bpf/b" peers -j | jq -r '.[].hostname')" = node-a ]
}

@test "another host that uses this host's name is not listed, and the conflict is reported once" {
	lan node-a node-b node-c
	attach_on node-a
	announce_from node-b --hostname node-a
	await has_line loader-node-a "name conflict: 'node-a'.* 10\\.77\\.0\\.2 on eth0"
	[ "$(outcome own)" = 1 ]
	tell_clash_again node-a
	announce_from node-b --hostname node-a
	await counted own 2
	tell_clash_again node-a
	announce_from node-c --hostname node-a
	await has_line loader-node-a "name conflict: 'node-a'.* 10\\.77\\.0\\.3 on eth0"
	[ "$(lines_with loader-node-a '10\.77\.0\.2')" = 1 ]
	[ "$(outcome own)" = 3 ]
	[ "$(peers)" = "" ]
}

@test "a host whose nodename is a full domain name takes that and the short one as its own" {
	lan node-a node-b
	on node-a hostname node-a.example.org
	attach_on node-a
	announce_from node-b --hostname node-a.example.org
	announce_from node-b --hostname node-a
	announce_from node-b --hostname node-a.example
	await lists node-a.example
	[ "$(outcome own)" = 2 ]
	[ "$(peers)" = node-a.example ]
}

@test "the name given by --hostname is the host's own too" {
	lan node-a node-b
	attach_on node-a --announce --hostname alias
	announce_from node-b --hostname alias
	announce_from node-b --hostname node-a
	await counted own 2
	[ "$(peers)" = "" ]
}

@test "a nodename changed while attached is the host's own from then on, and the old one is not" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	on node-a hostname node-b
	await lists_not node-b
	announce_from node-b
	await counted own 1
	lists_not node-b
	announce_from node-b --hostname node-a
	await lists node-a
}

@test "get reports a host that is not here, and exits 1" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	fails_with 1 '^rollcall: node: not found$' rollcall get node
	fails_with 2 "'node-\\*' is neither a hostname nor an address" rollcall get 'node-*'
	fails_with 2 "'n{200}' is neither a hostname nor an address" rollcall get "$(printf 'n%.0s' {1..200})"
}

@test "peers takes a pattern" {
	lan node-a node-b
	attach_on node-a
	local name
	for name in web1 web10 web2 db1; do announce_from node-b --hostname "$name"; done
	await counted joined 4
	[ "$(rollcall peers 'web*' -j | jq -r '.[].hostname' | paste -sd' ')" = "web1 web2 web10" ]
	[ "$(rollcall peers 'web?' -j | jq length)" = 2 ]
	[ "$(rollcall peers web -j | jq -c .)" = "[]" ]
}

@test "peers and get keep to the family that is asked for" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	[ "$(rollcall peers -4 -j | jq length)" = 1 ]
	[ "$(rollcall peers -6 -j | jq -c .)" = "[]" ]
	[ "$(rollcall get -4 node-b)" = 10.77.0.2 ]
	run -1 rollcall get -6 node-b
}

@test "peers prints one line per host under a heading" {
	lan node-a node-b
	attach_on node-a
	[ "$(rollcall peers | wc -l)" = 1 ]
	announce_from node-b
	await lists node-b
	run rollcall peers
	[ "${#lines[@]}" = 2 ]
	[[ ${lines[0]} =~ ^HOSTNAME\ +ADDRESS\ +INTERFACE\ +AGE\ +EXPIRES\ +SINCE\ +RECEIVED\ +NOTE$ ]]
	[[ ${lines[1]} =~ ^node-b\ +10.77.0.2\ +eth0\ +[0-9]+s\ +3[0-9]s\ +[0-9]+s\ +1$ ]]
}

@test "peers -j is an array, empty or not, and its objects have exactly the promised fields" {
	lan node-a node-b
	attach_on node-a
	[ "$(rollcall peers -j | jq -c .)" = "[]" ]
	announce_from node-b
	await lists node-b
	local json mac
	json=$(rollcall peers -j)
	jq -e '.[0] | keys_unsorted == ["hostname", "family", "address", "lladdr", "interface", "first_seen",
		"last_seen", "age_ms", "expires_ms", "announcements"]' <<<"$json"
	jq -e '.[0] | .hostname == "node-b" and .family == 4 and .address == "10.77.0.2" and
		.interface == "eth0" and .announcements == 1' <<<"$json"
	mac=$(on node-b ip -j link show dev eth0 | jq -r '.[0].address')
	jq -e --arg mac "$mac" '.[0].lladdr == $mac' <<<"$json"
	jq -e '.[0] | .age_ms >= 0 and .expires_ms > 0 and
		(.age_ms + .expires_ms | . > 34990 and . <= 35000)' <<<"$json"
}

@test "the times of peers -j are RFC 3339 in UTC, and are now" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	rollcall peers -j | jq -e '.[0] | .first_seen, .last_seen |
		test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$") and
		(sub("\\.[0-9]+Z$"; "Z") | fromdate | . - now | fabs < 60)'
	age node-b 20
	announce_from node-b
	await counted refreshed 1
	rollcall peers -j | jq -e '.[0] | (.last_seen | sub("\\.[0-9]+Z$"; "Z") | fromdate) -
		(.first_seen | sub("\\.[0-9]+Z$"; "Z") | fromdate) | . >= 19 and . <= 60'
}

@test "status -j has each interface, its mode, its loader and every outcome" {
	lan node-a node-b
	attach_on node-a --mode native
	announce_from node-b
	announce_from node-b --prefix other:
	await counted bad_prefix 1
	local json
	json=$(rollcall status -j)
	jq -e --argjson pid "${PIDS[loader-node-a]}" '.interfaces | length == 1 and
		(.[0] | .name == "eth0" and .mode == "native" and .loader == $pid)' <<<"$json"
	jq -e '.interfaces[0].outcomes | .joined == 1 and .bad_prefix == 1 and
		([.refreshed, .moved, .returned, .own, .throttled, .full] == [0, 0, 0, 0, 0, 0]) and
		([.[]] | add) == 2' <<<"$json"
	jq -e '.entries == 1 and .capacity == 16384 and .expiry_ms == 35000' <<<"$json"
}

@test "status -j has no loader when the loader was killed" {
	lan node-a
	attach_on node-a
	stop loader-node-a KILL || true
	rollcall status -j | jq -e '.interfaces[0] | has("loader") and .loader == null'
}

@test "a host received on two interfaces has an entry for each" {
	lan node-a node-b
	second_lan node-a node-b
	start loader on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader
	announce_from node-b
	on node-b rollcall announce -4 eth1 --count 1
	await counted joined 1 0
	await counted joined 1 1
	[ "$(rollcall peers -j | jq -r '.[] | .hostname + " " + .interface + " " + .address' | sort | paste -sd,)" = \
		"node-b eth0 10.77.0.2,node-b eth1 10.78.0.2" ]
	[ "$(rollcall get --all node-b | sort | paste -sd' ')" = "10.77.0.2 10.78.0.2" ]
	[ "$(rollcall get node-b)" = 10.77.0.2 ] # it joined first
}

two_loaders() {
	lan node-a node-b
	second_lan node-a node-b
	attach_on node-a "$@"
	start second on node-a rollcall attach eth1 "$@"
	await is_loader_of 1 second
}

@test "two loaders on two interfaces share one table, and the end of one keeps the attachment of the other" {
	two_loaders
	announce_from node-b
	on node-b rollcall announce -4 eth1 --count 1
	await has_line second ' join +node-b 10\.78\.0\.2 eth1 announced$'
	await has_line loader-node-a ' join +node-b 10\.77\.0\.2 eth0 announced$'
	await has_line second ' join +node-b 10\.77\.0\.2 eth0 announced$'
	await has_line loader-node-a ' join +node-b 10\.78\.0\.2 eth1 announced$'
	stop loader-node-a
	[ "$(rollcall status -j | jq -r '.interfaces[].name')" = eth1 ]
	[ "$(rollcall peers -j | jq length)" = 1 ]
	[ "$(rollcall get --all node-b)" = 10.78.0.2 ]
	on node-b rollcall announce -4 eth1 --count 1 --hostname later
	await lists later
	stop second
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "the loader that stays takes over the sweep from the one that exits" {
	two_loaders --expiry 1s
	stop loader-node-a
	on node-b rollcall announce -4 eth1 --count 1
	await has_line second ' leave +node-b 10\.78\.0\.2 eth1 expired$'
	await map_has_not node-b
}
