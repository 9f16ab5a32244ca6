# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for the suite of many segments. All of its tests share one site, which setup_file makes:
#
#	segment-1 to segment-$SEGMENTS	namespaces; each has a veth pair lan0-eth0 as its segment. 'announcers' sends on
#				lan0, and one 'rollcall attach' and one 'rollcall serve' run on eth0.
#	site			the namespace of Prometheus; a bridge connects it with mgmt0 of each segment, 192.0.2.0/24
#
# Segment N has the hosts host-(250 N - 249) to host-(250 N), all of which are expected there.

SEGMENTS=${SEGMENTS:-40} SEGMENT_HOSTS=250
PROMETHEUS_PORT=9090 SERVE_PORT=49001
INTERVAL=10s EXPIRY=60s AGE=61s # of the announcements, and of an expired entry
SCRAPE_SECONDS=$((2 * ${TIME_SCALE:-1}))

# The last host of a segment has a process of its own, so that it can move or terminate.
GROUP_HOSTS=$((SEGMENT_HOSTS - 1))
first_host() { echo $((($1 - 1) * SEGMENT_HOSTS + 1)); }
last_host() { echo $(($1 * SEGMENT_HOSTS)); }

site_variables() {
	T=$BATS_FILE_TMPDIR
	AWAIT_SECONDS=$((90 * ${TIME_SCALE:-1}))
	declare -gA PIDS=()
}

# launch NAME NAMESPACE CMD...: start CMD in the background; any test can then use its name
launch() {
	local name=$1 namespace=$2
	shift 2
	start "$name" nsenter --net="/run/netns/$namespace" -- "$@"
	echo "${PIDS[$name]}" >"$T/pids/$name"
	disown "${PIDS[$name]}" # otherwise bash prints a line when it is killed
}

pid_of() { cat "$T/pids/$1"; }

# quit NAME [SIGNAL]: send SIGNAL (TERM), and wait until the process has exited
quit() {
	local pid
	pid=$(pid_of "$1")
	rm "$T/pids/$1"
	kill "-${2:-TERM}" "$pid"
	await has_exited "$pid"
}
# a process is a zombie until the process that adopted it reads its exit status
has_exited() { [ ! -e "/proc/$1/stat" ] || grep -q '^State:.*Z' "/proc/$1/status"; }

pin_dir() { echo "$T/bpf/segment-$1"; }

launch_loader() { launch "loader-$1" "segment-$1" rollcall attach --pin-dir "$(pin_dir "$1")" --expiry "$EXPIRY" eth0; }
launch_serve() {
	launch "serve-$1" "segment-$1" rollcall serve --pin-dir "$(pin_dir "$1")" --listen "192.0.2.$1:$SERVE_PORT" \
		--host-series --expect "$T/expected-$1"
}
# launch_announcers NAME SEGMENT FIRST COUNT
launch_announcers() { launch "$1" "segment-$2" announcers lan0 "$INTERVAL" "$3" "$4"; }

# age_on SEGMENT HOSTNAME: the entry expires as if the time had passed
age_on() { peer "$(pin_dir "$1")" age "$2" "$AGE"; }

make_segment() {
	ip netns add "segment-$1"
	ip -n "segment-$1" -batch - <<-LINKS
		link set lo up
		link add eth0 type veth peer name lan0
		link set eth0 up
		link set lan0 up
		link add mgmt0 type veth peer name port$1 netns site
		addr add 192.0.2.$1/24 dev mgmt0
		link set mgmt0 up
	LINKS
	printf '%s\n' "link set port$1 master mgmt0" "link set port$1 up" | ip -n site -batch -
	seq -f 'host-%.0f' "$(first_host "$1")" "$(last_host "$1")" >"$T/expected-$1"
}

