#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The output of 'rollcall attach' at the start, and combinations of settings that cannot work.

load helper

@test "attach prints a line per interface: the mode, the groups and the expiry" {
	lan node-a
	second_lan node-a
	start loader on node-a rollcall attach eth0 eth1 --mode "$TC"
	await is_loader_of 1 loader
	has_line loader "^rollcall: eth0: attached \($TC\), listening on 239\.2\.3\.4:49001 and \[ff02::ef02:304\]:49001, expiry 35s$"
	has_line loader "^rollcall: eth1: attached \($TC\), listening on 239\.2\.3\.4:49001 and \[ff02::ef02:304\]:49001, expiry 35s$"
	[ "$(wc -l <"$(out loader)")" = 2 ]
}

@test "the line names only what is listened on, with the settings that are in force" {
	lan node-a
	attach_on node-a --mode native -4 --group 239.9.9.9 --port 4242 --expiry 90
	has_line loader-node-a '^rollcall: eth0: attached \(native\), listening on 239\.9\.9\.9:4242, expiry 90s$'
}

@test "an interface that is down is reported once, with the same remedy as 'status' prints" {
	lan node-a
	second_lan node-a
	ip -n "$ID-node-a" link set eth1 down
	start loader on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader
	await has_line loader "^rollcall: eth1: interface is down: 'ip link set dev eth1 up'$"
	[ "$(lines_with loader 'is down')" = 1 ]
	on node-a rollcall status eth1 | grep -q "interface is down: 'ip link set dev eth1 up'"
}

@test "the loopback device is reported, because it receives no announcements of other hosts" {
	lan node-a
	start loader on node-a rollcall attach lo --announce
	await is_loader_of 0 loader
	await has_line loader "^rollcall: lo: loopback interface: announcements of other hosts are not received on it: attach to a LAN interface$"
	[ "$(lines_with loader 'loopback')" = 1 ]
}

@test "a loader that takes over prints the line too, and one that announces a second line" {
	lan node-a
	attach_on node-a
	stop loader-node-a KILL || true
	attach_on node-a --announce
	has_line loader-node-a '^rollcall: eth0: attached '
	await has_line loader-node-a '^rollcall: announcing node-a every 15s on eth0 \(10\.77\.0\.1(, fe80::[0-9a-f:]+)?\)$'
}

@test "options of announcing require --announce, and an expiry below two announcements is reported" {
	fails_with 2 '^rollcall: --interval requires --announce' rollcall attach lo --interval 5s
	fails_with 2 '^rollcall: --hostname requires --announce' rollcall attach lo --hostname x
	fails_with 2 '^rollcall: --group has no effect with -6' rollcall attach lo -6 --group 239.1.1.1
	lan node-a
	attach_on node-a --expiry 20s
	has_line loader-node-a '^rollcall: hosts that announce every 15s are removed when one announcement is lost with an expiry of 20s: set an expiry of at least 45s$'
}

@test "all interfaces are looked up before the filter is attached to the first" {
	lan node-a
	start loader on node-a rollcall attach eth0 nosuch -v
	ends_with 1 loader
	has_line loader "no interface 'nosuch'"
	run ! has_line loader 'attached to'
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "an expiry below the interval is reported as such" {
	lan node-a
	start loader on node-a rollcall attach eth0 --expiry 5s
	await is_loader_of 0 loader
	has_line loader '^rollcall: hosts that announce every 15s are removed between announcements with an expiry of 5s: set an expiry of at least 45s$'
}

@test "with --announce an expiry that is given is compared with the interval as an interval that is given" {
	local set='set an interval of at most a third of the expiry$'
	lan node-a
	attach_on node-a --announce --expiry 30s
	has_line loader-node-a "^rollcall: hosts that announce every 15s are removed when two announcements are lost with an expiry of 30s: $set"
	detach_from node-a
	attach_on node-a --announce --expiry 45s
	run ! has_line loader-node-a 'are removed'
	detach_from node-a
	attach_on node-a --announce --interval 12s
	has_line loader-node-a "^rollcall: hosts that announce every 12s are removed when two announcements are lost with an expiry of 35s: $set"
	detach_from node-a
	attach_on node-a --announce
	run ! has_line loader-node-a 'are removed'
}
detach_from() {
	on node-a rollcall detach --all
	ends_with 0 "loader-$1"
}
