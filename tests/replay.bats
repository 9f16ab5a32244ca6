#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Sealed messages that an attacker has captured and sends again. Each way is here, with what becomes of it: the message
# is rejected and changes nothing, or it is accepted, and then rollcall(8) says that this is possible.

load helper
load sealed

# table: print the entries, without the order, and without the hints of bpftool
table() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq -S '[.[].formatted] | sort_by(.key.hostname, .key.ifindex)'; }

# rejected OUTCOME CMD...: CMD sends one message, which is counted as OUTCOME and changes no entry
rejected() {
	local name=$1 count
	count=$(outcomes "$name")
	table >"$T/before"
	"${@:2}"
	await has_outcomes $((count + 1)) "$name"
	diff "$T/before" <(table)
}
# accepted OUTCOME CMD...: the same, but it is recorded
accepted() {
	local name=$1 count
	count=$(outcomes "$name")
	"${@:2}"
	await has_outcomes $((count + 1)) "$name"
}

# become HOST OTHER [IFACE]: HOST takes the IPv4 address of OTHER, but has its own MAC address
become() {
	on "$2" ip addr flush dev eth0 scope global
	on "$1" ip -batch - <<-EOF2
		addr flush dev ${3:-eth0} scope global
		addr add $(address_of "$2")/24 dev ${3:-eth0}
	EOF2
}
# replay MESSAGE [IFACE]: node-c sends a message of node-b from the address of node-b
replay() { on node-c datagram "${2:-eth0}" 10.77.0.2 "$1"; }

# begin [OPTION...]: node-a has recorded node-b; node-c has captured the message, $M, and takes the address
begin() {
	lan node-a node-b node-c
	attach_with_keys node-a "$@"
	M=$(sealed node-b node-b)
	accepted joined send node-b "$M"
	become node-c node-b
}

@test "within the window: rejected, because the sequence is not greater, also that of a message that was lost" {
	local lost
	lan node-a node-b node-c
	attach_with_keys node-a
	lost=$(sealed node-b node-b)
	M=$(sealed node-b node-b)
	accepted joined send node-b "$M"
	become node-c node-b
	rejected stale replay "$M"
	rejected stale replay "$lost"
	accepted refreshed replay "$(sealed node-b node-b)" # a newer one is refreshed
	rejected stale replay "$M"
}

@test "after the window: rejected, because of its time, also if there is no entry" {
	begin
	pass_time 11s node-b
	rejected stale replay "$M"
	peer "$ROLLCALL_PIN_DIR" remove node-b
	rejected stale replay "$M"
}

@test "after the expiry, before and after the sweep: rejected" {
	begin --keep
	stop loader-node-a
	pass_time 40s node-b
	[ "$(peers)" = "" ]
	rejected stale replay "$M"
	attach_with_keys node-a
	await has_no_entry node-b
	pass_time 40s # the loader has written the real difference
	rejected stale replay "$M"
	[ "$(peers)" = "" ]
}

@test "after a goodbye: announcement and goodbye are rejected, by the tombstone and then because of their time" {
	local bye
	begin
	bye=$(goodbye node-b node-b)
	accepted left replay "$bye"
	rejected stale replay "$M"
	rejected stale replay "$bye"
	[ "$(peers)" = "" ]
	pass_time 34s node-b
	rejected stale replay "$M"
	peer "$ROLLCALL_PIN_DIR" remove node-b
	rejected stale replay "$M"
	rejected stale replay "$bye"
}

@test "a goodbye after the host has returned: rejected" {
	local bye
	begin
	bye=$(goodbye node-b node-b)
	accepted left replay "$bye"
	accepted returned replay "$(sealed node-b node-b)"
	rejected stale replay "$bye"
	[ "$(peers)" = node-b ]
}

@test "after a restart of the loader, also after kill -9: rejected" {
	begin
	stop loader-node-a HUP
	attach_with_keys node-a
	rejected stale replay "$M"
	stop loader-node-a KILL || :
	rejected stale replay "$M"
	attach_with_keys node-a
	rejected stale replay "$M"
}

@test "without a loader: rejected, within the window and after it" {
	begin --keep
	stop loader-node-a
	rejected stale replay "$M"
	pass_time 11s node-b
	rejected stale replay "$M"
}

@test "on an interface that was deleted and created again: rejected, because the entry keeps its sequence" {
	begin
	ip -n "$ID-node-a" link del eth0
	ip -n "$ID-node-a" -batch - <<-EOF2
		link add eth0 type veth peer name port1 netns $LAN
		addr add 10.77.0.1/24 dev eth0
		link set eth0 up
	EOF2
	ip -n "$LAN" link set port1 master lan0 up
	await has_line loader-node-a 'eth0: interface is present again'
	is_carried
	rejected stale replay "$M"
	accepted refreshed replay "$(sealed node-b node-b)"
}
is_carried() {
	[ "$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq '.[].formatted.key.ifindex')" = \
		"$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')" ]
}

