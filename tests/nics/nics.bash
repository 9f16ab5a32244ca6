# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The tests of `make test-nics`, each a function; tests/nics/prepare gives it a title per card and mode. The host node-a
# has the card $CARD as its eth0, node-b has the sender's, which is a virtio card. Both are in namespaces at
# /cards, which outlive a test: teardown_more sets back what a failed test left.

GROUP4=01:00:5e:02:03:04 GROUP6=33:33:ef:02:03:04

# It is more than the expiry: 'status' has noticed by then that announcements stopped.
AWAIT_SECONDS=50

setup_more() {
	mkdir -p /run/netns
	card_join node-a "$CARD"
	card_join node-b sender
	await link_is_up
}

teardown_more() { set_back >/dev/null 2>&1 || true; }

set_back() {
	for_a rollcall detach eth0
	for_a tc qdisc del dev eth0 clsact
	for_a ip link set eth0 promisc off allmulticast off mtu 1500 up
	on node-b ip link set eth0 mtu 1500
	remove_membership
	restore_offload lro large-receive-offload
	restore_offload rx-gro-hw rx-gro-hw
}

# card_join HOST CARD
card_join() {
	HOSTS+=("$1")
	: >"/run/netns/$ID-$1"
	mount --bind "/cards/$2" "/run/netns/$ID-$1"
	name_host "$1"
}

for_a() { on node-a "$@"; }

# restore_offload SHORT LONG: as it was when the machine started
restore_offload() {
	local before
	before=$(sed -nE "s/^$2: (on|off).*/\1/p" "/cards/$CARD.offloads")
	for_a ethtool -k eth0 | grep "^$2: $before" || for_a ethtool -K eth0 "$1" "$before"
}

offloads() { for_a ethtool -k eth0; }
# ip netns exec, because /sys is of the namespace that mounted it
carrier_changes() { ip netns exec "$ID-node-a" cat /sys/class/net/eth0/carrier_changes; }
link_is_up() { [[ $(for_a ip link show eth0) = *LOWER_UP* ]] && is_settled node-a eth0; }

# attach MODE: on node-a, in that mode; a driver may reset the link for it. The sender has many names.
attach() {
	attach_on node-a --mode "$1" --names-per-source 0
	[ "$1" = auto ] || mode_is "$1"
	await link_is_up
}

mode_is() { [ "$(rollcall status -j | jq -r '.interfaces[0].mode')" = "$1" ]; }

# call NAME: one announcement over IPv4 and one over IPv6
call() { on node-b rollcall announce eth0 --count 1 --hostname "$1"; }

both_received() { [ "$(rollcall peers -j "$1" | grep -oE '"family": *[46]' | sort -u | wc -l)" -eq 2 ]; }

new_name() {
	CALLS=$((${CALLS:-0} + 1))
	NAME=call-$CALLS
}

# received: what node-b announces next, once
received() {
	new_name
	call "$NAME"
	await both_received "$NAME"
}

# received_again: after a change that the driver may still be busy with: announced until it is received
received_again() {
	await link_is_up
	new_name
	await called_and_received "$NAME"
}

called_and_received() { call "$1" && both_received "$1"; }

# is_blocked: 'status' says that announcements cannot be received
is_blocked() {
	for_a rollcall status
	for_a rollcall status -j | jq -e '.interfaces[0] | .state == "blocked"'
}

# reply: of node-a to node-b. What node-b sent before has passed the card or not when it comes.
reply() { on node-b busybox ping -c 1 -W 5 "$@" "$(for_a ip -4 -o addr show eth0 | sed -nE 's/.* inet ([0-9.]+).*/\1/p')"; }

# not_received: what node-b announces next. Awaited, because a driver may set its card's filter a little later.
not_received() {
	new_name
	call "$NAME" && reply && lists_not "$NAME"
}

membership() { for_a ip maddr show dev eth0 | grep -oE "$GROUP4|$GROUP6" | sort -u | wc -l; }

