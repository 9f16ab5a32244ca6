#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# IPv6 from end to end: announcing, receiving, listing, and together with IPv4.

load helper

# addresses_of HOST SCOPE: print its IPv6 addresses on eth0
addresses_of() { ip -n "$ID-$1" -6 -j addr show dev eth0 scope "$2" | jq -r '.[].addr_info[]?.local // empty'; }
link_local() { addresses_of "$1" link; }
mac_of() { ip -n "$ID-$1" -j link show dev eth0 | jq -r '.[].address'; }
no_ipv6() { on "$1" sh -c "echo 1 >/proc/sys/net/ipv6/conf/${2:-eth0}/disable_ipv6"; }
is_member() { on "$1" ip maddr show dev eth0 | grep -qwF "${2:-ff02::ef02:304}"; }
call6() { on "$1" rollcall announce -6 eth0 --count 1 "${@:2}"; }
listed() { rollcall peers -j "${@:2}" | jq -r '.[] | "\(.hostname) \(.family) \(.address)"' | grep -qxF "$1"; }

# both_listed HOST: HOST has an entry of each family
both_listed() { [ "$(rollcall peers -j "$1" | jq -c 'map(.family)')" = '[4,6]' ]; }

# listening_on HOST: start listener4 and listener6 on HOST
listening_on() {
	start listener4 on "$1" listener eth0
	start listener6 on "$1" listener -6 eth0
	await has_line listener4 listening
	await has_line listener6 listening
}

@test "a host received over IPv6 is listed with its link-local address and the scope" {
	local address
	lan node-a node-b
	attach_on node-a
	call6 node-b
	await lists node-b
	address=$(link_local node-b)%eth0
	[[ $address = fe80::* ]]
	await has_line loader-node-a " join +node-b $address eth0 announced$"
	rollcall peers | grep -qE "^node-b +$address +eth0 "
	rollcall peers -j | jq -e --arg address "$address" --arg mac "$(mac_of node-b)" '
		length == 1 and .[0].family == 6 and .[0].address == $address and
		.[0].lladdr == $mac and .[0].interface == "eth0"'
	[ "$(rollcall get node-b)" = "$address" ]
	[ "$(outcome joined)" = 1 ]
	stop loader-node-a HUP
	# the next loader also shows hosts that are present already
	attach_on node-a -j
	await has_line loader-node-a "\"family\":6,\"address\":\"$address\".*\"reason\":\"present\""
}

@test "an announcement over IPv6 is as over IPv4, with hop limit 1" {
	lan node-a node-b
	listening_on node-b
	on node-a hostname node-a.example.org
	call6 node-a
	await has_line listener6 "^$(link_local node-a)%eth0 port [0-9]+ ttl 1 bytes 18: multitastic:node-a$"
	run ! has_line listener6 'port 49001 '
}

@test "the interface is a member of the IPv6 group while a loader is attached" {
	lan node-a
	run ! is_member node-a
	attach_on node-a
	is_member node-a
	stop loader-node-a
	run ! is_member node-a
}

@test "with another --group6 the interface is a member of that, and announcements go there" {
	lan node-a node-b
	listening_on node-b
	attach_on node-a --group6 ff02::7:7
	is_member node-a ff02::7:7
	run ! is_member node-a
	call6 node-b --hostname missed
	call6 node-b --group6 ff02::7:7
	await lists node-b
	[ "$(peers)" = node-b ]
	stop loader-node-a
	run ! is_member node-a ff02::7:7
	attach_on node-a --group6 ff05::7:7
	call6 node-b --group6 ff05::7:7
	await lists node-b
	call6 node-a
	await has_line listener6 'multitastic:node-a$'
	# the listener of node-b also receives node-b's own announcement, which was sent to the right group
	[ "$(sed -n 's/.*multitastic://p' "$(out listener6)" | paste -sd' ')" = "missed node-a" ]
}

@test "announce announces over both families, and the same name by both is two entries" {
	lan node-a node-b
	attach_on node-a
	on node-b rollcall announce eth0 --count 1
	await both_listed node-b
	[ "$(outcome joined)" = 2 ]
	[ "$(rollcall peers -a | grep -c '^node-b ')" = 2 ]
	[ "$(rollcall peers -H | awk '{ print $1, $2, $3 }')" = 'node-b 10.77.0.2 +1' ]
	await has_line loader-node-a ' join +node-b 10\.77\.0\.2 '
	await has_line loader-node-a ' join +node-b fe80::'
	# the entries have separate ages
	peer "$ROLLCALL_PIN_DIR" age node-b 10
	call6 node-b
	await counted refreshed 1
	rollcall peers -j | jq -e '.[0].age_ms >= 10000 and .[1].age_ms < 10000'
}

