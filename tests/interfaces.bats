#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What becomes of interfaces under a living loader: deleted, made again, renamed, moved, without
# link, with other addresses. Nothing is forgotten at once, and nobody is listed twice.

load helper


# each_mode TEST: in each mode on a new table, by a loader of node-a that has heard node-b
each_mode() {
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		echo "mode $mode"
		attach_on node-a --mode "$mode" "${@:2}"
		announce_from node-b
		await lists node-b
		"$1"
		[ -z "${PIDS[loader-node-a]:-}" ] || stop loader-node-a
		[ ! -e "$ROLLCALL_PIN_DIR" ]
	done
}

# unplug, plug_in [NUMBER]: eth0 of node-a, at the same place
unplug() { ip -n "$ID-node-a" link del eth0; }
plug_in() {
	ip -n "$ID-node-a" link add eth0 ${1:+index "$1"} type veth peer name port1 netns "$LAN"
	ip -n "$ID-node-a" addr add 10.77.0.1/24 dev eth0
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$LAN" link set port1 master lan0 up
}

ifindex() { ip -n "$ID-$1" -j link show dev "$2" | jq '.[0].ifindex'; }
# entries: all that lie in the table, live or not, as "node-b 3 88172645463325"
entries() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" |
		jq -r '.[].formatted | "\(.key.hostname) \(.key.ifindex) \(.value.first_seen_ns)"'
}
status_of() { rollcall status -j | jq -r ".interfaces[0].$1"; }
says() { has_line "${2:-loader-node-a}" "^rollcall: $1$"; }
# said N PATTERN: so many times
said() { [ "$(lines_with loader-node-a "^rollcall: $2$")" = "$1" ]; }
is_member() { on node-a ip maddr show dev "${1:-eth0}" | grep -qw 239.2.3.4 &&
	on node-a ip maddr show dev "${1:-eth0}" | grep -qw ff02::ef02:304; }
no_links() { [ -z "$(ls -A "$ROLLCALL_PIN_DIR/links")" ]; }
# hears NAME [IFACE]: whoever calls now is entered. It calls until then: a link may not be up at once.
hears() {
	await is_heard "$1"
	[ "$(peer_field "$1" interface)" = "${2:-eth0}" ]
}
is_heard() { announce_from node-b --hostname "$1" && lists "$1"; }
says_nothing() { ! grep '^rollcall: ' "$(out loader-node-a)"; }

