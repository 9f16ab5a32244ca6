#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The registry's behaviour: who is listed, under which address, for how long.

load helper

@test "a host that announces itself is listed with its address" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	[ "$(peers)" = node-b ]
	[ "$(peer_field node-b address)" = 10.77.0.2 ]
	[ "$(on node-a rollcall get node-b)" = 10.77.0.2 ]
}
