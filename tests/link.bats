#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Real frames on a real link have the same outcome in every mode. Native and generic XDP see a frame as it was received;
# tcx and clsact see it as the network stack has changed it.

load helper
load frames # WIRE: node-b at 10.77.0.2

# wire node-a node-b: make hosts as lan does, but without a bridge: a bridge removes the first VLAN tag from a frame,
# and passes it in the metadata of the frame
wire() {
	local number
	lan "$@"
	for number in 1 2; do ip -n "$LAN" link del "port$number"; done
	ip -n "$ID-$1" link add eth0 type veth peer name eth0 netns "$ID-$2"
	for number in 1 2; do
		ip -n "$ID-${!number}" addr add "10.77.0.$number/24" dev eth0
		ip -n "$ID-${!number}" link set eth0 up
	done
	for number in 1 2; do await is_settled "${!number}" eth0; done
}

# each_mode TEST: run TEST in each mode, with a new table and a loader of node-a
each_mode() {
	local mode
	[ "${LAN:-}" ] || wire node-a node-b
	for mode in "${MODES[@]}"; do
		echo "mode $mode"
		attach_on node-a --mode "$mode" "${@:2}"
		[ "$(rollcall status -j | jq -r '.interfaces[0].mode')" = "$mode" ]
		"$1"
		stop loader-node-a
	done
}

mac_of() { ip -n "$ID-$1" -j link show dev eth0 | jq -r '.[].address'; }
link_local() { ip -n "$ID-$1" -6 -j addr show dev eth0 scope link | jq -r '.[].addr_info[]?.local // empty'; }
inject() { on node-b inject eth0 "$@"; }
call() { on "$1" rollcall announce eth0 --count 1 "${@:2}"; }

# outcomes: print the outcomes that occurred, as "joined 2 refreshed 1"
outcomes() {
	rollcall status -j |
		jq -r '.interfaces[0].outcomes | to_entries | map(select(.value > 0) | "\(.key) \(.value)") | join(" ")'
}
outcomes_are() { [ "$(outcomes)" = "$1" ] || { outcomes >"$T/outcomes.out" && false; }; }

outcomes_are_one_of() {
	local wanted
	for wanted; do ! outcomes_are "$wanted" || return 0; done
	return 1
}

# to MAC: print the known frame with that destination
to() { echo "${1//:/}${WIRE:12}"; }
# tagged TAG...: print the known frame with these VLAN tags; each TAG is a type and a value, as 81000005
tagged() {
	local tags
	printf -v tags %s "$@"
	echo "${WIRE:0:24}$tags${WIRE:24}"
}

real_announcements() {
	call node-b
	await outcomes_are 'joined 2'
	[ "$(rollcall get -4 node-b)" = 10.77.0.2 ]
	[ "$(rollcall get -6 node-b)" = "$(link_local node-b)%eth0" ]
	rollcall peers -j | jq -e --arg mac "$(mac_of node-b)" 'map(.lladdr) == [$mac, $mac]'
	call node-b
	call node-b --hostname node-a
	call node-b --prefix other:
	await outcomes_are 'joined 2 refreshed 2 own 2 bad_prefix 2'
	# frames to other ports and groups are not counted
	call node-b --port 49002
	call node-b --group 239.2.3.5 --group6 ff02::ef02:305
	call node-b --hostname last
	await outcomes_are 'joined 4 refreshed 2 own 2 bad_prefix 2'
	inject "$WIRE" "${WIRE/bf69bf69001a07e5/bf69bf69001a07e6}"
	await outcomes_are 'joined 4 refreshed 3 own 2 bad_prefix 2 bad_udp_checksum 1'
}

@test "real announcements over both families have the same outcomes in every mode" { each_mode real_announcements; }

own_announcements() {
	call node-a
	call node-a --hostname other
	call node-b
	call node-b --hostname last
	await outcomes_are 'joined 4'
	[ "$(peers)" = 'last last node-b node-b' ]
	reported 0 loader-node-a
	await eval '[ "$(lines_with loader-node-a " join ")" = 4 ]'
	[ "$(lines_with loader-node-a '^[^r]')" = 4 ]
}

@test "what this host sends is never recorded or counted, under any name, in any mode" {
	each_mode own_announcements --announce
}

foreign_vlan() {
	inject "$(tagged 81000005)" "$(tagged 88a80005)" "$(tagged 81006fff)" "$(tagged 81000000 81000005)" \
		"$(tagged 88a80005 81000000)"
	await outcomes_are 'foreign_vlan 5'
	[ "$(peers)" = "" ]
	inject "$WIRE"
	await outcomes_are 'joined 1 foreign_vlan 5'
}