@test "announce -4 and -6 choose the family" {
	lan node-a node-b
	listening_on node-b
	on node-a rollcall announce -4 eth0 --count 1 --hostname by-four
	on node-a rollcall announce -6 eth0 --count 1 --hostname by-six
	on node-a rollcall announce eth0 --count 1 --hostname by-both
	await has_line listener4 ':by-both$'
	await has_line listener6 ':by-both$'
	[ "$(sed -n 's/.*multitastic://p' "$(out listener4)" | paste -sd' ')" = "by-four by-both" ]
	[ "$(sed -n 's/.*multitastic://p' "$(out listener6)" | paste -sd' ')" = "by-six by-both" ]
}

@test "a loader with --announce announces over both families" {
	lan node-a node-b
	listening_on node-b
	attach_on node-a --announce
	await has_line listener4 ':node-a$'
	await has_line listener6 ':node-a$'
	run ! grep -vE '^rollcall: (eth0: attached|announcing node-a) ' "$(out loader-node-a)"
}

@test "an interface with only IPv4 is announced on without a warning" {
	lan node-a node-b
	listening_on node-b
	no_ipv6 node-a
	start announcer on node-a rollcall announce eth0 --interval 100ms
	await test_lines listener4 3
	stop announcer
	[ "$(cat "$(out announcer)")" = 'rollcall: announcing node-a every 100ms on eth0 (10.77.0.1)' ]
	fails_with 1 "cannot announce on 'eth0'" on node-a rollcall announce -6 eth0 --count 1
}

test_lines() { [ "$(lines_with "$1" ': ')" -ge "$2" ]; }

@test "an interface with only IPv6 is announced on without a warning" {
	lan node-a node-b
	listening_on node-b
	ip -n "$ID-node-a" addr del 10.77.0.1/24 dev eth0
	start announcer on node-a rollcall announce eth0 --interval 100ms
	await test_lines listener6 3
	stop announcer
	[ "$(cat "$(out announcer)")" = "rollcall: announcing node-a every 100ms on eth0 ($(link_local node-a))" ]
	fails_with 1 "cannot announce on 'eth0': it has no IPv4 address" on node-a rollcall announce -4 eth0 --count 1
}

@test "an announcer takes up a family whose address comes later" {
	lan node-a node-b
	listening_on node-b
	no_ipv6 node-a
	start announcer on node-a rollcall announce eth0 --interval 100s
	await has_line listener4 ':node-a$'
	on node-a sh -c 'echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
	await has_line listener6 "^$(link_local node-a)%eth0 .*:node-a$"
	[ "$(lines_with announcer "on 'eth0'|on eth0")" = 1 ]
}

@test "an interface with neither family is reported once" {
	lan node-a
	no_ipv6 node-a
	ip -n "$ID-node-a" addr del 10.77.0.1/24 dev eth0
	fails_with 1 "cannot announce on 'eth0': it has no address" on node-a rollcall announce eth0 --count 1
}

@test "get prefers IPv4, -4 and -6 choose, and --all prints every address" {
	local six
	lan node-a node-b
	attach_on node-a
	on node-b rollcall announce eth0 --count 1
	await both_listed node-b
	# IPv4 is preferred even if the IPv6 entry is newer
	peer "$ROLLCALL_PIN_DIR" age node-b 10
	call6 node-b
	await counted refreshed 1
	six=$(link_local node-b)%eth0
	[ "$(rollcall get node-b)" = 10.77.0.2 ]
	[ "$(rollcall get -4 node-b)" = 10.77.0.2 ]
	[ "$(rollcall get -6 node-b)" = "$six" ]
	[ "$(rollcall get --all node-b | sort)" = "$(printf '10.77.0.2\n%s' "$six" | sort)" ]
	[ "$(rollcall get --all -6 node-b)" = "$six" ]
	call6 node-b --hostname six-alone
	await lists six-alone
	[ "$(rollcall get six-alone)" = "$six" ]
	fails_with 1 '^rollcall: six-alone: not found$' rollcall get -4 six-alone
}

