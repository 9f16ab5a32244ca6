#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# `rollcall top` of many hosts: its cost and its order.

load helper
load terminal
load top

# cpu PID: print the CPU time of the process in nanoseconds
cpu() { cut -d' ' -f1 "/proc/$1/schedstat"; }
now() { awk '{ print int($1 * 1000) }' /proc/uptime; }
# age_is_above SECONDS: AGE of the first row is above SECONDS
age_is_above() { (($(first_age) > $1)); }
first_age() { screen | awk '/^HOSTNAME/ { getline; sub("s", "", $4); print $4 }'; }
# costs_nothing PID: at most 1 % of a CPU for four seconds
costs_nothing() {
	local begun spent
	begun=$(now) spent=$(cpu "$1")
	await age_is_above $(($(first_age) + 4))
	spent=$((($(cpu "$1") - spent) / 1000)) begun=$((($(now) - begun)))
	echo "$spent us of CPU in $begun ms"
	# microseconds per 1000 microseconds, in a thousandth: 10 is 1 %
	[ $((spent / begun)) -le $((10 * ${TIME_SCALE:-1})) ]
}

@test "16,000 hosts: it shows them, and costs at most 1 % of a CPU while nothing changes, also without a loader" {
	lan node-a
	attach_on node-a --expiry 10m
	on node-a crowd eth0 16000 1
	top 100 40
	await shows '^16000 hosts'
	keys End
	await shows '^node-16000 '
	types /node-15999
	await named node-15999
	keys Escape
	await selected node-16000
	keys Home
	await selected node-1
	keys 4 1
	await shows 'sort: hostname'
	costs_nothing "$(pid_of_top)"
	stop loader-node-a KILL || true
	costs_nothing "$(pid_of_top)"
}

@test "100,000 hosts, sorted by age: keys are answered, and the order is right" {
	lan node-a
	attach_on node-a --expiry 10m --max-peers 120000 --names-per-source 0
	on node-a crowd eth0 100000 1
	top 100 40 -s age
	await shows '^100000 hosts'
	keys 1
	await selected node-1
	keys End
	await shows '^node-100000 '
	types /node-9999
	await named 'node-9999 node-99990 node-99991 node-99992 node-99993 node-99994 node-99995 node-99996 node-99997 node-99998 node-99999'
	on node-a rollcall detach --all
	keys Escape
	await shows '^0 hosts .* 100000 left'
	keys q
	await shows '^ended 0$'
}