# The rules are those of the example, without 'for', which promtool tests. The jobs and labels are those of the example.
write_configuration() {
	local number
	sed '/^ *for: /d' "$TOP/examples/prometheus/rules.yml" >"$T/rules.yml"
	{
		printf '%s\n' 'global:' "  scrape_interval: ${SCRAPE_SECONDS}s" "  evaluation_interval: ${SCRAPE_SECONDS}s" "rule_files: [$T/rules.yml]" 'scrape_configs:' \
			'  - job_name: prometheus' "    static_configs: [{ targets: ['127.0.0.1:$PROMETHEUS_PORT'] }]" \
			'  - job_name: rollcall' '    static_configs:'
		for ((number = 1; number <= SEGMENTS; number++)); do
			printf '%s\n' "      - targets: ['192.0.2.$number:$SERVE_PORT']" "        labels: { segment: segment-$number }"
		done
	} >"$T/prometheus.yml"
}

launch_prometheus() {
	launch prometheus site prometheus --config.file="$T/prometheus.yml" --storage.tsdb.path="$T/tsdb" \
		--web.listen-address="127.0.0.1:$PROMETHEUS_PORT" --log.level=warn
}

# get ADDRESS PORT PATH: print the body of the response, in the namespace of Prometheus
get() {
	nsenter --net=/run/netns/site -- bash -c 'exec 3<>/dev/tcp/"$1"/"$2" || exit
		printf "GET %s HTTP/1.0\r\nHost: %s\r\n\r\n" "$3" "$1" >&3; cat <&3' - "$@" | sed '1,/^\r*$/d'
}

# ask QUERY [LABEL...]: print one line per series, sorted: the values of the labels, and the value
ask() {
	local query=$1
	shift
	get 127.0.0.1 "$PROMETHEUS_PORT" "/api/v1/query?query=$(jq -rn --arg query "$query" '$query | @uri')" |
		jq -r 'if .status != "success" then error("\(.error)") else . end |
			.data.result[] | [.metric[$ARGS.positional[]], .value[1]] | join(" ")' --args "$@" | sort
}

# answers EXPECTED QUERY [LABEL...]: EXPECTED has one line per series
answers() { diff <(printf '%s' "${1:+$1$'\n'}") <(ask "${@:2}"); }

# documented QUESTION [HOSTNAME]: print the query of docs/segments.md whose question begins with QUESTION
documented() {
	local query
	query=$(grep -F "| $1" "$TOP/docs/segments.md" | grep -o '`.*`' | tr -d '`')
	[ -n "$query" ] && echo "${query//node-b/${2-}}"
}

# where HOSTNAME: print the segments that the host is on; missing, firing ALERT: print "SEGMENT HOSTNAME"
where() { ask "$(documented 'On which segment is host' "$1")" segment | sed 's/ 1$//' | paste -sd' '; }
is_on() { [ "$(where "$1")" = "$2" ]; }
# was_last_on HOSTNAME SEGMENT: the step of the documented query is longer than a test should take
was_last_on() {
	[[ $(ask "$(documented 'On which segment was it last' "$1" | sed 's/\[1d:15s\]/[10m:1s]/')" segment) = "$2 "* ]]
}
missing() { ask "$(documented 'Which expected hosts are missing')" segment hostname | sed 's/ 0$//'; }
are_missing() { [ "$(missing)" = "$1" ]; }
# hosts_are "SEGMENT COUNT"...: the hosts of each segment, one line per segment
hosts_are() { answers "$1" "$(documented 'How many hosts')" segment; }
# on_two EXPECTED: the hostnames that appear on two segments
on_two() { answers "$1" "$(documented 'Which hostnames appear')" hostname; }
firing() { ask "ALERTS{alertname=\"$1\",alertstate=\"firing\"}" segment hostname | sed 's/ *1$//'; }
fires() { [ "$(firing "$1")" = "$2" ]; }

# rss NAME: print the resident memory in KB
rss() { awk '/^VmRSS:/ { print $2 }' "/proc/$(pid_of "$1")/status"; }

# figure TEXT: print a measured value with the results of the tests
figure() { echo "# $*" >&3; }
