#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A driver that no longer runs the filter, although link and program exist. vmxnet3 loses it when its queues are
# recreated (tests/nics). Here the program of the link is replaced by one that does nothing, which looks the same from
# outside.

load helper
load interfaces

REVIVED="eth0: filter replaced in mode native: the driver had stopped running it"
HOPELESS="eth0: the driver does not run the filter in native mode; use --mode tcx"

# without tcx there is no probe
setup_more() { needs_tcx; }

hook_dies() { on node-a foreign over - pass "$ROLLCALL_PIN_DIR"/links/*; }
# something_changes TEXT: cause a notice of rtnetlink about the interface
something_changes() { ip -n "$ID-node-a" link set eth0 alias "$1"; }
calling() {
	announce_from node-b --hostname "$1"
	"${@:2}"
}

@test "a filter that its driver no longer runs is replaced, and no host is removed" {
	lan node-a node-b
	attach_on node-a --mode native
	hears node-b
	hook_dies
	announce_from node-b --hostname unheard
	lists_not unheard
	something_changes one
	await is_probed
	await calling later says "$REVIVED"
	await calling later lists later
	lists node-b
	[ "$(status_of mode)" = native ]
	said 1 "$REVIVED"
	# the probe was removed
	await calling later no_probe
}

is_probed() { on node-a programs eth0 | grep -q rollcall_probe; }
no_probe() { ! is_probed; }

@test "a driver that does not run the filter that was just attached again is reported once, with the remedy" {
	lan node-a node-b
	attach_on node-a --mode native
	hook_dies
	something_changes one
	await calling later says "$REVIVED"
	hook_dies
	something_changes two
	await calling later says "$HOPELESS"
	said 1 "$REVIVED"
}

found_dead() {
	lan node-a node-b
	attach_on node-a --mode native "$@"
	# earlier counts do not show that the filter runs now; with --consume the probe sees no recorded announcement
	hears before
	hook_dies
	something_changes one
	await is_probed
	await calling later says "$REVIVED"
	await calling later lists later
}

@test "with --consume it is noticed as well" { found_dead --consume; }

@test "it is also noticed with only IPv6" {
	# one datagram, over IPv6
	announce_from() { on "$1" rollcall announce -6 eth0 --count 1 "${@:2}"; }
	found_dead -6
}

@test "what this host announces itself does not show that the filter does not run" {
	lan node-a node-b
	start listener on node-b listener eth0
	attach_on node-a --mode native --announce --interval 1s
	hook_dies
	something_changes one
	# node-a has sent three announcements
	await three_calls
	said 0 "eth0: .*driver.*"
	await calling later says "$REVIVED"
}

three_calls() { [ "$(grep -c node-a "$(out listener)")" -ge 3 ]; }

@test "a filter that runs is not replaced, whatever changes, in every mode" {
	each_mode left_alone
}

left_alone() {
	local hung i
	hung=$(program)
	for i in 1 2 3; do
		something_changes "$i"
		hears "host-$i"
	done
	[ "$(program)" = "$hung" ]
	says_nothing
	stop loader-node-a
}
