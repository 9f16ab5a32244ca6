#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# How the filter handles a frame, in both programs: its headers, and its outcome.
# bats file_tags=long

load helper
load frames

# every_outcome: a frame for each outcome, in an order in which each outcome occurs
every_outcome() {
	cat <<-EOF
		joined
		refreshed
		moved             ip.src=10.77.0.3
		+ age node-b 60
		returned
		left              prefix=rollcall1:%01%00$(zeros 16)
		+ own_name self
		own               name=self
	EOF
	every_refusal
}

zeros() { printf '%%00%.0s' $(seq "$1"); }

# sealed_refusals: the refusals of a table with keys, by 'testrun --sealed'; the last seal is right, and its time is that
# of a microsecond after the beginning of 1970
sealed_refusals() {
	cat <<-EOF
		unsealed
		unknown_key       prefix=rollcall1:%00%08$(zeros 16)
		bad_seal          prefix=rollcall1:%00%07$(zeros 16)
		stale             prefix=rollcall1:%00%07%00%00%00%00%00%00%00%01%46%95%bb%0e%0d%b1%6d%cb
	EOF
}

every_refusal() {
	cat <<-EOF
		bad_ip_header     ip.version=5
		ip_options        ip.options=4
		ipv6_extension    family=6 ip6.ext=60
		fragment          ip.frag=0x2000
		bad_ip_length     ip.len=+1
		bad_ip_checksum   ip.check=+1
		bad_source        ip.src=127.0.0.1
		bad_udp_length    udp.len=+1
		foreign_vlan      vlan=5
		other_host        eth.dst=0e:87:4e:05:7e:3d
		goodbye_ignored   name=absent prefix=rollcall1:%01%00$(zeros 16)
		bad_message       prefix=rollcall1:%02%00$(zeros 16)
		bad_prefix        prefix=multitastic;
		name_empty        name=
		name_too_long     name.bytes=65
		bad_udp_checksum  udp.check=+1
		name_bad_char     name=node%20b
		name_bad_start    name=-node
	EOF
}

not_ours() {
	cat <<-EOF
		not_ours          ip.dst=239.2.3.5
		not_ours          udp.dst=49002
		not_ours          ip.proto=6
		not_ours          eth.type=0x0806
		not_ours          ip.frag=1
	EOF
}

@test "the announcement known from the wire is accepted, and its repetition refreshes" {
	in_turn <<-EOF
		+ raw $WIRE
		= joined
		peer node-b 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 1 lived 0 ago 0
		+ raw $WIRE
		= refreshed
		peer node-b 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 2 lived 0 ago 0
	EOF
}

@test "the frame that all other tests alter is that one, byte for byte" {
	[ "$(testrun xdp <<<show)" = "$WIRE" ]
}

@test "every outcome is met by a frame" {
	every_outcome | in_turn
	sealed_refusals | in_turn --sealed
	# these require a full table, or a failing map update; other suites test them
	diff <(sed -nE 's/^\tX\([A-Z0-9_]+, +([a-z0-9_]+), .*/\1/p' "$TOP/include/rollcall/outcome.h" |
		grep -vxE 'throttled|full|unrecorded' | sort) <({ every_outcome; sealed_refusals; } | awk '$1 != "+" { print $1 }' | sort)
}

@test "a frame is counted once if it is addressed to the group and port, and else not at all" {
	local ours
	ours=$(every_outcome | grep -vc '^+')
	# between other frames, at the end, and in a sweep of 2^16 UDP lengths
	in_turn <<-EOF
		$(every_outcome)
		total $ours
		$(not_ours)
		total $ours
		$(every_refusal)
		$(not_ours)
		+ sweep udp.len
		= bad_udp_length 0..7
		= bad_prefix 8..19
		= name_empty 20
		= joined 21..25
		= returned 26
		= bad_udp_length 27..65535
		total $((ours + $(every_refusal | wc -l) + 65536))
	EOF
}

@test "frames are counted in the slot that the filter is loaded for, and in no other" {
	{
		every_outcome
		echo "total $(every_outcome | grep -vc '^+')"
	} | in_turn --slot 63
}

@test "with consume, what was recorded is dropped and all else is passed on" {
	{
		every_outcome
		not_ours
	} | in_turn --consume
}

@test "what is rejected neither makes nor refreshes an entry" {
	in_turn <<-EOF
		$(every_refusal)
		peer node-b absent
		peer -node absent
		peer node absent
		joined
		+ age node-b 25
		$(every_refusal)
		peer node-b 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 1 lived 0 ago 20
	EOF
}