# remove_membership: what a killed loader left
remove_membership() {
	for_a ip maddr del "$GROUP4" dev eth0
	for_a ip maddr del "$GROUP6" dev eth0
}

# --- the tests ----------------------------------------------------------------------------------

auto_changes_nothing() {
	local changes
	changes=$(carrier_changes)
	offloads >"$T/before"
	attach auto
	mode_is "$TC"
	received
	offloads | diff "$T/before" -
	[ "$(carrier_changes)" = "$changes" ]
	stop loader-node-a
	offloads | diff "$T/before" -
	[ "$(carrier_changes)" = "$changes" ]
}

receives_with_jumbo_frames() {
	for_a ip link set eth0 mtu 9000
	on node-b ip link set eth0 mtu 9000
	await link_is_up
	attach auto
	mode_is "$TC"
	received
	await reply -s 8000
}

native_is_rejected() {
	local before
	before=$(state_of node-a)
	fails_with 1 "cannot attach to 'eth0'" on node-a rollcall attach eth0 --mode "$1"
	[ "$(state_of node-a)" = "$before" ]
}

# receives_and_restores MODE: by a driver that resets its link for this, once the link is up again
receives_and_restores() {
	offloads >"$T/before"
	if [ "$NICS_NETWORK" = tap ]; then comes_partial; fi
	attach "$1"
	received
	[ "$(outcome bad_udp_checksum)" -eq 0 ]
	stop loader-node-a
	await link_is_up
	offloads | diff "$T/before" -
	[ "$(membership)" -eq 0 ]
}

# comes_partial: over a tap the sender's checksums are partial when they come to the receiver
comes_partial() {
	for_a ip link set eth0 promisc on
	start arrivals on node-a arrivals eth0
	await has_line arrivals listening
	await called_and_arrived '^4 partial$'
	await called_and_arrived '^6 partial$'
	stop arrivals || true
	for_a ip link set eth0 promisc off
}

# Native and generic XDP see what the card left of a frame: rollcall(8) says so.
sees_vlan_tag() {
	[ "$CARD" != e1000 ] || skip "qemu's e1000 loses frames with a tag"
	attach "$1"
	# the card's VLAN filter is off then
	for_a ip link set eth0 promisc on
	if [[ $1 = @(native|generic) ]] && offloads | grep -q '^rx-vlan-offload: on'; then
		await tagged_has_outcome joined
	else
		await tagged_has_outcome foreign_vlan
		lists_not node-b
	fi
}

tagged_has_outcome() {
	on node-b inject eth0 "${WIRE:0:24}81000005${WIRE:24}"
	[ "$(outcome "$1")" -gt 0 ]
}

filter_follows_membership() {
	attach "$1"
	received
	stop loader-node-a KILL || true
	[ "$(membership)" -eq 2 ]
	received
	remove_membership
	await not_received
	for_a ip link set eth0 promisc on
	received_again
	for_a ip link set eth0 promisc off allmulticast on
	received_again
	for_a ip link set eth0 allmulticast off
	await not_received
}

# The entries of a killed loader are static ones. Afterwards nothing is left of them, and nothing arrives.
detach_ends_membership() {
	attach "$1"
	stop loader-node-a KILL || true
	[ "$(membership)" -eq 2 ]
	for_a rollcall detach eth0
	[ "$(membership)" -eq 0 ]
	start arrivals on node-a arrivals eth0
	await has_line arrivals listening
	call lost
	await reply
	run ! has_line arrivals '^[46]'
	for_a ip link set eth0 promisc on
	await called_and_arrived '^[46]'
}

# called_and_arrived PATTERN: a driver may become promiscuous a little later
called_and_arrived() { call arriving && has_line arrivals "$1"; }

receives_after_down_up() {
	attach "$1"
	received
	for_a ip link set eth0 down
	for_a ip link set eth0 up
	received_again || is_blocked
}

receives_after_mtu() {
	attach "$1"
	received
	for_a ip link set eth0 mtu 1400
	received_again || is_blocked
}
