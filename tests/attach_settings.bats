#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The settings of a table that is already there, and --replace.

load helper

settings() { rollcall status -j | jq ".$1"; }

@test "an attach with other settings is rejected with both values, and --replace recreates the table" {
	lan node-a node-b
	attach_on node-a --keep --expiry 20s
	announce_from node-b
	await lists node-b
	stop loader-node-a
	local option
	for option in '--expiry 30s' '--max-peers 7' '--port 7' '--group 239.7.7.7' '--prefix x:' \
		'--names-per-source 7' '--group6 ff02::7'; do
		fails_with 1 "has ${option% *} .*, not .*--replace recreates the table" on node-a rollcall attach eth0 $option
	done
	lists node-b
	attach_on node-a --expiry 30s --replace
	[ "$(settings expiry_ms)" = 30000 ]
	lists_not node-b
}

@test "an attach that gives no settings takes those that are pinned" {
	lan node-a
	attach_on node-a --keep --expiry 20s
	stop loader-node-a
	attach_on node-a
	[ "$(settings expiry_ms)" = 20000 ]
}

@test "--replace never takes the table from under a living loader" {
	lan node-a node-b
	second_lan node-a
	attach_on node-a
	announce_from node-b
	await lists node-b
	fails_with 1 "the loader with pid ${PIDS[loader-node-a]} uses the table" \
		on node-a rollcall attach eth1 --expiry 30s --replace
	lists node-b
	loader_is_in_place node-a
}

@test "a pin directory belongs to one network namespace" {
	lan node-a node-b
	attach_on node-a
	fails_with 1 'belongs to another network namespace.*--pin-dir' on node-b rollcall attach eth0
	fails_with 1 "belongs to another network namespace: .* \\(run it there; .* 'rollcall attach IFACE --replace' replaces the table" on node-b rollcall detach --all
	fails_with 1 "pid ${PIDS[loader-node-a]} uses the table" on node-b rollcall attach eth0 --replace
	loader_is_in_place node-a
	stop loader-node-a HUP
	fails_with 1 'belongs to another network namespace.*--pin-dir' on node-b rollcall attach eth0
}
