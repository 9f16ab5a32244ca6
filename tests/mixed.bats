#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A mixed table: readers ignore entries without a seal of a host that has a sealed entry anywhere.
# bats file_tags=long

load helper
load watch
load metrics
load sealed

peer() { command peer "$ROLLCALL_PIN_DIR" "$@"; }
number_of() { ip -n "$ID-node-a" -j link show "$1" | jq '.[0].ifindex'; }

# mixed [IFACE]: node-a is attached to eth0, and IFACE, and for readers its table is mixed
mixed() {
	lan node-a node-b
	[ $# = 0 ] || second_lan node-a
	start loader-node-a on node-a rollcall attach eth0 "$@" --expiry 2h
	await is_loader_of "$#" loader-node-a
	peer sealing 2
	ETH0=$(number_of eth0)
	[ $# = 0 ] || ETH1=$(number_of eth1)
}
# add_sealed NAME ADDRESS IFINDEX: add an entry with a seal, alone on its interface
add_sealed() { peer add "$@" && peer flag "$1" 1 "$3"; }

listed() { rollcall peers -a -H --fields hostname,address "$@" | xargs; }

@test "an entry without a seal is not listed while its host has a sealed one on another interface" {
	mixed eth1
	peer add victim 10.77.0.7 "$ETH0"
	peer add other 10.77.0.8 "$ETH0"
	[ "$(listed)" = "other 10.77.0.8 victim 10.77.0.7" ]
	add_sealed victim 10.78.0.7 "$ETH1"
	[ "$(listed)" = "other 10.77.0.8 victim 10.78.0.7" ]
	[ "$(listed -i eth0)" = "other 10.77.0.8" ]
	[ "$(listed victim)" = "victim 10.78.0.7" ]
	[ "$(rollcall peers -j | jq -c 'map(.address) | sort')" = '["10.77.0.8","10.78.0.7"]' ]
	[ "$(rollcall status -j | jq -c '[.hosts, .entries]')" = '[2,2]' ]
	[ "$(rollcall get victim -a)" = 10.78.0.7 ]
	fails_with 1 'not found' rollcall get 10.77.0.7
	[ "$(rollcall get 10.78.0.7)" = victim ]
	fails_with 1 'not found' rollcall get victim -i eth0
	[ "$(value 'rollcall_entries{interface="eth0",family="ipv4"}')" = 1 ]
}

@test "a sealed entry of the other family shadows too, also where only one family is asked for" {
	mixed
	peer add victim 10.77.0.7 "$ETH0"
	peer add victim 2001:db8::7 "$ETH0"
	[ "$(rollcall get victim)" = 10.77.0.7 ]
	peer remove victim
	peer add victim 2001:db8::7 "$ETH0"
	peer flag victim 1
	peer add victim 10.77.0.7 "$ETH0"
	[ "$(rollcall get victim)" = 2001:db8::7 ]
	[ "$(listed)" = "victim 2001:db8::7" ]
	fails_with 1 'not found' rollcall get -4 victim
	[ -z "$(listed -4)" ]
}

@test "of several hosts with one address, the last one with a seal is found" {
	mixed
	add_sealed older 10.77.0.7 "$ETH0" 20m
	add_sealed keyed 10.77.0.7 "$ETH0" 10m
	peer add fake 10.77.0.7 "$ETH0"
	[ "$(rollcall get 10.77.0.7)" = keyed ]
	peer remove keyed
	peer remove older
	[ "$(rollcall get 10.77.0.7)" = fake ]
}

@test "an entry without a seal is listed again when the sealed one has expired or its host has sent a goodbye" {
	mixed eth1
	add_sealed victim 10.78.0.7 "$ETH1"
	peer age victim 3h
	peer add victim 10.77.0.7 "$ETH0"
	[ "$(listed)" = "victim 10.77.0.7" ]
	add_sealed victim 10.78.0.7 "$ETH1"
	[ "$(listed)" = "victim 10.78.0.7" ]
	peer flag victim 3 "$ETH1"
	[ "$(listed)" = "victim 10.77.0.7" ]
	[ "$(rollcall get victim)" = 10.77.0.7 ]
}

@test "in a sealed or plain table no entry is shadowed" {
	local sealing
	mixed eth1
	add_sealed victim 10.78.0.7 "$ETH1"
	peer add victim 10.77.0.7 "$ETH0"
	for sealing in 0 1; do
		peer sealing "$sealing"
		[ "$(listed)" = "victim 10.78.0.7 victim 10.77.0.7" ] # sealed ones come first
		[ "$(rollcall get victim)" = 10.78.0.7 ]
	done
}

@test "sealed entries are marked in a table with keys, and only there" {
	mixed
	peer add plain 10.77.0.8 "$ETH0"
	add_sealed keyed 10.77.0.7 "$ETH0"
	[ "$(rollcall peers -H --fields hostname,note | xargs)" = "keyed sealed plain" ]
	[ "$(rollcall peers -H -s note | awk '{ print $1 }' | xargs)" = "keyed plain" ]
	[ "$(rollcall peers -j | jq -c 'map({ (.hostname): .sealed }) | add')" = '{"keyed":true,"plain":false}' ]
	[ "$(rollcall peers -j --fields sealed,hostname keyed | jq -c .)" = '[{"sealed":true,"hostname":"keyed"}]' ]
	[ "$(rollcall peers -f tsv --fields hostname,sealed | tr '\t' ' ' | sort | xargs)" = "keyed sealed plain -" ]
	rollcall peers -f tsv | awk -F '\t' 'NF != 12 { exit 1 }'
	[ "$(on node-a rollcall peers -j --self node-a | jq -c 'map([.self, .sealed]) | unique')" = '[[true,null]]' ]
	[ "$(rollcall status -j | jq -r .sealing)" = mixed ]
	rollcall status | grep -q '^table: 2 hosts, 2 entries of at most 16384; expiry [^;]*; mixed: announcements without a seal are recorded too$'
	[ "$(value 'rollcall_sealed_entries{interface="eth0",family="ipv4"}')" = 1 ]
	[ "$(value 'rollcall_sealed_entries{interface="eth0",family="ipv6"}')" = 0 ]
	peer sealing 1
	rollcall status | grep -q '^table: 2 hosts, .* expiry [^;]*; sealed$'
	[ "$(rollcall status -j | jq -r .sealing)" = sealed ]
	peer sealing 0
	[ -z "$(rollcall peers -H --fields note | xargs)" ]
	rollcall peers -j | jq -e 'length == 2 and all(.[]; has("sealed") | not)'
	[ "$(rollcall status -j | jq -r .sealing)" = plain ]
	rollcall status | grep -q '^table: 2 hosts, .* expiry [^;]*$'
	run ! grep rollcall_sealed_entries <(rollcall metrics)
}

@test "a sealed host that has moved or is in conflict is marked with both" {
	mixed
	announce_from node-b --hostname twin
	await lists twin
	lan_join node-c
	await is_settled node-c eth0
	announce_from node-c --hostname twin
	await counted moved 1
	peer flag twin 1
	[ "$(rollcall peers -H --fields note)" = "moved sealed" ]
	[ "$(rollcall peers -j | jq -c '.[0] | [.note, .sealed]')" = '["moved",true]' ]
}

@test "serve marks sealed entries and hosts" {
	mixed
	peer add plain 10.77.0.8 "$ETH0"
	add_sealed keyed 10.77.0.7 "$ETH0"
	start server on node-a rollcall serve --listen 127.0.0.1:49001 --db "$T/none.db"
	await has_line server 'listening on'
	on node-a curl -sS http://127.0.0.1:49001/api/v1/hosts >"$T/hosts"
	[ "$(jq -c 'map([.hostname, .sealed, .entries[0].sealed])' "$T/hosts")" = '[["keyed",true,true],["plain",false,false]]' ]
	[ "$(on node-a curl -sS http://127.0.0.1:49001/api/v1/peers | jq -c 'map(.sealed) | sort')" = '[false,true]' ]
}

# really_mixed [OPTION...]: node-a is attached with keys, and records announcements without a seal too
really_mixed() {
	lan node-a node-b node-c
	attach_with_keys node-a --accept-unsealed --expiry 2h "$@"
}

@test "a host that begins to seal is the same host: no event, and its entries are marked" {
	local six
	really_mixed
	on node-b rollcall announce -q eth0 --count 1
	await two_entries
	start watch rollcall watch
	await has_two_joins
	six=$(ip -n "$ID-node-b" -6 -j addr show dev eth0 scope link | jq -r '.[].addr_info[0].local')
	announces node-b node-b
	on node-b datagram eth0 "$six" "$(seal --key "$KEY1" "$six" node-b)"
	await two_sealed_entries
	announce_from node-c # wakes the watcher
	await tells 'join node-c .*'
	announce_from node-c --hostname later
	await tells 'join later .*'
	[ "$(events | grep -c node-b)" = 2 ]
}
two_entries() { [ "$(rollcall peers -j node-b | jq length)" = 2 ]; }
has_two_joins() { [ "$(lines_with watch 'join +node-b')" = 2 ]; }
two_sealed_entries() { [ "$(rollcall peers -j node-b | jq -c 'map(.sealed)')" = '[true,true]' ]; }

@test "an entry without a seal of another host leaves when the host with the key announces itself" {
	really_mixed
	second_lan node-a node-c
	stop loader-node-a
	start loader-node-a on node-a rollcall attach eth0 eth1 --key "$T/keys" --accept-unsealed --expiry 2h
	await is_loader_of 1 loader-node-a
	on node-c rollcall announce -q -4 eth1 --count 1 --hostname node-b
	await lists node-b
	start watch rollcall watch
	await tells 'join node-b 10.78.0.3 eth1 present'
	announces node-b node-b
	await tells 'join node-b 10.77.0.2 eth0 announced'
	await tells 'leave node-b 10.78.0.3 eth1 removed'
	[ "$(rollcall get node-b -a)" = 10.77.0.2 ]
	# it cannot come back while the other is here
	on node-c rollcall announce -q -4 eth1 --count 1 --hostname node-b
	await counted refreshed 1 1
	[ "$(rollcall get node-b -a)" = 10.77.0.2 ]
	send node-b "$(goodbye node-b node-b)"
	await tells 'leave node-b 10.77.0.2 eth0 goodbye'
	[ "$(rollcall get node-b -a)" = 10.78.0.3 ]
}
