#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall serve: the paths and their contents, headers, methods, names of the server, events, metrics.

load helper
load serve

@test "the paths have what the commands print" {
	served
	diff <(ask /api/v1/peers | without_ages) <(on node-a rollcall peers -j | without_ages)
	diff <(ask /api/v1/status | without_ages) <(on node-a rollcall status -j | without_ages)
	diff <(ask /hosts) <(on node-a rollcall peers -f hosts)
	diff <(ask /names) <(on node-a rollcall peers -f names)
	diff <(ask /targets) <(on node-a rollcall metrics --sd)
	diff <(ask '/targets?port=80') <(on node-a rollcall metrics --sd --sd-port 80)
	diff <(ask /metrics | sed 's/ .*//') <(on node-a rollcall metrics | sed 's/ .*//')
	[ "$(ask /healthz)" = ok ]
}

@test "a host is one object with its entries" {
	lan node-a node-b
	attach_on node-a
	on node-b rollcall announce -q eth0 --count 2 --interval 100ms
	await lists node-b
	serve
	diff <(ask /api/v1/hosts | jq '.[0].entries' | without_ages) <(on node-a rollcall peers -j | without_ages)
	ask /api/v1/hosts | jq -e '.[0] | .hostname == "node-b" and .address == "10.77.0.2" and .interface == "eth0" and
		.announcements == 4 and .age_ms >= 0 and .expires_ms > 0 and (.entries | length) == 2 and
		.since == ([.entries[].first_seen] | min) and (has("note") | not) and (has("last_intervals") | not)'
	[ "$(ask '/api/v1/hosts?host=node-b' | jq length)" = 1 ]
	[ "$(ask '/api/v1/hosts?host=10.77.0.*' | jq length)" = 1 ]
	[ "$(ask '/api/v1/hosts?host=other' | jq length)" = 0 ]
	[ "$(ask '/api/v1/peers?host=node%2Db' | jq length)" = 2 ]
}

@test "a host that moved has a note and the other address" {
	served
	on node-a ip addr add 10.77.0.77/24 dev lo # only to have the address in no other place
	on node-b ip addr del 10.77.0.2/24 dev eth0
	on node-b ip addr add 10.77.0.22/24 dev eth0
	announce_from node-b
	await sh -c 'rollcall peers -j | grep -q 10.77.0.22'
	ask /api/v1/hosts | jq -e '.[0] | .note == "moved" and .other_address == "10.77.0.2" and .address == "10.77.0.22"'
}

@test "the page has a row of each host, escaped, and is live" {
	served
	peer "$ROLLCALL_PIN_DIR" add '<b>"&' 10.77.0.9 "$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')"
	ask / >"$T/page"
	grep -qF '<tr><td>node-b</td><td>10.77.0.2</td><td>eth0</td>' "$T/page"
	[ "$(grep -o '<tr><td>' "$T/page" | wc -l)" = 2 ]
	! grep -qF '<b>' "$T/page"
	! grep -qF '<!--hosts-->' "$T/page"
	[ "$(header / cache-control)" = no-store ]
}

@test "HEAD has the headers of GET, with the length, and no body" {
	served
	local path
	start recorder rollcall record --db "$DB"
	await has_line recorder recording
	for path in "${PATHS[@]}"; do
		# digits of ages may change between the two requests
		diff <(headers "$path" | grep -vE '^(Date|Content-Length)') <(headers "$path" -I | grep -vE '^(Date|Content-Length)')
		headers "$path" -I | grep -qE '^Content-Length: [0-9]+$'
		[ "$(ask "$path" -I -o /dev/null -w '%{size_download}')" = 0 ]
	done
	headers /api/v1/events -I | grep -qx 'Content-Type: text/event-stream'
}