@test "frames tagged for a VLAN are not recorded on the parent in any mode" { each_mode foreign_vlan; }

priority_tag() {
	inject "$(tagged 81000000)" "$(tagged 8100e000)" "$(tagged 88a80000)" "$(tagged 81000000 8100e000)"
	await outcomes_are 'joined 1 refreshed 3'
	[ "$(rollcall get node-b)" = 10.77.0.2 ]
	[ "$(peer_field node-b lladdr)" = 0e:87:4e:05:7e:3c ]
}

# tag_beside: a bridge passes the tag in the metadata of the frame, as a NIC does that removes tags
tag_beside() {
	inject "$(tagged 81000005)"
	if [[ $mode = native || $mode = generic ]]; then
		await outcomes_are 'joined 1'
	else
		await outcomes_are 'foreign_vlan 1'
	fi
}

@test "a VLAN tag that was removed before is seen only in tcx and clsact mode" {
	lan node-a node-b
	each_mode tag_beside
}

@test "a priority tag is no VLAN: such frames are recorded in every mode" { each_mode priority_tag; }

@test "a VLAN device is attached to itself, and receives its own VLAN" {
	local host
	wire node-a node-b
	for host in node-a node-b; do
		ip -n "$ID-$host" link add link eth0 name vlan5 type vlan id 5 2>/dev/null ||
			skip "this kernel has no VLAN devices"
		ip -n "$ID-$host" link set vlan5 up
	done
	ip -n "$ID-node-b" addr add 10.79.0.2/24 dev vlan5
	start loader on node-a rollcall attach vlan5
	await is_loader_of 0 loader
	announce_from node-b --hostname untagged
	on node-b rollcall announce -4 vlan5 --count 1
	await lists node-b
	[ "$(peers)" = node-b ]
	[ "$(peer_field node-b interface)" = vlan5 ]
}

# destinations: the Ethernet destination is the group, broadcast, this host, or another host
destinations() {
	local mac other=02:00:00:00:00:01
	mac=$(mac_of node-a)
	inject "$(to "$mac")"
	await outcomes_are 'joined 1'
	inject "$(to ff:ff:ff:ff:ff:ff)" "$(to 01:00:5e:00:00:01)"
	await outcomes_are 'joined 1 refreshed 2'
	inject "$(to "${mac%?}$(printf %x $((0x${mac: -1} ^ 1)))")" "$(to 02:00:00:00:00:02)"
	await outcomes_are 'joined 1 refreshed 2 other_host 2'
	# the record is updated when the address of the interface changes
	ip -n "$ID-node-a" link set dev eth0 address "$other"
	await recorded "$other"
	inject "$(to "$other")" "$(to "$mac")"
	await outcomes_are 'joined 1 refreshed 3 other_host 3'
	ip -n "$ID-node-a" link set dev eth0 address "$mac"
	await recorded "$mac"
	inject "$(to "$mac")" "$(to "$other")"
	await outcomes_are 'joined 1 refreshed 4 other_host 4'
}

recorded() {
	[ "$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/interfaces" |
		jq -r '.[0].formatted.value.lladdr | map(tostring) | join(" ")')" = \
		"$(for byte in ${1//:/ }; do echo $((0x$byte)); done | paste -sd' ')" ]
}

@test "a frame to another host's MAC is rejected in every mode, also after ours was changed" { each_mode destinations; }

widen() {
	ip -n "$ID-node-a" link set eth0 mtu 9000
	ip -n "$ID-node-b" link set eth0 mtu 9000
	on node-b ip route add 239.0.0.0/8 dev eth0
	{ printf multitastic: && head -c 8000 /dev/zero | tr '\0' x; } >"$T/jumbo"
}

jumbo() {
	[ -e "$T/jumbo" ] || widen
	call node-b
	await outcomes_are 'joined 2'
	on node-b bash -c "dd if='$T/jumbo' bs=9000 status=none >/dev/udp/239.2.3.4/49001"
	# the name is longer than a page; XDP sees only the first page, but older kernels linearize a frame for generic
	# XDP
	case $mode in
	native) await outcomes_are 'joined 2 bad_ip_length 1' ;;
	generic) await outcomes_are_one_of 'joined 2 bad_ip_length 1' 'joined 2 name_too_long 1' ;;
	*) await outcomes_are 'joined 2 name_too_long 1' ;;
	esac
}

@test "on a link of jumbo frames announcements are recorded in every mode, a jumbo datagram is not" { each_mode jumbo; }

@test "an interface whose frames are jumbo is attached to in native mode" {
	wire node-a node-b
	widen
	attach_on node-a --mode native
	[ "$(rollcall status -j | jq -r '.interfaces[0].mode')" = native ]
	call node-b
	await outcomes_are 'joined 2'
}

