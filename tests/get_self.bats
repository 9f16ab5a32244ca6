#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# 'get' and 'wait' for this host itself.

load helper

@test "get prints this host's address and name where a filter is attached" {
	lan node-a node-b
	attach_on node-a
	[ "$(on node-a rollcall get node-a)" = 10.77.0.1 ]
	[ "$(on node-a rollcall get NODE-A -4 -a)" = 10.77.0.1 ]
	[ "$(on node-a rollcall get node-a -a | wc -l)" = 2 ]
	[ "$(on node-a rollcall get 10.77.0.1)" = node-a ]
	[ "$(on node-a rollcall get "$(on node-a rollcall get -6 node-a)")" = node-a ]
	fails_with 1 '^rollcall: node-b: not found$' on node-a rollcall get node-b
	fails_with 1 '^rollcall: 10\.77\.0\.9: not found$' on node-a rollcall get 10.77.0.9
	on node-a rollcall wait node-a --timeout 0
}

@test "the name of --hostname is this host's" {
	lan node-a
	attach_on node-a --announce --hostname Alias
	[ "$(on node-a rollcall get alias)" = 10.77.0.1 ]
	[ "$(on node-a rollcall get 10.77.0.1)" = alias ]
	on node-a rollcall wait alias --timeout 0
	# the nodename is never recorded either
	[ "$(on node-a rollcall get node-a)" = 10.77.0.1 ]
	on node-a rollcall wait node-a --timeout 0
}