@test "a frame cut short at any length records nothing" {
	local fields
	# the kernel runs no program over very short frames; the minimum differs by kernel and program type
	for fields in "" "udp.check=0" "udp.check=bare"; do
		for hook in xdp tc; do
			diff - <(testrun "$hook" --anew <<<"sweep cut $fields" | cut -d' ' -f2- |
				grep -v too_short | sed -E 's/^not_ours [0-9]+/not_ours 0/') <<-EOF
				not_ours 0..41
				bad_ip_length 42..59
				joined 60
			EOF
		done
	done
}

@test "a length of the IP header that disagrees with the frame is rejected" {
	judged <<-EOF
		+ sweep ip.len
		= bad_ip_length 0..19
		= bad_udp_length 20..45
		= joined 46
		= bad_ip_length 47..65535
	EOF
}

@test "a length of the UDP header that disagrees with the IP header is rejected, and a shorter one ends the name" {
	judged <<-EOF
		+ sweep udp.len
		= bad_udp_length 0..7
		= bad_prefix 8..19
		= name_empty 20
		= joined 21..26
		= bad_udp_length 27..65535
		joined udp.len=25
		peer node- 10.77.0.2 0e:87:4e:05:7e:3c family 4 ifindex 1 announcements 1 lived 0 ago 0
	EOF
}

@test "padding behind the datagram, and bytes behind the UDP datagram, are no part of the name" {
	in_turn <<-EOF
		joined
		+ sweep pad
		= refreshed 0..100
		+ sweep udp.slack
		= refreshed 0..100
		+ sweep pad udp.slack=3
		= refreshed 0..100
		joined name=node-bb
		+ sweep pad name=node-bb
		= refreshed 0..100
		+ sweep udp.slack name=node-bb
		= refreshed 0..100
		bad_udp_length pad=1 udp.len=+1
	EOF
}

@test "an IP header that is not of version 4 and five words or more is rejected" {
	judged <<-EOF
		+ sweep ip.version
		= bad_ip_header 0..3
		= joined 4
		= bad_ip_header 5..15
		+ sweep ip.ihl
		= bad_ip_header 0..4
		= joined 5
		= not_ours 6..15
	EOF
}

@test "IP options are rejected where the port behind them is ours" {
	local bytes
	for bytes in {4..40..4}; do
		printf 'ip_options ip.options=%d\n' "$bytes"
		printf 'not_ours ip.options=%d udp.dst=49002\n' "$bytes"
		printf 'not_ours ip.options=%d cut=%d\n' "$bytes" $((41 + bytes))
		printf 'ip_options ip.options=%d cut=%d\n' "$bytes" $((42 + bytes))
	done | judged
}

@test "the first fragment is rejected, others are not counted, and the other flags do not matter" {
	judged <<-EOF
		+ sweep ip.frag
		= joined 0
		= not_ours 1..8191
		= fragment 8192
		= not_ours 8193..16383
		= joined 16384
		= not_ours 16385..24575
		= fragment 24576
		= not_ours 24577..32767
		= joined 32768
		= not_ours 32769..40959
		= fragment 40960
		= not_ours 40961..49151
		= joined 49152
		= not_ours 49153..57343
		= fragment 57344
		= not_ours 57345..65535
	EOF
}

@test "any wrong IP header checksum is rejected" {
	# with the ip.id of the second sweep the sum is all ones, so 0x0000 and 0xffff are both valid
	judged <<-EOF
		+ sweep ip.check
		= bad_ip_checksum 0..$((0x56ad - 1))
		= joined $((0x56ad))
		= bad_ip_checksum $((0x56ad + 1))..65535
		+ sweep ip.check ip.id=$((0x26bd + 0x56ad))
		= joined 0
		= bad_ip_checksum 1..65534
		= joined 65535
	EOF
}

@test "a UDP checksum is right, zero for none, or the bare pseudo-header sum; any other is rejected" {
	local bare
	bare=$((0x$(testrun xdp <<<"show udp.check=bare" | cut -c81-84)))
	# with the udp.src of the second sweep the checksum is zero, which is sent as 0xffff (RFC 768)
	judged <<-EOF
		+ sweep udp.check
		= joined 0
		= bad_udp_checksum 1..$((0x07e5 - 1))
		= joined $((0x07e5))
		= bad_udp_checksum $((0x07e5 + 1))..$((bare - 1))
		= joined $bare
		= bad_udp_checksum $((bare + 1))..65535
		+ sweep udp.check udp.src=$((0xbf69 + 0x07e5))
		= joined 0
		= bad_udp_checksum 1..$((bare - 1))
		= joined $bare
		= bad_udp_checksum $((bare + 1))..65534
		= joined 65535
	EOF
}

