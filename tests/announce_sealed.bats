#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What announcers send with a key, and goodbyes. examples/sealed.py checks each message.

load helper
load announced

# two hosts; the second has a listener for each family
setup_more() {
	lan node-a node-b
	start listener on node-b listener eth0
	start listener6 on node-b listener -6 eth0
	await has_line listener listening
	await has_line listener6 listening
	key_file keys 7 3
}

# begins NAME CMD...: start CMD on node-a, and wait until it has announced over both families
begins() {
	start "$1" on node-a "${@:2}"
	await has_line listener node-a
	await has_line listener6 node-a
}

# goodbyes N LISTENER: the listener has received N goodbyes
goodbyes() { [ "$(messages_of "$2" "$T/keys" | grep -c goodbye)" = "$1" ]; }

# plain_after: send a plain announcement, and wait until it is received: then the other datagrams were received too
plain_after() {
	on node-a rollcall announce -q eth0 --count 1 --hostname after
	await has_line listener ': multitastic:after$'
	await has_line listener6 ': multitastic:after$'
}

link_local() { ip -n "$ID-node-a" -6 -o addr show dev "${1:-eth0}" scope link | sed -nE 's/.*inet6 ([^/]+).*/\1/p'; }

@test "with a key each announcement is sealed with the first key of the file, over both families" {
	begins announcer rollcall announce eth0 --key "$T/keys" --interval 100ms
	await eval '[ "$(messages_of listener "$T/keys" | wc -l)" -ge 5 ]'
	run ! grep -h multitastic "$(out listener)" "$(out listener6)"
	messages_of listener "$T/keys" | grep -vE '^10\.77\.0\.1 announcement key 7 good sequence [0-9]+ node-a$' && false
	messages_of listener6 "$T/keys" | grep -vE "^$(link_local)%eth0 announcement key 7 good sequence [0-9]+ node-a\$" && false
	has_line announcer '^rollcall: announcing node-a every 100ms on eth0 \(10\.77\.0\.1, fe80::[0-9a-f:]+\), sealed with key 7$'
}

@test "sequences are the clock in microseconds, and each is greater than the last one of its process" {
	local now
	on node-a rollcall announce -q eth0 --key "$T/keys" --count 3 --interval 100ms
	await received listener6 "$T/keys" announcement
	plain_after
	now=$(date +%s)
	{ messages_of listener "$T/keys"; messages_of listener6 "$T/keys"; } | sed -E 's/.* sequence ([0-9]+) .*/\1/' >"$T/sequences"
	[ "$(sort -u "$T/sequences" | wc -l)" = 6 ]
	[ "$(wc -l <"$T/sequences")" = 6 ]
	head -3 "$T/sequences" | sort -nc
	while read -r sequence; do ((sequence / 1000000 <= now && sequence / 1000000 > now - 100)); done <"$T/sequences"
}

@test "the seal covers the address that the message is sent from, also if an interface has many" {
	ip -n "$ID-node-a" -batch - <<-EOF
		addr add 10.77.9.9/24 dev eth0
		addr add 10.77.0.77/24 dev eth0
		addr add fd00:77::1/64 dev eth0 nodad
		addr add fe80::77/64 dev eth0 nodad
	EOF
	on node-a rollcall announce -q eth0 --key "$T/keys" --count 1
	await received listener "$T/keys" '^10\.77\.0\.1 announcement key 7 good'
	await received listener6 "$T/keys" '^fe80::.*%eth0 announcement key 7 good'
	# no link-local address: the kernel sends from the address of the network, and so does the announcer
	ip -n "$ID-node-a" -6 addr flush dev eth0 scope link
	on node-a rollcall announce -q eth0 --key "$T/keys" --count 1 --hostname global
	await received listener6 "$T/keys" '^fd00:77::1 announcement key 7 good .* global$'
}

@test "names of each length are sealed" {
	local length name=x
	for length in {1..64}; do
		on node-a rollcall announce -q -4 eth0 --key "$T/keys" --count 1 --hostname "$(printf "%${length}s" '' | tr ' ' n)"
	done
	plain_after
	[ "$(messages_of listener "$T/keys" | grep -c ' good ')" = 64 ]
}

@test "rollcall-announce sends the same, and --also-plain adds the plain announcement from the same address" {
	on node-a rollcall-announce -q eth0 --key "$T/keys" --also-plain --count 1
	await received listener "$T/keys" '^10\.77\.0\.1 announcement key 7 good'
	await received listener6 "$T/keys" '^fe80::.*%eth0 announcement key 7 good'
	await has_line listener '^10\.77\.0\.1 .*: multitastic:node-a$'
	await has_line listener6 '^fe80::.*: multitastic:node-a$'
	plain_after
	[ "$(lines_with listener ':node-a$')" = 1 ]
	[ "$(lines_with listener node-a)" = 2 ]
}

@test "attach --announce seals with the same key file, and sends a goodbye when it stops" {
	attach_on node-a --announce --key "$T/keys" --also-plain
	await received listener "$T/keys" '^10\.77\.0\.1 announcement key 7 good'
	await received listener6 "$T/keys" '^fe80::.*%eth0 announcement key 7 good'
	await has_line listener6 ': multitastic:node-a$'
	stop loader-node-a
	await received listener "$T/keys" '^10\.77\.0\.1 goodbye key 7 good .* node-a$'
	await received listener6 "$T/keys" '^fe80::.*%eth0 goodbye key 7 good .* node-a$'
}