# hook: what hangs at eth0 of node-a, as long as it is the same
hook() {
	bpftool -j link show pinned "$ROLLCALL_PIN_DIR"/links/* | jq -c '[.id, .prog_id]' || true
	on node-a tc filter show dev "${1:-eth0}" ingress
}
# program: its number
program() {
	if [ "$mode" = clsact ]; then
		on node-a tc -j filter show dev eth0 ingress | jq '.[].options.prog.id // empty'
	else
		bpftool -j link show pinned "$ROLLCALL_PIN_DIR"/links/* | jq .prog_id
	fi
}
is_gone() { ! bpftool prog show id "$1"; }

# frozen CMD...: by the time the loader looks, it is over
frozen() {
	kill -STOP "${PIDS[loader-node-a]}"
	"$@"
	kill -CONT "${PIDS[loader-node-a]}"
}
swap() {
	unplug
	plug_in "$@"
}

# is_followed: eth0 as it is now has the filter, and the record says so
is_followed() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/interfaces" |
		jq -e ".[0].formatted.value | .mode != 0 and .ifindex == $(ifindex node-a "${1:-eth0}")"
}

GONE="'eth0' is gone; waiting for it to come back"
BACK="'eth0' is back; attached again in mode"

deleted() {
	unplug
	await says "$GONE"
	[ "$(status_of name) $(status_of mode) $(status_of loader)" = "eth0 none ${PIDS[loader-node-a]}" ]
	no_links
	# who was heard there leaves as everybody does
	lists node-b
	[ "$(peer_field node-b interface)" = eth0 ]
	age node-b 36
	lists_not node-b
	stop loader-node-a
	has_line loader-node-a "rollcall: $GONE" # once, and nothing else was said
	[ "$(lines_with loader-node-a '^rollcall: ')" = 1 ]
	plug_in
}

@test "a deleted interface is said to be gone once, and who was heard there leaves by expiry, in every mode" {
	each_mode deleted
}

@test "who was heard on a deleted interface is told as leaving when it expires, not before" {
	lan node-a node-b
	attach_on node-a --expiry 2s
	announce_from node-b
	await lists node-b
	unplug
	await says "$GONE"
	lists node-b || has_line loader-node-a ' leave +node-b '
	await has_line loader-node-a ' leave +node-b .*expired'
	[ "$(lines_with loader-node-a ' leave ')" = 1 ]
}

detached() {
	unplug
	await says "$GONE"
	on node-a rollcall detach eth0
	ends_with 0 loader-node-a
	plug_in
}

@test "a deleted interface can be detached, and its loader ends, in every mode" { each_mode detached; }

recreated() {
	local before old=$(ifindex node-a eth0)
	before=$(entries)
	[ "${before% *}" = "node-b $old" ]
	unplug
	await says "$GONE"
	plug_in
	await says "$BACK $mode"
	[ "$(ifindex node-a eth0)" != "$old" ]
	[ "$(status_of name) $(status_of mode) $(status_of loader)" = "eth0 $mode ${PIDS[loader-node-a]}" ]
	# the same entry, and no other
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	[ "$(rollcall peers -j | jq -c 'map([.hostname, .interface])')" = '[["node-b","eth0"]]' ]
	is_member
	announce_from node-b
	await counted refreshed 1
	[ "$(peer_field node-b announcements)" = 2 ]
	hears later
	await has_line loader-node-a ' join +later '
	said 1 "$GONE"
	[ "$(lines_with loader-node-a '^rollcall: ')" = 2 ]
}

@test "an interface made again is attached to again, and nobody is lost or listed twice, in every mode" {
	each_mode recreated
}

@test "an interface deleted and made again over and over is followed each time" {
	local round
	lan node-a node-b
	attach_on node-a
	for round in 1 2 3 4 5 6 7 8; do
		hears "round$round"
		unplug
		plug_in
		await is_followed
	done
	hears last
	[ "$(peers)" = 'last round1 round2 round3 round4 round5 round6 round7 round8' ]
	[ "$(entries | cut -d' ' -f2 | sort -u)" = "$(ifindex node-a eth0)" ]
	is_member
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "an interface that was made again before anybody looked is attached to again" {
	local before old
	lan node-a node-b
	attach_on node-a
	hears node-b
	old=$(ifindex node-a eth0)
	before=$(entries)
	frozen swap
	await says "$BACK native"
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	is_member
	hears later
	said 0 "$GONE"
}

same_number() {
	local before number
	number=$(ifindex node-a eth0)
	before=$(entries)
	frozen swap "$number"
	await says "$BACK $mode"
	[ "$(ifindex node-a eth0)" = "$number" ]
	[ "$(entries)" = "$before" ]
	is_member
	hears later
	stop loader-node-a
}

@test "an interface made again under the same number is attached to again, in every mode" { each_mode same_number; }

@test "another interface that has got the number of one that is gone is not taken for it" {
	local before number
	lan node-a node-b
	attach_on node-a
	hears node-b
	number=$(ifindex node-a eth0)
	before=$(entries)
	unplug
	await says "$GONE"
	ip -n "$ID-node-a" link add other0 index "$number" type bridge
	ip -n "$ID-node-a" link set other0 up
	[ "$(ifindex node-a other0)" = "$number" ]
	fails_with 1 "'other0' has the number of 'eth0', for which the loader with pid ${PIDS[loader-node-a]} waits" \
		on node-a rollcall attach other0
	plug_in
	await says "$BACK native"
	[ "$(entries)" = "${before/ $number / $(ifindex node-a eth0) }" ]
	hears later
	says_nothing_but "$GONE" "$BACK native"
}

@test "names held by an address are held on an interface that was made again" {
	lan node-a node-b
	attach_on node-a --names-per-source 2
	hears first
	unplug
	plug_in
	await is_followed
	hears second
	announce_from node-b --hostname third
	await counted throttled 1
	lists_not third
	[ "$(peers)" = 'first second' ]
}

@test "an entry that is there already under the new number is kept, and the old one goes" {
	local since
	lan node-a node-b
	attach_on node-a
	hears node-b
	hears other
	peer "$ROLLCALL_PIN_DIR" add node-b 10.77.0.2 77 5s
	since=$(entries | sed -n 's/^node-b 77 //p')
	[ "$since" ]
	frozen swap 77
	await says "$BACK native"
	[ "$(entries | cut -d' ' -f1,2 | sort)" = $'node-b 77\nother 77' ]
	[ "$(entries | sed -n 's/^node-b 77 //p')" = "$since" ]
}

@test "an interface that is back as a port of a bridge is refused once, and attached to when it is none" {
	lan node-a node-b
	attach_on node-a
	ip -n "$ID-node-a" link add br0 type bridge
	unplug
	await says "$GONE"
	ip -n "$ID-node-a" link add eth0 master br0 type veth peer name port1 netns "$LAN"
	await says "'eth0' is a port of bridge 'br0': attach to 'br0' instead"
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$LAN" link set port1 master lan0 up
	ip -n "$ID-node-a" link set br0 mtu 1400 # a notice more
	[ "$(status_of mode)" = none ]
	ip -n "$ID-node-a" link set eth0 nomaster
	await says "$BACK native"
	hears node-b
	said 1 "'eth0' is a port of .*"
}

@test "where the interface that came back does not take the mode asked for, it is said once, and tried again" {
	lan node-a node-b
	attach_on node-a --mode native
	unplug
	await says "$GONE"
	ip -n "$ID-node-a" link add eth0 type bridge
	await has_line loader-node-a "^rollcall: cannot attach to 'eth0': .*--mode auto"
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$ID-node-a" link set eth0 mtu 1400
	ip -n "$ID-node-a" addr add 10.79.0.1/24 dev eth0
	unplug
	await said 2 "$GONE"
	plug_in
	await says "$BACK native"
	hears node-b
	said 1 "cannot attach .*"
}

@test "two interfaces of one loader: the other one goes on, and each comes back to its own" {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader-node-a
	hears node-b
	on node-b rollcall announce -4 eth1 --count 1
	await is_listed_on eth0 eth1
	unplug
	await says "$GONE"
	on node-b rollcall announce -4 eth1 --count 1
	await counted refreshed 1 1
	plug_in
	await says "$BACK native"
	is_listed_on eth0 eth1
	is_member eth1
	is_member eth0
}
is_listed_on() { [ "$(rollcall peers -j node-b | jq -r 'map(.interface) | sort | join(" ")')" = "$*" ]; }

@test "an interface that has got the name of one that is gone is not taken twice" {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader-node-a
	unplug
	await says "$GONE"
	ip -n "$ID-node-a" link set eth1 name eth0
	await says "'eth1' is now called 'eth0'"
	ip -n "$ID-node-a" link set eth0 mtu 1400
	on node-b rollcall announce -4 eth1 --count 1
	await lists node-b
	[ "$(rollcall status -j | jq -c '.interfaces | map([.name, .mode])')" = '[["eth0","none"],["eth0","native"]]' ]
	ip -n "$ID-node-a" link set eth0 name eth1
	await says "'eth0' is now called 'eth1'"
	plug_in
	await says "$BACK native"
	said 1 "$GONE"
	said 1 "'eth0' is back.*"
}

@test "of two loaders the one whose interface is deleted leaves the other alone" {
	lan node-a node-b
	second_lan node-a node-b
	attach_on node-a
	start other on node-a rollcall attach eth1
	await is_loader_of 1 other
	hears node-b
	on node-b rollcall announce -4 eth1 --count 1
	await is_listed_on eth0 eth1
	unplug
	await says "$GONE"
	plug_in
	await says "$BACK native"
	is_listed_on eth0 eth1
	run ! grep -q '^rollcall: ' "$(out other)"
	stop loader-node-a
	is_listed_on eth1
	on node-b rollcall announce -4 eth1 --count 1
	await counted refreshed 1
	stop other
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "a second loader does not take an interface that the first one waits for" {
	lan node-a node-b
	attach_on node-a
	unplug
	await says "$GONE"
	kill -STOP "${PIDS[loader-node-a]}"
	plug_in
	fails_with 1 "'eth0' is attached already, by the loader with pid ${PIDS[loader-node-a]} " \
		on node-a rollcall attach eth0
	kill -CONT "${PIDS[loader-node-a]}"
	await says "$BACK native"
	hears node-b
}

@test "what was detached while the interface was made again stays detached" {
	lan node-a
	attach_on node-a
	kill -STOP "${PIDS[loader-node-a]}"
	swap
	start detach on node-a rollcall detach eth0
	await is_detached
	kill -CONT "${PIDS[loader-node-a]}"
	ends_with 0 loader-node-a
	ends_with 0 detach
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	[ "$(on node-a ip -d link show dev eth0 | grep -c prog/xdp)" = 0 ]
}

@test "what was detached by somebody who was killed before telling stays detached" {
	lan node-a
	attach_on node-a
	kill -STOP "${PIDS[loader-node-a]}"
	swap
	bpftool map update pinned "$ROLLCALL_PIN_DIR/interfaces" key 0 0 0 0 value $(yes 0 | head -n 128)
	kill -CONT "${PIDS[loader-node-a]}"
	ends_with 0 loader-node-a
	says "'eth0' was detached by somebody else"
	says_nothing_but "'eth0' was detached by somebody else"
	[ "$(on node-a ip -d link show dev eth0 | grep -c prog/xdp)" = 0 ]
}
# says_nothing_but LINE...
says_nothing_but() { ! grep '^rollcall: ' "$(out loader-node-a)" | grep -vxFf <(printf 'rollcall: %s\n' "$@"); }

is_detached() { [ ! -e "$ROLLCALL_PIN_DIR/settings" ]; }

without_loader() {
	local before old
	before=$(entries)
	old=$(ifindex node-a eth0)
	stop loader-node-a KILL || true
	unplug
	lists node-b
	plug_in
	attach_on node-a --mode "$mode"
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	[ "$(rollcall status -j | jq -c '.interfaces | map([.name, .mode])')" = "[[\"eth0\",\"$mode\"]]" ]
	[ "$(ls "$ROLLCALL_PIN_DIR/links")" = "$([ "$mode" = clsact ] || ifindex node-a eth0)" ]
	hears later
	stop loader-node-a
}

@test "an interface made again while no loader runs is attached to by the next one, and nobody is lost, in every mode" {
	each_mode without_loader
}

@test "an attach that fails leaves who was heard on an interface made again" {
	lan node-a node-b
	attach_on node-a
	hears node-b
	stop loader-node-a KILL || true
	swap
	fails_with 1 "no interface 'eth7'" on node-a rollcall attach eth0 eth7
	lists node-b
	attach_on node-a
	[ "$(peers)" = node-b ]
	hears later
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "an interface deleted while no loader runs goes with the next attach elsewhere; its peers leave by expiry" {
	lan node-a node-b
	second_lan node-a
	attach_on node-a
	hears node-b
	stop loader-node-a KILL || true
	unplug
	start loader on node-a rollcall attach eth1
	await is_loader_of 0 loader
	[ "$(rollcall status -j | jq -c '.interfaces | map(.name)')" = '["eth1"]' ]
	lists node-b
	age node-b 36
	await has_line loader ' leave +node-b ' || lists_not node-b
	stop loader
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

renamed() {
	local before
	before=$(entries)
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 name lan7
	ip -n "$ID-node-a" link set lan7 up
	await says "'eth0' is now called 'lan7'"
	[ "$(status_of name) $(status_of mode)" = "lan7 $mode" ]
	[ "$(entries)" = "$before" ]
	[ "$(peer_field node-b interface)" = lan7 ]
	is_member lan7
	hears later lan7
	# it is detached by its name
	fails_with 1 "nothing is attached to 'eth0'" on node-a rollcall detach eth0
	on node-a rollcall detach lan7
	ends_with 0 loader-node-a
	[ "$(lines_with loader-node-a "is now called")" = 1 ]
	ip -n "$ID-node-a" link set lan7 down
	ip -n "$ID-node-a" link set lan7 name eth0
	ip -n "$ID-node-a" link set eth0 up
}

@test "a renamed interface goes on recording under its new name, in every mode" { each_mode renamed; }

@test "a renamed interface is waited for under its new name" {
	lan node-a node-b
	attach_on node-a
	hears node-b
	ip -n "$ID-node-a" link set eth0 name lan7
	await says "'eth0' is now called 'lan7'"
	ip -n "$ID-node-a" link del lan7
	await says "'lan7' is gone; waiting for it to come back"
	plug_in # an eth0, which is another
	ip -n "$ID-node-a" link set eth0 mtu 1400
	ip -n "$ID-node-a" link set eth0 name lan7
	await says "'lan7' is back; attached again in mode native"
	lists node-b
	hears later lan7
	said 0 "'eth0' is back.*"
}

move_away() { ip -n "$ID-node-a" link set eth0 netns "$ID-node-b" name away0 && ip -n "$ID-node-b" link set away0 up; }
move_back() {
	ip -n "$ID-node-b" link set away0 netns "$ID-node-a" name eth0
	ip -n "$ID-node-a" addr add 10.77.0.1/24 dev eth0
	ip -n "$ID-node-a" link set eth0 up
}

moved() {
	local before old id
	before=$(entries)
	old=$(ifindex node-a eth0)
	id=$(program)
	[ "$id" ]
	move_away
	await says "$GONE"
	# there the filter does not go on
	await is_gone "$id"
	no_links
	[ "$(on node-b ip -d link show dev away0 | grep -c prog/xdp)" = 0 ]
	[ -z "$(on node-b tc filter show dev away0 ingress)" ]
	[ "$(entries)" = "$before" ]
	[ "$(status_of name) $(status_of mode)" = "eth0 none" ]
	move_back
	await says "$BACK $mode"
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	is_member
	announce_until_refreshed
	hears later
}
announce_until_refreshed() { await is_refreshed; }
is_refreshed() { announce_from node-b && [ "$(outcome refreshed)" -ge 1 ]; }

@test "an interface moved to another namespace leaves the filter behind, and is taken up when it is back, in every mode" {
	each_mode moved
}

away_and_back() {
	move_away
	move_back
}

round_trip() {
	local before old
	before=$(entries)
	old=$(ifindex node-a eth0)
	frozen away_and_back
	await is_member
	await is_followed
	[ "$(entries)" = "${before/ $old / $(ifindex node-a eth0) }" ]
	hears later
	stop loader-node-a
}

@test "an interface that was away and is back before anybody looked is a member of the groups again, in every mode" {
	each_mode round_trip
}

flapped() {
	local before hung
	before=$(entries)
	hung=$(hook)
	[ "$hung" ]
	ip -n "$ID-node-a" link set eth0 down
	[ "$(entries)" = "$before" ]
	lists node-b
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$LAN" link set port1 down
	await no_carrier
	[ "$(entries)" = "$before" ]
	ip -n "$LAN" link set port1 up
	hears later
	[ "$(hook)" = "$hung" ]
	[ "$(entries | grep -v ^later)" = "$before" ]
	is_member
	says_nothing
	[ "$(lines_with loader-node-a ' leave ')" = 0 ]
	stop loader-node-a
}
no_carrier() { on node-a ip link show dev eth0 | grep -q NO-CARRIER; }

@test "a link that goes down and comes back, or its carrier, changes nothing else, in every mode" { each_mode flapped; }

widened() {
	local hung
	hung=$(hook)
	ip -n "$ID-node-a" link set eth0 mtu 65535
	ip -n "$LAN" link set port1 mtu 65535
	hears wide
	ip -n "$ID-node-a" link set eth0 mtu 9000
	ip -n "$LAN" link set port1 mtu 9000
	hears jumbo
	ip -n "$LAN" link set port1 mtu 1500
	ip -n "$ID-node-a" link set eth0 mtu 1500
	hears narrow
	[ "$(hook)" = "$hung" ]
	is_member
	says_nothing
	stop loader-node-a
}

@test "whatever the MTU is raised to, the filter stays and records, in every mode" { each_mode widened; }

@test "an MTU too small for IPv6 ends its membership; it is held again when the MTU is raised" {
	lan node-a node-b
	attach_on node-a
	ip -n "$ID-node-a" link set eth0 mtu 1279
	run ! is_member
	ip -n "$ID-node-a" link set eth0 mtu 1500
	await is_member
	hears node-b
	says_nothing
}

@test "a filter that somebody took off is hung in again at the next change of the interface" {
	lan node-a node-b
	attach_on node-a --mode clsact
	on node-a tc qdisc del dev eth0 clsact
	ip -n "$ID-node-a" link set eth0 mtu 1400
	await says "the filter at 'eth0' was taken off by somebody else; attached again in mode clsact"
	hears node-b
	stop loader-node-a
	[ -z "$(on node-a tc qdisc show dev eth0 clsact)" ]
}

@test "addresses added and removed under a living loader are this host's own while they are there" {
	lan node-a node-b
	attach_on node-a
	ip -n "$ID-node-a" addr add 10.77.0.9/24 dev eth0
	await is_own 10.77.0.9
	ip -n "$ID-node-a" addr del 10.77.0.9/24 dev eth0
	await is_not_own 10.77.0.9
	unplug
	await is_not_own 10.77.0.1
	plug_in
	await is_own 10.77.0.1
	hears node-b
}
is_own() { bpftool map lookup pinned "$ROLLCALL_PIN_DIR/own_addresses" key ${1//./ }; }
is_not_own() { ! is_own "$1"; }

mac_of_eth0() { ip -n "$ID-node-a" -j link show dev eth0 | jq -r '.[].address'; }
recorded_mac() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/interfaces" | jq -r '.[0].formatted.value.lladdr[]' |
		xargs printf '%02x:%02x:%02x:%02x:%02x:%02x'
}
mac_is_recorded() { [ "$(recorded_mac)" = "$(mac_of_eth0)" ]; }

@test "the record has the MAC of the interface that came back, also when that is changed later" {
	lan node-a node-b
	attach_on node-a
	local old
	old=$(recorded_mac)
	swap
	await is_followed
	mac_is_recorded
	[ "$(recorded_mac)" != "$old" ]
	ip -n "$ID-node-a" link set eth0 address 02:00:00:00:00:77
	await mac_is_recorded
}

# many: so many notices that some are lost, and those that matter come last
many() {
	local number
	for number in {1..1500}; do echo "addr add 10.$((100 + number / 250)).0.$((number % 250 + 1))/32 dev lo"; done |
		ip -n "$ID-node-a" -batch -
	"$@"
}
drops() { on node-a awk -v pid="${PIDS[loader-node-a]}" '$3 == pid && $4 != "00000000" { print $9 }' /proc/net/netlink; }

@test "notices that were lost are made up for by looking at everything" {
	lan node-a node-b
	attach_on node-a
	hears node-b
	[ "$(drops)" = 0 ]
	kill -STOP "${PIDS[loader-node-a]}"
	many swap
	[ "$(drops)" -gt 0 ]
	kill -CONT "${PIDS[loader-node-a]}"
	await says "$BACK native"
	lists node-b
	hears later
	kill -STOP "${PIDS[loader-node-a]}"
	ip -n "$ID-node-a" addr flush dev lo
	local before
	before=$(drops)
	many away_and_back
	[ "$(drops)" -gt "$before" ]
	kill -CONT "${PIDS[loader-node-a]}"
	await is_member
	await is_followed
	hears last
}

# The announcer's interval is long here: what is heard comes at once, or not at all.

# direct: node-a and node-b with nothing in between. A bridge's port may take up again a moment later
# than the interface behind it.
direct() {
	lan node-a node-b
	ip -n "$ID-node-b" link del eth0
	ip -n "$LAN" link set port1 netns "$ID-node-b" name eth0
	ip -n "$ID-node-b" addr add 10.77.0.2/24 dev eth0
	ip -n "$ID-node-b" link set eth0 up
}

# listening CMD...: node-b listens as others do; what CMD calls is heard once
listening() {
	start listener on node-b listener eth0
	await has_line listener listening
	"$@"
	await heard 1
}
heard() { [ "$(lines_with listener ': multitastic:node-a$')" -ge "$1" ]; }
announcer() { start announcer on node-a rollcall announce -4 eth0 --interval 1h "$@"; }
attached_announcer() { attach_on node-a -4 --announce --interval 1h "$@"; }

bounce() {
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 up
}

link_back() {
	ip -n "$ID-node-b" link set eth0 down
	await no_carrier
	ip -n "$ID-node-b" link set eth0 up
	await heard 2
	bounce
	await heard 3
}

@test "attach --announce calls at once when the link is back" {
	direct
	listening attached_announcer
	link_back
	says_nothing
}

@test "announce calls at once when the link is back" {
	direct
	listening announcer
	link_back
	[ ! -s "$(out announcer)" ]
}

@test "a link that was down and is back before anybody looked is called on all the same" {
	direct
	listening attached_announcer
	frozen bounce
	await heard 2
}

@test "attach --announce calls at once from an interface that was made again" {
	lan node-a node-b
	listening attached_announcer
	unplug
	await says "$GONE"
	plug_in
	await says "$BACK native"
	await heard 2
	says_nothing_but "$GONE" "$BACK native"
}

@test "attach --announce calls at once from an interface that was in another namespace" {
	direct
	listening attached_announcer
	move_away
	await says "$GONE"
	move_back
	await heard 2
	says_nothing_but "$GONE" "$BACK native"
}

@test "announce follows its interface when that is deleted and made again" {
	lan node-a node-b
	listening announcer
	unplug
	await says "$GONE" announcer
	plug_in
	await says "'eth0' is back" announcer
	await heard 2
	[ "$(lines_with announcer '')" = 2 ]
}

@test "announce follows its interface when that is renamed, and waits for its new name" {
	direct
	listening announcer
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 name lan7
	ip -n "$ID-node-a" link set lan7 up
	await says "'eth0' is now called 'lan7'" announcer
	await heard 2
	ip -n "$ID-node-a" link del lan7
	await says "'lan7' is gone; waiting for it to come back" announcer
	[ "$(lines_with announcer '')" = 2 ]
}

@test "attach --announce goes on from an interface that was renamed, over both families" {
	lan node-a node-b
	start listener6 on node-b listener -6 eth0
	await has_line listener6 listening
	listening attach_on node-a --announce --interval 100ms
	ip -n "$ID-node-a" link set eth0 name lan7
	await says "'eth0' is now called 'lan7'"
	await heard $(($(lines_with listener ': ') + 3))
	swap_lan7
	await says "'lan7' is back; attached again in mode native"
	await heard $(($(lines_with listener ': ') + 3))
	local before
	before=$(lines_with listener6 ': ')
	await heard6 $((before + 3))
}
heard6() { [ "$(lines_with listener6 ': multitastic:node-a$')" -ge "$1" ]; }
swap_lan7() {
	ip -n "$ID-node-a" link del lan7
	plug_in
	ip -n "$ID-node-a" link set eth0 name lan7
}

@test "attach --announce without an address says so, and calls at once when it has one" {
	lan node-a node-b
	ip -n "$ID-node-a" addr flush dev eth0
	start listener on node-b listener eth0
	await has_line listener listening
	attached_announcer
	says "cannot announce on 'eth0': it has no address; still trying"
	ip -n "$ID-node-a" addr add 10.77.0.1/24 dev eth0
	await heard 1
	await says "announcing on 'eth0' again"
}