@test "types and safety headers" {
	served
	local path
	for path in "${PATHS[@]}" /unknown; do
		[ "$(header "$path" content-security-policy)" = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" ]
		[ "$(header "$path" x-content-type-options)" = nosniff ]
		[ "$(header "$path" referrer-policy)" = no-referrer ]
		[ -z "$(header "$path" access-control-allow-origin -H 'Origin: http://other.example')" ]
	done
	[ "$(header /metrics content-type)" = 'text/plain; version=0.0.4' ]
	[ "$(header /targets content-type)" = application/json ]
	[ "$(header /api/v1/peers cache-control)" = no-store ]
	[ "$(header / content-type)" = 'text/html; charset=utf-8' ]
}

@test "static files have an ETag, and are not sent again" {
	served
	local path etag
	for path in /style.css /app.js /icon.svg; do
		etag=$(header "$path" etag)
		[ -n "$etag" ]
		[ "$(header "$path" cache-control)" = no-cache ]
		answers 304 "$path" -H "If-None-Match: $etag"
		[ ! -s "$T/body" ]
		answers 304 "$path" -H 'If-None-Match: *'
		answers 200 "$path" -H 'If-None-Match: "other"'
	done
	cmp <(ask /app.js) "$TOP/user/http/page/app.js"
}

@test "other methods and bodies are rejected" {
	served
	local method
	for method in POST PUT DELETE OPTIONS PATCH TRACE; do rejects 405 'GET and HEAD' /healthz -X "$method"; done
	rejects 405 'GET and HEAD' /api/v1/peers -d body
	[ "$(header /healthz allow -X DELETE)" = 'GET, HEAD' ]
	rejects 400 'no body' /healthz -X GET -d body
	rejects 400 'no body' /healthz -X GET -H 'Transfer-Encoding: chunked' -d body
	is_well
}

@test "unknown paths and bad values are errors in JSON" {
	served
	rejects 404 'nothing is served' /unknown
	rejects 404 'nothing is served' /api/v1/
	rejects 400 "port: '0' is not in 1..65535" '/targets?port=0'
	rejects 400 "port: 'x' is not" '/targets?port=x'
	rejects 400 'port: it is given twice' '/targets?port=1&port=2'
	rejects 400 "unknown parameter 'prt'" '/targets?prt=1'
	rejects 400 "slots: '1001' is not in 1..1000" '/api/v1/timeline?slots=1001'
	rejects 400 'since: .* is not a duration' '/api/v1/history?since=yesterday'
	rejects 400 'until is not later than since' '/api/v1/history?since=1d&until=2d'
	rejects 400 'not allowed' '/api/v1/hosts?host=a%00b'
	rejects 400 'not allowed' '/api/v1/hosts?host=%zz'
	answers 200 '/?anything=1'
}

@test "a request to a foreign name gets 421" {
	served --host Roll.example --host second.example
	local host
	for host in evil.example evil.example:49001 localhost.evil.example 127.0.0.1.evil.example '[::1' '[::1]x' '' 127.1 localhost:x; do
		[ -n "$host" ] || continue
		rejects 421 'no name of this server' /healthz -H "Host: $host"
	done
	for host in localhost LOCALHOST:49001 127.0.0.1 10.1.2.3:80 '[::1]' '[fe80::1]:49001' roll.example ROLL.EXAMPLE:443 second.example; do
		answers 200 /healthz -H "Host: $host"
	done
}

@test "a request has one Host; only HTTP/1.0 may have none" {
	served
	raw 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n' | head -1 | grep -q ' 400 '
	raw 'GET /healthz HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nHost: localhost\r\n\r\n' | head -1 | grep -q ' 400 '
	raw 'GET /healthz HTTP/1.0\r\n\r\n' | head -1 | grep -q ' 200 '
	raw 'GET /healthz HTTP/1.0\r\nHost: evil.example\r\n\r\n' | head -1 | grep -q ' 421 '
}

@test "without a table there is a reason, and the page still loads" {
	lan node-a node-b
	serve
	local path
	for path in /api/v1/peers /api/v1/hosts /api/v1/status /metrics /targets /hosts /names /healthz; do
		rejects 503 'nothing is attached|no table|attach' "$path"
		[ -n "$(header "$path" retry-after)" ]
	done
	answers 200 /
	grep -q '<tr><td colspan="8">.*attach' "$T/body"
	answers 200 /app.js
	# the requests are not in the log
	[ "$(grep -c . "$(out server)")" -le 2 ]
	attach_on node-a
	await is_well
}

@test "a table that was recreated is followed" {
	served
	follow client
	stop loader-node-a
	await has_event client 'leave node-b detached'
	rejects 503 attach /healthz
	attach_on node-a
	await has_event client 'resync null table'
	announce_from node-b --hostname again
	await has_event client 'join again announced'
	[ "$(ask /names)" = again ]
}

@test "the reason that there is no table has --pin-dir only if the server was started with it" {
	lan node-a
	serve
	rejects 503 "run 'rollcall attach IFACE', " /api/v1/status
	stop server
	serve --pin-dir "$ROLLCALL_PIN_DIR"
	rejects 503 "run 'rollcall attach IFACE --pin-dir $ROLLCALL_PIN_DIR', " /api/v1/status
}

@test "a table that is created after the server is reported by a resync" {
	lan node-a node-b
	serve
	follow client
	attach_on node-a
	await has_event client 'resync null table'
}

@test "events are the objects of watch, with increasing ids" {
	served
	follow client
	start watch rollcall watch -j
	await has_line watch node-b
	announce_from node-b --hostname other
	await has_event client 'join other announced'
	await has_line watch '"join".*"other"'
	age other 40s
	announce_from node-b --hostname hint # the watchers read the table
	await has_event client 'leave other expired'
	await has_event client 'join hint announced'
	await has_line watch '"leave".*"other"'
	await has_line watch hint
	diff <(sed -n 's/^data: //p' "$(out client)") <(grep -E '"(other|hint)"' "$(out watch)")
	grep -qx 'retry: [0-9]*' "$(out client)"
	# the hosts that are here at the start are no events
	! has_event client 'join node-b present'
	sed -n 's/^id: //p' "$(out client)" | sort -nc
	[ "$(sed -n 's/^id: //p' "$(out client)" | uniq | wc -l)" = 4 ]
}

@test "a client that comes back continues after its last event" {
	served
	follow client
	announce_from node-b --hostname first
	await has_event client 'join first announced'
	local id
	id=$(last_id client)
	announce_from node-b --hostname second
	await has_event client 'join second announced'
	stop client || :
	follow again -H "Last-Event-ID: $id"
	await has_event again 'join second announced'
	! has_event again 'join first announced'
	follow latest -H "Last-Event-ID: $((id + 1))"
	! grep -q reload "$(out latest)"
}

@test "a client whose last event is not known reloads" {
	served
	local id
	for id in 1 99999999999999999999999 99999999999999999 x -1 ''; do
		[ -n "$id" ] || continue
		follow "client$id" -H "Last-Event-ID: $id"
		grep -qx 'event: reload' "$(out "client$id")"
	done
	announce_from node-b --hostname other
	await has_event client1 'join other announced'
}

@test "--expect: a host that is missing is a series with 0" {
	printf '%s\n' node-b Node-A absent '# comment' >"$T/expect"
	served --expect "$T/expect"
	diff <(ask /metrics | grep '^rollcall_host_up') <(printf 'rollcall_host_up{hostname="%s"} %s\n' absent 0 node-a 1 node-b 1)
	echo other >"$T/expect.new" && mv "$T/expect.new" "$T/expect"
	[ "$(ask /metrics | grep '^rollcall_host_up')" = 'rollcall_host_up{hostname="other"} 0' ]
	echo 'not a name' >"$T/expect"
	[ "$(ask /metrics | grep '^rollcall_host_up')" = 'rollcall_host_up{hostname="other"} 0' ]
	ask /metrics >/dev/null
	[ "$(grep -c 'is not a hostname' "$(out server)")" = 1 ]
	rm "$T/expect"
	[ "$(ask /metrics | grep '^rollcall_host_up')" = 'rollcall_host_up{hostname="other"} 0' ]
}

@test "--host-series: a series per live host, at most --max-series" {
	load metrics
	served --host-series --max-series 2
	[ "$(ask /metrics | grep '^rollcall_host_info')" = 'rollcall_host_info{hostname="node-b",address="10.77.0.2",interface="eth0"} 1' ]
	[ "$(ask /metrics | grep '^rollcall_host_series_left_out')" = 'rollcall_host_series_left_out 0' ]
	announce_from node-b --hostname a1
	announce_from node-b --hostname a2
	await lists a2
	[ "$(ask /metrics | grep -c '^rollcall_host_info')" = 2 ]
	ask /metrics | grep -qx 'rollcall_host_series_left_out 1'
	ask /metrics | well_formed
}

@test "the service manager may pass the socket" {
	lan node-a node-b
	attach_on node-a
	start server on node-a python3 -c '
import os, socket, sys
listener = socket.create_server(("127.0.0.1", 49002))
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execvp("rollcall", ["rollcall", "serve"])'
	await has_line server 'listening on 127.0.0.1:49002'
	[ "$(on node-a curl -sS http://127.0.0.1:49002/healthz)" = ok ]
}

@test "sockets that cannot be used are rejected with the reason" {
	lan node-a node-b
	attach_on node-a
	serve
	fails_with 1 'cannot listen on 127.0.0.1:49001: Address already in use' on node-a rollcall serve
	fails_with 1 'cannot listen on 10.1.2.3:80' on node-a rollcall serve --listen 10.1.2.3:80
	fails_with 1 'passed 2 sockets, not 1' on node-a sh -c 'LISTEN_PID=$$ LISTEN_FDS=2 exec rollcall-serve'
	fails_with 1 'no listening TCP socket' on node-a sh -c 'LISTEN_PID=$$ LISTEN_FDS=1 exec rollcall-serve 3</dev/null'
}

@test "IPv6" {
	lan node-a node-b
	attach_on node-a
	start server on node-a rollcall serve --listen '[::1]:49001'
	await has_line server 'listening on \[::1\]:49001'
	[ "$(on node-a curl -sS 'http://[::1]:49001/healthz')" = ok ]
}

@test "a signal stops it with exit status 0, with clients too" {
	local signal
	served
	for signal in TERM INT HUP; do
		follow client
		stop server "$signal"
		ends_with 0 client
		serve
	done
}

@test "a user without privileges can serve" {
	unset ROLLCALL_PIN_DIR
	mount --bind "$T/bpf" /sys/fs/bpf
	UNMOUNT=/sys/fs/bpf
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	# as the unit: in a user namespace too
	local wrap
	for wrap in '' 'unshare --user --map-current-user'; do
		setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all $wrap true || continue # in a chroot
		start server on node-a setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all $wrap "$BUILD/rollcall-serve"
		await has_line server listening
		[ "$(ask /names)" = node-b ]
		[ "$(ask /api/v1/status | jq -r '.interfaces[0].state')" = receiving ]
		follow client
		stop server
		ends_with 0 client
	done
}

@test "readiness is reported to the service manager" {
	lan node-a node-b
	attach_on node-a
	NOTIFY_SOCKET=$T/notify start notified notified "$T/notify"
	await test -S "$T/notify"
	NOTIFY_SOCKET=$T/notify serve
	await has_line notified READY=1
}

@test "wrong usage" {
	fails_with 2 "rollcall: --listen: '1.2.3.4' is not an address and a port" rollcall serve --listen 1.2.3.4
	fails_with 2 "listen: '::1:80' is not" rollcall serve --listen ::1:80
	fails_with 2 "listen: 'localhost:80' is not" rollcall serve --listen localhost:80
	fails_with 2 "listen: '127.0.0.1:0' is not" rollcall serve --listen 127.0.0.1:0
	fails_with 2 "host: 'a:80' is not a hostname without a port" rollcall serve --host a:80
	fails_with 2 'max-series requires --host-series' rollcall serve --max-series 5
	fails_with 2 "max-series: '0' is not" rollcall-serve --host-series --max-series 0
	fails_with 2 "unexpected argument 'x'" rollcall serve x
	fails_with 1 "'/nowhere'" rollcall serve --expect /nowhere
}

@test "rollcall-serve must be beside rollcall" {
	mkdir "$T/bin" && cp "$BUILD/rollcall" "$T/bin/rollcall"
	fails_with 1 "cannot run '$T/bin/rollcall-serve': No such file or directory \(install rollcall-serve" "$T/bin/rollcall" serve
}
