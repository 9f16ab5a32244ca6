#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall serve and its clients: many of them, slow ones, and requests that are no good. The server stays up.
# bats file_tags=long

load helper
load serve

clients() { start clients on node-a "$TOP/tests/tools/http_clients" "$@"; }
descriptors() { ls "/proc/${PIDS[server]}/fd" | wc -l; }
has_descriptors() { [ "$(descriptors)" -le "$1" ]; }
swept() { rollcall metrics | sed -n 's/^rollcall_sweeps_total //p'; }

# cpu_ms NAME: print the CPU time of a process so far
cpu_ms() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / hz }' "/proc/${PIDS[$1]}/stat"; }

@test "1,000 event streams get a join, in less than 40 MB, and the loader does not notice" {
	local before
	served
	before=$(cpu_ms loader-node-a)
	clients streams 1000 newcomer
	await has_line clients '^open$'
	announce_from node-b --hostname newcomer
	await has_line clients '^delivered$'
	echo "RSS with 1,000 streams: $(rss_kb) kB; loader: $(($(cpu_ms loader-node-a) - before)) ms of CPU"
	[ "$(rss_kb)" -lt 40960 ]
	is_well
	[ "$(($(cpu_ms loader-node-a) - before))" -lt 1000 ]
	# the descriptors of clients that have gone are closed, without an event
	stop clients || :
	await has_descriptors 30
	is_well
}

@test "after 1,024 event streams there is a reason, and other requests are answered" {
	served
	clients streams 1024 newcomer
	await has_line clients '^open$'
	rejects 503 'event streams already' /api/v1/events
	[ -n "$(header /api/v1/events retry-after)" ]
	is_well
}

@test "requests that come byte by byte, and connections without a request, are closed" {
	served
	clients loris 300
	await ended clients
	has_line clients '^closed$'
	is_well
	clients idle 300
	await ended clients
	has_line clients '^closed$'
	is_well
}

@test "more connections than there may be do not stop the server" {
	served
	clients idle 1300
	await has_line clients '^connected$'
	await is_well
}

@test "a client that does not read its answer is dropped" {
	served --host-series
	on node-a crowd eth0 8000 0
	await has_descriptors 30
	local before
	before=$(descriptors)
	clients stuck 20 /api/v1/hosts
	await has_line clients '^sent$'
	await is_well # after the answers were made
	await has_descriptors "$before"
	is_well
}

@test "a client that does not read its events is dropped" {
	served
	local before
	before=$(descriptors)
	clients stuck 20 /api/v1/events
	await has_line clients '^sent$'
	is_well
	[ "$(descriptors)" -ge $((before + 20)) ]
	# more events than the kernel and the ring keep
	on node-a crowd eth0 9000 0
	await has_descriptors "$before"
	is_well
}

@test "garbage" {
	served
	clients garbage 1
	await has_line clients '^done$'
	is_well
	await has_descriptors 30
}

# is_answered STATUS REQUEST: the answer has this status, a pattern
is_answered() { [[ $(raw "$2" | head -1) = *" "$1" "* ]]; }

@test "requests that are too large" {
	served
	local long
	long=$(head -c 20000 /dev/zero | tr '\0' a)
	# await: the server closes before it has read all, so the kernel may reset the connection before nc reads the answer
	await is_answered '4[13][14]' "GET /$long HTTP/1.1\r\nHost: localhost\r\n\r\n"
	await is_answered '4[0-9][0-9]' "GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: $long\r\nConnection: close\r\n\r\n"
	! raw "GET / HTTP/1.1\r\nHost: localhost\r\n$(printf 'X-%s: 1\\r\\n' {1..3000})\r\n" | grep -q ' 200 '
	[[ $(raw "GET /targets?port=$(head -c 3000 /dev/zero | tr '\0' 1) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" | head -1) = *" 400 "* ]]
	is_well
}

@test "pipelined requests are answered in their order" {
	served
	local request='GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n' closing='localhost\r\nConnection: close' answer
	answer=$(raw "$request${request/healthz/names}${request/healthz/unknown}${request/localhost/$closing}")
	[ "$(grep '^HTTP' <<<"$answer" | cut -d' ' -f2 | paste -sd' ')" = '200 200 404 200' ]
	# what follows a body is no second request
	answer=$(raw 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nabcde'"$request")
	[ "$(grep -c '^HTTP' <<<"$answer")" = 1 ]
	is_well
}

@test "no spelling of a path is another path" {
	served
	local path
	for path in /../etc/passwd /%2e%2e/ /%2e%2e/%2e%2e/etc/passwd //healthz /./healthz /healthz/ /healthz%00 /health%7a \
		/healthz%2f /HEALTHZ '/healthz;x' /api/v1/../../healthz '/\healthz' /healthz%0d%0aX-Evil:1; do
		rejects 404 'nothing is served' "$path"
	done
	raw 'GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' | head -1 | grep -q ' 404 '
	raw 'GET /\0healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' | grep -q '^ok' && return 1
	raw 'GET /healthz HTTP/1.1\r\nConnection: close\r\nHost: local\0host\r\n\r\n' | grep -q '^ok' && return 1
	is_well
}

@test "too few descriptors: fewer connections, and a warning" {
	lan node-a node-b
	attach_on node-a
	start server on node-a sh -c 'ulimit -n 200; exec rollcall serve'
	await has_line server 'allows 136 connections, not 1100'
	await is_well
	clients idle 190
	await has_line clients '^connected$'
	await is_well
}

@test "16,000 hosts" {
	lan node-a node-b
	attach_on node-a
	serve
	on node-a crowd eth0 16000 0
	local seconds
	seconds=$(ask /api/v1/hosts -o "$T/body" -w '%{time_total}')
	echo "16,000 hosts: $(wc -c <"$T/body") bytes in $seconds s, RSS $(rss_kb) kB"
	[ "$(jq length "$T/body")" = 16000 ]
	[ "$(ask / | grep -o '<tr><td>' | wc -l)" = 16000 ]
}