@test "peers -4 and -6 list only that family" {
	lan node-a node-b
	attach_on node-a
	on node-b rollcall announce eth0 --count 1
	await both_listed node-b
	[ "$(rollcall peers -4 -j | jq -c 'map(.family)')" = '[4]' ]
	[ "$(rollcall peers -6 -j | jq -c 'map(.family)')" = '[6]' ]
	[ "$(rollcall peers -4 | grep -c '^node-b ')" = 1 ]
	rollcall peers -6 | grep -q '^node-b *fe80::'
	[ "$(rollcall peers -6 | wc -l)" = 2 ]
}

@test "a name announced over IPv6 from another address has moved" {
	lan node-a node-b node-c
	attach_on node-a
	call6 node-b
	await has_line loader-node-a " join +node-b $(link_local node-b)%eth0 " # a later read would report only the join
	call6 node-c --hostname node-b
	await counted moved 1
	await has_line loader-node-a \
		" move +node-b $(link_local node-c)%eth0 eth0 address $(link_local node-b)%eth0$"
	[ "$(rollcall get node-b)" = "$(link_local node-c)%eth0" ]
	[ "$(peer_field node-b lladdr)" = "$(mac_of node-c)" ]
	[ "$(outcome joined)" = 1 ]
	# the IPv4 address is another entry, not a move
	announce_from node-b
	await counted joined 2
	[ "$(outcome moved)" = 1 ]
}

@test "a global source address is listed as it is, without a scope" {
	lan node-a node-b
	attach_on node-a
	ip -n "$ID-node-b" addr add 2001:db8:0:0:1::2/64 dev eth0 nodad
	ip -n "$ID-node-b" addr del "$(link_local node-b)/64" dev eth0
	call6 node-b
	await listed 'node-b 6 2001:db8::1:0:0:2'
	[ "$(rollcall get node-b)" = 2001:db8::1:0:0:2 ]
	rollcall peers | grep -qE '^node-b +2001:db8::1:0:0:2 +eth0 '
}

@test "an entry received over IPv6 expires, and its host returns" {
	lan node-a node-b
	attach_on node-a
	call6 node-b
	await lists node-b
	peer "$ROLLCALL_PIN_DIR" age node-b 40
	lists_not node-b
	fails_with 1 '^rollcall: node-b: not found$' rollcall get node-b
	call6 node-b
	await lists node-b
	await counted returned 1
}

@test "the host's own name announced over IPv6 by another host is not recorded, and reported as a conflict" {
	lan node-a node-b
	attach_on node-a
	call6 node-b --hostname node-a
	await has_line loader-node-a "name conflict: 'node-a'.*announced by $(link_local node-b)%eth0 on eth0"
	[ "$(outcome own)" = 1 ]
	[ "$(peers)" = "" ]
}

# without_ipv6 WHERE: attaching and announcing work over IPv4, and over both families when IPv6 is enabled again
without_ipv6() {
	lan node-a node-b
	no_ipv6 node-a "$1"
	listening_on node-b
	attach_on node-a --announce
	announce_from node-b
	await lists node-b
	await has_line listener4 ':node-a$'
	run ! grep -vE ' join |^rollcall: (eth0: attached|announcing node-a) ' "$(out loader-node-a)"
	on node-a sh -c "echo 0 >/proc/sys/net/ipv6/conf/$1/disable_ipv6"
	call6 node-b
	await both_listed node-b
	await has_line listener6 ':node-a$'
}

@test "attaching where IPv6 is disabled on the interface works over IPv4 without a word" { without_ipv6 eth0; }
@test "attaching where IPv6 is disabled in the namespace works over IPv4 without a word" { without_ipv6 all; }

@test "an interface too narrow for IPv6 is attached to without a word, and with one where it is verbose" {
	lan node-a node-b
	ip -n "$ID-node-a" link set eth0 mtu 1000 # RFC 8200, section 5: 1280
	attach_on node-a --announce
	announce_from node-b
	await lists node-b
	run ! grep -vE ' join |^rollcall: (eth0: attached|announcing node-a) ' "$(out loader-node-a)"
	stop loader-node-a
	attach_on node-a -v
	has_line loader-node-a "cannot join the IPv6 group on 'eth0': "
}
