#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall missing: known or expected hosts that are not here.

load helper
load history

# lan_and_history: node-b is here; the history has node-b, node-c and old
lan_and_history() {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	a_history <<-END
		node-b 4 eth0 0a4d0002 600 - -
		node-c 4 eth0 0a4d0003 7200 3600 expired
		old 4 eth0 0a4d0004 864000 863000 expired
	END
}

@test "hosts that were here in the last 7 days, and are not here now, are one line, with exit status 1" {
	lan_and_history
	run -1 --separate-stderr rollcall missing --db "$DB"
	[ "$output" = 'missing: node-c (1 of 2 hosts)' ]
	[ -z "$stderr" ]
	run -1 rollcall missing --db "$DB" --since 30d
	[ "$output" = 'missing: node-c, old (2 of 3 hosts)' ]
}

@test "if no host is missing, nothing is printed, with exit status 0" {
	lan_and_history
	run -0 rollcall missing --db "$DB" --since 30m
	[ -z "$output" ]
	[ "$(rollcall missing --db "$DB" --since 30m -j)" = '[]' ]
}

@test "JSON has when and where a missing host was last seen" {
	lan_and_history
	run -1 rollcall missing --db "$DB" -j
	jq -e 'map(del(.last_seen)) == [{ hostname: "node-c", address: "10.77.0.3", interface: "eth0" }]' <<<"$output"
	[ "$(jq -r '.[0].last_seen' <<<"$output")" = "$(at 3635 | sed 's/Z/.000Z/')" ]
}

@test "hosts of a file: comments and empty lines are ignored, names compare without case, this host is here" {
	lan_and_history
	printf '%s\n' '# servers' '' 'NODE-B' '  node-a' 'node-x ' 'node-x' >"$T/expected"
	run -1 on node-a rollcall missing --expect "$T/expected"
	[ "$output" = 'missing: node-x (1 of 3 hosts)' ]
	run -1 on node-a rollcall missing --expect "$T/expected" -j
	jq -e '. == [{ hostname: "node-x" }]' <<<"$output"
	age node-b 36s
	run -1 on node-a rollcall missing --expect "$T/expected"
	[ "$output" = 'missing: node-b, node-x (2 of 3 hosts)' ]
}

@test "a file that cannot be read, and a line that is no hostname, are one message" {
	lan_and_history
	fails_with 1 "cannot read '$T/none': No such file or directory" rollcall missing --expect "$T/none"
	fails_with 1 "cannot read '$T': Is a directory" rollcall missing --expect "$T"
	printf '%s\n' node-b 'node c' >"$T/expected"
	fails_with 1 "'$T/expected', line 2: 'node c' is not a hostname \(one hostname per line\)" rollcall missing --expect "$T/expected"
	fails_with 2 "--expect reads no history: leave --since out" rollcall missing --expect "$T/expected" --since 1d
}

@test "without a table it is a failure with a message, and no host is reported as missing" {
	a_history </dev/null
	run -1 --separate-stderr rollcall missing --db "$DB"
	[ -z "$output" ]
	[[ $stderr = "rollcall: no table in "* ]]
}
