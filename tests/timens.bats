#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Readers, watchers and loaders in a time namespace: ages are those of the kernel's clock.

load helper

# in_timens OFFSET CMD...: run CMD in a time namespace whose CLOCK_BOOTTIME is OFFSET seconds ahead
in_timens() { unshare --time --fork --kill-child --boottime "$1" "${@:2}"; }

setup_more() {
	in_timens 1 true || skip "no time namespaces here"
	lan node-a
	attach_on node-a
	peer "$ROLLCALL_PIN_DIR" add node-b 10.77.0.7 "$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')" 10s
}

@test "a reader in a time namespace sees the same hosts, with the same ages" {
	local offset age
	for offset in 100000 3; do
		age=$(in_timens "$offset" rollcall peers -j | jq '.[0].age_ms')
		[ "$age" -ge 10000 ]
		[ "$age" -lt 30000 ]
		[ "$(in_timens "$offset" rollcall get node-b)" = 10.77.0.7 ]
		in_timens "$offset" rollcall status | grep -q '^table: 1 host, 1 entry '
	done
	peer "$ROLLCALL_PIN_DIR" age node-b 36s
	run ! in_timens 3 rollcall get node-b
}

@test "a watcher in a time namespace reports an expired host at its expiry" {
	start watcher in_timens 100000 rollcall watch
	await has_line watcher ' join +node-b '
	peer "$ROLLCALL_PIN_DIR" age node-b 33s
	await has_line watcher ' leave +node-b .* expired'
}

@test "a look-up by the NSS module in a time namespace has the same answer" {
	local found
	mkdir "$T/etc"
	echo 'hosts: rollcall' >"$T/etc/nsswitch.conf"
	found=$(in_timens 100000 unshare --mount sh -c 'mount --bind "$1" /etc && mount -t tmpfs none /run && mkdir /run/lib &&
		cp "$2" /run/lib && mount -t tmpfs none /sys/fs/bpf && mkdir /sys/fs/bpf/rollcall &&
		mount --bind "$3" /sys/fs/bpf/rollcall && LD_LIBRARY_PATH=/run/lib LD_PRELOAD=$4 ASAN_OPTIONS=detect_leaks=0 \
		exec getent hosts node-b' - "$T/etc" "$BUILD/libnss_rollcall.so.2" "$ROLLCALL_PIN_DIR" "$(sanitizer)")
	[ "$(awk '{ print $1 }' <<<"$found")" = 10.77.0.7 ]
}

@test "a loader in a time namespace sweeps only hosts that have expired" {
	on node-a rollcall detach --all
	start inside on node-a unshare --time --fork --kill-child --boottime 100000 rollcall attach eth0 --expiry 5s
	await one_loader
	lan_join node-b
	await is_settled node-b eth0
	# repeated: after the last loader has left the group, the bridge may not forward until this loader has joined it
	await announced_and_here
	await has_line inside ' leave +fresh .* expired'
	await swept
	on node-a rollcall detach --all
	await ended inside
}
one_loader() { rollcall status -j | jq -e '.interfaces | length == 1' >/dev/null; }
announced_and_here() { announce_from node-b --hostname fresh && has_line inside ' join +fresh '; }
swept() { [ "$(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" | jq length)" = 0 ]; }