@test "from another source address, and over the other family: rejected, because the seal covers the address" {
	lan node-a node-b node-c
	attach_with_keys node-a
	M=$(sealed node-b node-b)
	rejected bad_seal on node-c datagram eth0 10.77.0.3 "$M"
	rejected bad_seal on node-c datagram eth0 "$(link_local node-c)" "$M"
	accepted joined send node-b "$M"
	rejected bad_seal on node-c datagram eth0 10.77.0.3 "$M"
}
link_local() { on "$1" ip -j -6 addr show dev eth0 scope link | jq -r '.[].addr_info[0].local'; }

@test "with another hostname, flag, key or sequence: rejected, because the seal covers them" {
	begin
	rejected bad_seal replay "${M%62}63"                # node-c
	rejected bad_seal replay "${M:0:20}01${M:22}"       # a goodbye
	rejected bad_seal replay "${M:0:37}$((${M:37:1} ^ 1))${M:38}" # a sequence
	keyfile "$KEY1" "$KEY2"
	await has_key_ids '1 2'
	rejected bad_seal replay "${M:0:22}02${M:24}"       # the other key
}

@test "a step of this host's clock ahead and back: rejected" {
	begin
	set_clock ahead 1h
	rejected stale replay "$M"
	set_clock back 1h
	rejected stale replay "$M"
	set_clock back 1h
	rejected stale replay "$M"
}

@test "a step of the sender's clock back by less than the window: the host stays listed, and is received when it has caught up" {
	begin
	rejected stale replay "$(sealed node-b node-b --sequence -5000)"
	[ "$(peers)" = node-b ]
	pass_time 6s node-b
	accepted refreshed replay "$(sealed node-b node-b --sequence +1000)"
}

@test "a step of the sender's clock ahead by less than the window: its messages are rejected until it has caught up" {
	local ahead
	begin
	ahead=$(sealed node-b node-b --sequence +5000)
	accepted refreshed replay "$ahead"
	rejected stale replay "$(sealed node-b node-b)"
	rejected stale replay "$ahead"
	pass_time 6s node-b
	accepted refreshed replay "$(sealed node-b node-b --sequence +6000)"
	rejected stale replay "$ahead"
}

@test "possible: after a step of this host's clock back, a message from that time" {
	local old
	begin
	old=$(sealed node-b node-b --sequence -3600000)
	rejected stale replay "$old"
	set_clock back 1h
	accepted refreshed replay "$old"
}

@test "possible: within the window, onto a table that has no entry: another interface, --replace, an eviction" {
	begin
	peer "$ROLLCALL_PIN_DIR" remove node-b
	accepted joined replay "$M"
	attach_with_keys_again --replace --max-skew 1m --expiry 3m
	accepted joined replay "$M"
	pass_time 61s
	attach_with_keys_again --replace
	pass_time 61s
	rejected stale replay "$M" # after the window it is rejected there too
	attach_with_keys_again
	second_lan node-a node-c
	start second on node-a rollcall attach eth1 --key "$T/keys"
	await is_loader_of 1 second
	become node-c node-b eth1
	M=$(sealed node-b node-b)
	accepted refreshed replay "$M"
	accepted joined replay "$M" eth1
	[ "$(peers)" = 'node-b node-b' ]
	# a goodbye there writes nothing
	peer "$ROLLCALL_PIN_DIR" remove node-b
	rejected goodbye_ignored replay "$(goodbye node-b node-b)" eth1
}
attach_with_keys_again() {
	stop loader-node-a HUP
	attach_with_keys node-a "$@"
}

@test "possible: on another interface with the same key, a newer message moves or removes the entry until the next one" {
	lan node-a node-b node-c
	second_lan node-a node-b node-c
	keyfile "$KEY1"
	start loader-node-a on node-a rollcall attach eth0 eth1 --key "$T/keys"
	await is_loader_of 1 loader-node-a
	accepted joined on node-b datagram eth1 10.78.0.2 "$(seal --key "$KEY1" 10.78.0.2 node-b)"
	M=$(sealed node-b node-b)
	accepted joined send node-b "$M"
	become node-c node-b eth1
	accepted moved replay "$M" eth1
	rejected stale replay "$M" eth1
	accepted moved on node-b datagram eth1 10.78.0.2 "$(seal --key "$KEY1" 10.78.0.2 node-b)"
	on node-b ip addr add 10.77.0.2/24 dev eth0
	M=$(goodbye node-b node-b)
	accepted left send node-b "$M"
	accepted left replay "$M" eth1
	accepted returned on node-b datagram eth1 10.78.0.2 "$(seal --key "$KEY1" 10.78.0.2 node-b)"
}

@test "possible: the MAC address of a message that was not received yet is that of the attacker" {
	lan node-a node-b node-c
	attach_with_keys node-a
	M=$(sealed node-b node-b)
	become node-c node-b
	accepted joined replay "$M"
	[ "$(peer_field node-b lladdr)" = "$(on node-c ip -j link show eth0 | jq -r '.[0].address')" ]
}
