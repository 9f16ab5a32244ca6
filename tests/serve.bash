# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for the suites of `serve`. The server and its clients are on node-a.

URL=http://127.0.0.1:49001

setup_more() {
	DB=$T/db/history.db
}

# serve [OPTION...]: start the server, and wait until it listens
serve() {
	start server on node-a rollcall serve --db "$DB" "$@"
	await has_line server '^rollcall-serve: listening on '
}

# served: node-a is attached and serves, node-b is announced
served() {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	serve "$@"
}

# ask PATH [CURL-OPTION...]: print the body of the answer
ask() { on node-a curl -sS --max-time 30 --path-as-is "${@:2}" "$URL$1"; }
# status_of PATH [CURL-OPTION...]: print the status of the answer
status_of() { ask "$1" -o "$T/body" -w '%{http_code}' "${@:2}"; }
headers() { ask "$1" -D - -o /dev/null "${@:2}" | tr -d '\r'; }
header() { headers "$1" "${@:3}" | sed -nE "s/^$2: (.*)/\1/Ip"; }
# answers STATUS PATH [CURL-OPTION...]
answers() {
	local status
	rm -f "$T/body" # curl writes no file for an empty body
	status=$(status_of "${@:2}")
	[ "$status" = "$1" ] || {
		echo "$2: status $status, not $1: $(head -c 500 "$T/body")"
		return 1
	}
}
# rejects STATUS REGEX PATH [CURL-OPTION...]: the answer has STATUS, and its body is an error that matches
rejects() {
	answers "$1" "${@:3}"
	jq -r .error "$T/body" | grep -qE -- "$2" || {
		cat "$T/body"
		return 1
	}
}
is_well() { [ "$(ask /healthz)" = ok ]; }

PATHS=(/ /style.css /app.js /icon.svg /api/v1/peers /api/v1/hosts /api/v1/status /api/v1/history /api/v1/timeline /metrics
	/targets /hosts /names /healthz)

# without_ages: filter JSON, without what changes from one read to the next
without_ages() { jq -S 'walk(if type == "object" then del(.age_ms, .expires_ms, .received, .last_announcement) else . end)'; }

# follow NAME [CURL-OPTION...]: follow the events; they are in $(out NAME)
follow() {
	start "$1" on node-a curl -sSN "${@:2}" "$URL/api/v1/events"
	await has_line "$1" '^id: '
}
# events_of NAME: print the events, as "join node-b announced"
events_of() { sed -n 's/^data: //p' "$(out "$1")" | jq -r '"\(.event) \(.hostname) \(.reason)"'; }
has_event() { events_of "$1" | grep -qxF "$2"; }
last_id() { sed -n 's/^id: //p' "$(out "$1")" | tail -n 1; }

# raw TEXT: send TEXT, as printf(1) formats it, and print what comes back until the server closes or 2 s are over
raw() { printf "$1" | on node-a timeout 20 nc -q 1 127.0.0.1 49001 | tr -d '\r'; }

rss_kb() { awk '$1 == "VmRSS:" { print $2 }' "/proc/${PIDS[server]}/status"; }