@test "the bare pseudo-header sum is that of addresses, protocol and length" {
	# computed by hand from 10.77.0.2, 239.2.3.4, 17 and 26, in case test program and filter have the same error
	[ "$(testrun xdp <<<"show udp.check=bare" | cut -c81-84)" = fc80 ]
	((0x0a4d + 0x0002 + 0xef02 + 0x0304 + 17 + 26 == 0xfc80))
}

@test "a source address that no host can have is rejected, and its neighbours are not" {
	judged <<-EOF
		bad_source ip.src=0.0.0.0
		joined     ip.src=0.0.0.1
		joined     ip.src=0.255.255.255
		joined     ip.src=1.0.0.0
		joined     ip.src=126.255.255.255
		bad_source ip.src=127.0.0.0
		bad_source ip.src=127.255.255.255
		joined     ip.src=128.0.0.0
		joined     ip.src=223.255.255.255
		bad_source ip.src=224.0.0.0
		bad_source ip.src=239.2.3.4
		bad_source ip.src=239.255.255.255
		joined     ip.src=240.0.0.0
		joined     ip.src=255.255.255.254
		bad_source ip.src=255.255.255.255
	EOF
}

@test "a host without an address may send only to a group of the segment" {
	judged --group 224.0.0.9 <<-EOF
		joined     ip.dst=224.0.0.9 ip.src=0.0.0.0
		bad_source ip.dst=224.0.0.9 ip.src=127.0.0.1
		not_ours   ip.src=0.0.0.0
	EOF
	judged --group 224.0.1.9 <<-EOF
		bad_source ip.dst=224.0.1.9 ip.src=0.0.0.0
	EOF
}

@test "source port, TTL, identification and type of service do not matter" {
	judged <<-EOF
		+ sweep udp.src
		= joined 0..65535
		+ sweep ip.ttl
		= joined 0..255
		+ sweep ip.id
		= joined 0..65535
		+ sweep ip.tos
		= joined 0..255
	EOF
}

@test "frames of other types and protocols are not ours" {
	local mdns6=3333000000fb0e874e057e3c86dd6000000000201101fe800000000000000c874efffe057e3c
	mdns6+=ff0200000000000000000000000000fb14e9bf6900200000${WIRE: -36}
	judged <<-EOF
		+ sweep eth.type
		= not_ours 0..2047
		= joined 2048
		= not_ours 2049..65535
		+ sweep ip.proto
		= not_ours 0..16
		= joined 17
		= not_ours 18..255
		+ raw ffffffffffff0e874e057e3c080600010800060400010e874e057e3c0a4d00020000000000000a4d0001
		= not_ours
		+ raw $mdns6
		= not_ours
		+ raw 0180c20000000e874e057e3c0026424203000000000000000e874e057e3c0000
		= not_ours
	EOF
}

@test "another group is not ours, by whichever bit it differs" {
	local bit
	for bit in {0..31}; do
		printf 'not_ours ip.dst=0x%x\n' $((0xef020304 ^ 1 << bit))
	done | judged
	judged <<-EOF
		not_ours ip.dst=10.77.0.1
		not_ours ip.dst=10.77.0.255
		not_ours ip.dst=255.255.255.255
	EOF
}

@test "another port is not ours, whichever it is" {
	judged <<-EOF
		+ sweep udp.dst
		= not_ours 0..49000
		= joined 49001
		= not_ours 49002..65535
	EOF
}

@test "group and port are settings" {
	local port
	for port in 1 255 256 5353 65535; do
		judged --port "$port" --group 224.0.0.251 <<-EOF
			joined ip.dst=224.0.0.251 udp.dst=$port
			not_ours udp.dst=$port
			not_ours ip.dst=224.0.0.251
		EOF
	done
}

@test "a bit that flips anywhere behind the addresses of Ethernet records nothing" {
	local hook
	for hook in xdp tc; do
		for fields in "" "name.bytes=1" "name.bytes=8" "name.bytes=63"; do
			testrun "$hook" --anew <<<"sweep flip $fields" >"$T/said"
			awk '{ split($3, range, /\.\./) } range[1] >= 96' "$T/said" >"$T/behind"
			[ -s "$T/behind" ]
			if grep -wE 'joined|refreshed|moved|returned|own' "$T/behind"; then return 1; fi
		done
	done
}