own_address() {
	call node-b
	await outcomes_are 'joined 2'
	ip -n "$ID-node-a" addr add 10.77.0.2/32 dev lo
	await lists_4_not node-b
	rollcall peers -6 -j | jq -e 'map(.hostname) == ["node-b"]'
	announce_from node-b
	announce_from node-b --hostname newcomer
	await outcomes_are 'joined 2 bad_source 2'
	ip -n "$ID-node-a" addr del 10.77.0.2/32 dev lo
	await not_own_address 10.77.0.2
	announce_from node-b
	await outcomes_are 'joined 3 bad_source 2'
	[ "$(rollcall get -4 node-b)" = 10.77.0.2 ]
}

lists_4_not() { ! rollcall get -4 "$1"; }

@test "an address that is this host's own is no source while it is, in every mode" { each_mode own_address; }

@test "an announcement from an address that this host had from the beginning is rejected" {
	wire node-a node-b
	ip -n "$ID-node-a" addr add 10.77.0.2/32 dev lo
	attach_on node-a
	call node-b
	await outcomes_are 'joined 1 bad_source 1'
	[ "$(rollcall peers -j | jq -c 'map(.family)')" = '[6]' ]
}

# one_family: with -4 or -6, a frame of the other family has no outcome
one_family() {
	call node-b
	await outcomes_are 'joined 1'
	call node-b
	await outcomes_are 'joined 1 refreshed 1'
	[ "$(rollcall peers -j | jq -c 'map(.family)')" = "[$1]" ]
}
only_ipv4() { one_family 4; }
only_ipv6() { one_family 6; }

@test "attach -4 records nothing over IPv6, in every mode" { each_mode only_ipv4 -4; }
@test "attach -6 records nothing over IPv4, in every mode" { each_mode only_ipv6 -6; }

consume() {
	start listener4 on node-a listener eth0
	start listener6 on node-a listener -6 eth0
	await has_line listener4 listening
	await has_line listener6 listening
	call node-b # joined
	call node-b # refreshed
	call node-b --hostname node-a # own
	peer "$ROLLCALL_PIN_DIR" age node-b 33
	call node-b # refreshed: the entry is rewritten
	call node-b --prefix other:
	call node-b --hostname last
	call node-b --prefix done:
	await has_line listener4 ': done:node-b$'
	await has_line listener6 ': done:node-b$'
	[ "$(sed -n 's/.* bytes [0-9]*: //p' "$(out listener4)" | paste -sd' ')" = 'other:node-b done:node-b' ]
	[ "$(sed -n 's/.* bytes [0-9]*: //p' "$(out listener6)" | paste -sd' ')" = 'other:node-b done:node-b' ]
	outcomes_are 'joined 4 refreshed 4 own 2 bad_prefix 4'
	stop listener4 || true
	stop listener6 || true
}

# merges: eth0 of node-a waits a moment for further datagrams of a sender, and merges them (GRO)
merges() {
	on node-a ethtool -K eth0 gro on rx-udp-gro-forwarding on
	in_lan ethtool -K port1 tso off # otherwise the veth passes the frames of the port without GRO
	on node-a unshare --mount sh -c 'mount -t sysfs sysfs /sys && cd /sys/class/net/eth0 &&
		echo 1 >napi_defer_hard_irqs && echo 20000000 >gro_flush_timeout'
}

@test "with --consume datagrams that were merged behind the first still reach a listener" {
	lan node-a node-b
	merges
	start listener on node-a listener eth0
	await has_line listener listening
	attach_on node-a --mode "$TC" --consume
	ip -n "$ID-node-b" route add 239.2.3.4/32 dev eth0
	on node-b bash -c 'exec 3>/dev/udp/239.2.3.4/49001 && printf multitastic:aa >&3 && printf multitastic:bb >&3'
	await has_line listener ': multitastic:bb$'
	lists aa
	outcomes_are 'joined 1'
}

segments() {
	local names=multitastic:aamultitastic:bb
	names=$(printf %s "$names" | od -An -v -tx1 | tr -d ' \n')
	on node-b datagram --segment 14 eth0 10.77.0.2 "$names"
	on node-b datagram --segment 14 eth0 "$(link_local node-b)" "$names"
	await outcomes_are 'joined 2'
	lists aa
}

# the sender's kernel passes them on as GRO would, with all of the payload behind the first part of the buffer
@test "of merged datagrams the first is recorded if only the headers are in the first part of the buffer" {
	local MODES
	mapfile -t MODES < <(printf '%s\n' "$TC" clsact | sort -u)
	each_mode segments
}

@test "with --consume a listener receives only what was not recorded, over both families in every mode" {
	each_mode consume --consume
}