@test "announce sends a goodbye on SIGINT and SIGTERM, once per interface and family, sealed and newer" {
	local signal count=0
	for signal in INT TERM; do
		begins announcer rollcall announce eth0 --key "$T/keys"
		await has_line announcer announcing
		stop announcer "$signal"
		count=$((count + 1))
		await goodbyes "$count" listener
		await goodbyes "$count" listener6
	done
	messages_of listener "$T/keys" | tail -1 | grep -qE '^10\.77\.0\.1 goodbye key 7 good sequence [0-9]+ node-a$'
	messages_of listener "$T/keys" | sed -E 's/.* sequence ([0-9]+) .*/\1/' | sort -nc
	plain_after
	goodbyes 2 listener
	goodbyes 2 listener6
}

@test "without a key a goodbye has no seal, and rollcall-announce sends it too" {
	begins announcer rollcall-announce eth0
	await has_line announcer announcing
	stop announcer
	await received listener "$T/keys" '^10\.77\.0\.1 goodbye key 0 none sequence [0-9]+ node-a$'
	await received listener6 "$T/keys" '^fe80::.*%eth0 goodbye key 0 none sequence [0-9]+ node-a$'
}

@test "there is no goodbye after --count, on SIGHUP, and where this host was not announced" {
	on node-a rollcall announce -q eth0 --count 1
	begins announcer rollcall announce eth0
	await has_line announcer announcing
	stop announcer HUP || [ $? = 129 ]
	plain_after
	on node-a ip link add eth8 type veth peer name eth9
	on node-a ip link set eth8 up
	start announcer on node-a rollcall announce eth8
	await has_line announcer 'cannot announce'
	stop announcer
	reported 1 announcer
	goodbyes 0 listener
	goodbyes 0 listener6
}

@test "attach sends a goodbye also with --keep, and when the last interface is detached, but not on SIGHUP" {
	attach_on node-a --announce
	await has_line listener ': multitastic:node-a$'
	stop loader-node-a HUP
	plain_after
	goodbyes 0 listener
	attach_on node-a --announce --keep
	await has_line loader-node-a announcing
	stop loader-node-a
	await goodbyes 1 listener
	await goodbyes 1 listener6
	attach_on node-a --announce
	await has_line loader-node-a announcing
	on node-a rollcall detach eth0
	ends_with 0 loader-node-a
	await goodbyes 2 listener
	await goodbyes 2 listener6
}

@test "attach sends a goodbye on an interface that is detached, and goes on announcing on the others" {
	second_lan node-a node-b
	stop listener || :
	start second on node-b listener eth1 # over IPv4, and listener6 is on eth0
	await has_line second listening
	start loader on node-a rollcall attach eth0 eth1 --announce --interval 100ms
	await has_line listener6 ': multitastic:node-a$'
	await has_line second ': multitastic:node-a$'
	on node-a rollcall detach eth1
	await received second "$T/keys" '^10\.78\.0\.1 goodbye key 0 none'
	await has_line loader 'eth1: detached by another process'
	local before
	before=$(lines_with listener6 node-a)
	await eval "[ \$(lines_with listener6 node-a) -gt $((before + 1)) ]"
	goodbyes 0 listener6
}

@test "a goodbye is for the name that was announced last" {
	begins announcer rollcall announce eth0 --interval 100ms
	on node-a hostname renamed
	await has_line listener ':renamed$'
	await has_line listener6 ':renamed$'
	on node-a sh -c 'echo never,announced >/proc/sys/kernel/hostname'
	await has_line announcer 'cannot be announced'
	stop announcer
	await received listener "$T/keys" '^10\.77\.0\.1 goodbye .* renamed$'
	await received listener6 "$T/keys" '^fe80::.* goodbye .* renamed$'
}

@test "a goodbye that cannot be sent is only reported with -v, and the exit status is 0" {
	begins announcer rollcall announce eth0 -v
	on node-a ip link set eth0 down
	stop announcer
	has_line announcer "^rollcall: no goodbye of node-a on 'eth0': Network is down$"
}

@test "wrong usages of --key, --also-plain and --prefix" {
	fails_with 2 '--also-plain requires --key' rollcall announce eth0 --also-plain
	fails_with 2 '--also-plain requires --key' rollcall-announce eth0 --also-plain
	fails_with 2 '--also-plain requires --announce' rollcall attach eth0 --also-plain --key "$T/keys"
	fails_with 2 '--also-plain requires --key' rollcall attach eth0 --also-plain --announce
	fails_with 2 '--prefix has no effect on sealed announcements' rollcall announce eth0 --key "$T/keys" --prefix x:
	local options
	for options in '' --announce; do
		fails_with 2 '--prefix has no effect on sealed announcements: leave it out, or add --accept-unsealed or --also-plain' \
			rollcall attach eth0 $options --key "$T/keys" --prefix x:
	done
	fails_with 2 "--key: '' is not the name of a file" rollcall announce eth0 --key ''
	local prefix
	for prefix in rollcall1: r rollcall1 rollcall1:x; do
		fails_with 2 "--prefix: '$prefix' is not free: messages begin with 'rollcall1:'" rollcall announce eth0 --prefix "$prefix"
		fails_with 2 "--prefix: '$prefix' is not free" rollcall attach eth0 --prefix "$prefix"
	done
	on node-a rollcall announce -4 -q eth0 --count 1 --prefix rollcall2:
	fails_with 1 "^rollcall: key file '$T/none': cannot be opened: No such file or directory \(make one with 'rollcall genkey'\)" \
		on node-a rollcall announce eth0 --key "$T/none"
}
