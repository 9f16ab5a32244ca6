#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# How the filter handles an announcement, in both programs: the prefix, the name, and the entry.
# bats file_tags=long

load helper
load frames

@test "names of 1 to 64 bytes are accepted, each as itself" {
	in_turn <<-EOF
		+ sweep name.bytes
		= name_empty 0
		= joined 1..64
		= name_too_long 65..200
		+ sweep name.bytes
		= name_empty 0
		= refreshed 1..64
		= name_too_long 65..200
		name_too_long name.bytes=1000
		peer a 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 2 lived 0 ago 0
		peer abcdefgh 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 2 lived 0 ago 0
	EOF
}

@test "the rule for hostnames applies to every byte at every position, and accepted names are recorded with only A-Z changed" {
	[ "$(hostnames xdp)" = "310272 names" ]
	[ "$(hostnames tc)" = "310272 names" ]
}

@test "a name in upper case and in lower case is one entry, with A-Z folded and every other byte as sent" {
	in_turn <<-EOF
		joined    name=Node-A
		refreshed name=node-a
		refreshed name=NODE-A
		peer node-a 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 3 lived 0 ago 0
		joined    family=6 name=Node-A
		refreshed family=6 name=nODE-a
		joined    name=Q0_.-Z9
		refreshed name=q0_.-z9
		peer q0_.-z9 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 2 lived 0 ago 0
		+ own_name self
		own       name=SELF
		own       name=self
	EOF
}

@test "an announcement in upper case is the host that lower case names, for every command" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b --hostname Node-B
	await lists node-b
	announce_from node-b --hostname NODE-B
	await counted refreshed 1
	[ "$(rollcall peers -j | jq -c 'map(.hostname)')" = '["node-b"]' ]
	[ "$(rollcall get NODE-B)" = 10.77.0.2 ]
	[ "$(rollcall peers -j 'NODE-*' | jq -c 'map(.hostname)')" = '["node-b"]' ]
	# this host's own name is ignored in any case of letters
	on node-a hostname Node-A.Example
	await own_name_is node-a
	announce_from node-b --hostname NODE-A
	await counted own 1
	announce_from node-b --hostname node-a.example
	await counted own 2
	[ "$(peers)" = node-b ]
}

own_name_is() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/own_names" | jq -e --arg n "$1" 'any(.[].formatted.key.hostname; . == $n)'; }

@test "a name begins with a letter or a digit" {
	judged <<-EOF
		joined         name=0
		joined         name=9-lives
		joined         name=A.b_c-D
		joined         name=z..
		name_bad_start name=.
		name_bad_start name=_a
		name_bad_start name=-a
		name_bad_char  name=/a
		name_bad_char  name=%00
		name_bad_char  name=node%00
		name_bad_char  name=node%0a
		name_bad_char  name=n%c3%b6de
	EOF
}

@test "a name that only resembles one in the table is checked, and refreshes nothing" {
	in_turn <<-EOF
		joined        name=node-1
		name_bad_char name=node-1%00
		name_bad_char name=node-1%00%00%00%00%00%00%00%00%00%00
		name_bad_char name=node-1%00a
		name_bad_char name=node%0d1
		name_bad_char name=%eeode-1
		name_bad_char name=%ceode-1
		name_bad_char name=node-1%0a
		refreshed     name=NODE-1
		peer node-1 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 2 lived 0 ago 0
	EOF
}

@test "a prefix that is wrong in any byte, or ends too soon, is rejected" {
	local place prefix=multitastic:
	for place in {0..11}; do
		printf 'bad_prefix prefix=%s!%s\n' "${prefix:0:place}" "${prefix:place+1}"
		printf 'bad_prefix prefix=%s name=\n' "${prefix:0:place}"
	done | judged
	judged <<-EOF
		bad_prefix prefix=
		bad_prefix prefix=Multitastic:
		bad_prefix prefix=multitastic
		bad_prefix prefix=multitastic%00
	EOF
}

@test "a prefix has any length from 1 to 32 bytes, and each byte of it counts" {
	local bytes place prefix all='Ab1:Cd2/Ef3.Gh4-Ij5+Kl6_Mn7=Op8~'
	for bytes in {1..32}; do
		prefix=${all:0:bytes}
		{
			for ((place = 0; place < bytes; place++)); do
				printf 'bad_prefix prefix=%s!%s\n' "${prefix:0:place}" "${prefix:place+1}"
			done
			cat <<-EOF
				bad_prefix prefix=${prefix:0:-1} name=
				bad_udp_checksum prefix=$prefix udp.check=+1
				+ sweep name.bytes prefix=$prefix
				= name_empty 0
				= joined 1..64
				= name_too_long 65..200
			EOF
		} | judged --prefix "$prefix"
	done
}

@test "a host that announces from another address has moved, and only another MAC address is a refresh" {
	in_turn <<-EOF
		joined
		moved     ip.src=10.77.0.3
		peer node-b 10.77.0.3 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 2 lived 0 ago 0
		refreshed ip.src=10.77.0.3 eth.src=02:00:00:00:00:01
		peer node-b 10.77.0.3 02:00:00:00:00:01 family 4 ifindex 1 announcements 3 lived 0 ago 0
		refreshed ip.src=10.77.0.3 eth.src=02:00:00:00:00:02
		peer node-b 10.77.0.3 02:00:00:00:00:02 family 4 ifindex 1 announcements 4 lived 0 ago 0
		moved     eth.src=02:00:00:00:00:03
		peer node-b 10.77.0.2 02:00:00:00:00:03 family 4 ifindex 1 announcements 5 lived 0 ago 0
	EOF
}

@test "an entry keeps its first_seen until it has expired, and has a new one when its host returns" {
	in_turn <<-EOF
		joined
		+ age node-b 15
		refreshed
		peer node-b 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 2 lived 10 ago 0
		+ age node-b 32
		refreshed
		peer node-b 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 3 lived 40 ago 0
		+ age node-b 32
		moved     ip.src=10.77.0.3
		peer node-b 10.77.0.3 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 4 lived 70 ago 0
		+ age node-b 60
		returned  ip.src=10.77.0.3
		peer node-b 10.77.0.3 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 1 lived 0 ago 0
		+ age node-b 60
		returned
		peer node-b 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 1 lived 0 ago 0
	EOF
}

@test "an entry that another CPU stamped a moment later is young, not ancient" {
	in_turn <<-EOF
		joined
		+ age node-b -20
		refreshed
		+ age node-b -20
		moved ip.src=10.77.0.3
	EOF
}

@test "the host's own names are never recorded, from any address" {
	local longest
	longest=$(printf 'x%.0s' {1..64})
	in_turn <<-EOF
		+ own_name self
		+ own_name $longest
		own    name=self
		own    name=self ip.src=10.77.0.3
		own    name=$longest
		peer self absent
		peer $longest absent
		joined name=sel
		joined name=self2
		joined name=${longest:1}
	EOF
}
