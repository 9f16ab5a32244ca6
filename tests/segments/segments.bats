#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# 40 segments with 250 hosts each, 40 listeners, and one real Prometheus that scrapes them: the questions of
# docs/segments.md have the right answers, also when a host moves or leaves, and when a listener terminates. The tests
# depend on the order, and share one site (segments.bash). On a busy machine a scrape can time out, so every answer is
# awaited. SEGMENTS=N makes a smaller site, of at least 12 segments.

load ../helper
load ../metrics
load segments

setup_file() {
	local number
	type -P prometheus >/dev/null || return 0
	site_variables
	mkdir "$T/bpf" "$T/pids"
	mount -t bpf segments "$T/bpf"
	ip netns add site
	printf '%s\n' 'link set lo up' 'link add mgmt0 type bridge' 'link set mgmt0 up' 'addr add 192.0.2.254/24 dev mgmt0' |
		ip -n site -batch -
	for ((number = 1; number <= SEGMENTS; number++)); do
		make_segment "$number"
		launch_loader "$number"
	done
	echo spare-host >>"$T/expected-12"
	for ((number = 1; number <= SEGMENTS; number++)); do
		await test -e "$(pin_dir "$number")/peers"
		launch_serve "$number"
		launch_announcers "announcers-$number" "$number" "$(first_host "$number")" "$GROUP_HOSTS"
		launch_announcers "last-$number" "$number" "$(last_host "$number")" 1
	done
	write_configuration
	launch_prometheus
}

setup() {
	site_variables
	type -P prometheus >/dev/null || skip "no Prometheus could be had: scripts/deps prometheus"
}

teardown() { :; }

teardown_file() {
	local name number
	site_variables
	[ -d "$T/pids" ] || return 0
	for name in "$T"/pids/*; do quit "${name##*/}" KILL || :; done
	umount "$T/bpf"
	for ((number = 1; number <= SEGMENTS; number++)); do ip netns del "segment-$number"; done
	ip netns del site
}

# per_segment COUNT [SEGMENT COUNT]...: print the expected lines "segment-N COUNT", with other counts for some
per_segment() {
	local -A other=()
	local count=$1 number
	shift
	while (($#)); do
		other[$1]=$2
		shift 2
	done
	for ((number = 1; number <= SEGMENTS; number++)); do
		echo "segment-$number ${other[$number]:-$count}"
	done | grep -v ' none$' | sort
}

@test "every listener is scraped, and each segment has its 250 hosts" {
	await answers "$SEGMENTS" 'sum(up{job="rollcall"})'
	await hosts_are "$(per_segment "$SEGMENT_HOSTS")"
	await answers "$(per_segment "$SEGMENT_HOSTS")" 'count by (segment) (rollcall_host_info)' segment
	await answers "$((SEGMENTS * SEGMENT_HOSTS))" 'sum(rollcall_hosts)'
}

@test "which segment a host is on: one answer for each host of the site" {
	await is_on host-1 segment-1
	await is_on "host-$(first_host 7)" segment-7
	await is_on "host-$(last_host "$SEGMENTS")" "segment-$SEGMENTS"
	is_on host-60000 ''
	await answers "$((SEGMENTS * SEGMENT_HOSTS))" 'count(count by (hostname) (rollcall_host_info) == 1)'
}

@test "which expected hosts are missing: the one that was never received" {
	await are_missing 'segment-12 spare-host'
	await fires RollcallHostMissing 'segment-12 spare-host'
	answers '' 'ALERTS{alertstate="firing",alertname!="RollcallHostMissing"}' alertname segment interface
}

@test "which hostname appears on two segments: the one that another host announces" {
	local name
	name=host-$(first_host 10)
	launch_announcers other 5 "$(first_host 10)" 1
	await on_two "$name 2"
	await is_on "$name" 'segment-10 segment-5'
	await answers "$name 1" 'ALERTS{alertname="RollcallNameOnTwoSegments",alertstate="firing"}' hostname
	await hosts_are "$(per_segment "$SEGMENT_HOSTS" 5 $((SEGMENT_HOSTS + 1)))"
	quit other
	age_on 5 "$name"
	await on_two ''
	await is_on "$name" segment-10
}

@test "a host moves to another segment: the answer changes, and the host is not missing" {
	local name
	name=host-$(last_host 7)
	await is_on "$name" segment-7
	quit last-7
	launch_announcers last-7 2 "$(last_host 7)" 1
	await is_on "$name" 'segment-2 segment-7'
	age_on 7 "$name"
	await is_on "$name" segment-2
	await was_last_on "$name" segment-2
	await hosts_are "$(per_segment "$SEGMENT_HOSTS" 7 $((SEGMENT_HOSTS - 1)) 2 $((SEGMENT_HOSTS + 1)))"
	await fires RollcallHostElsewhere "segment-7 $name"
	answers "segment-7 $name 0" "$(documented 'Which expected hosts are on another')" segment hostname
	fires RollcallHostMissing 'segment-12 spare-host'

	quit last-7
	age_on 2 "$name"
	launch_announcers last-7 7 "$(last_host 7)" 1
	await is_on "$name" segment-7
	await fires RollcallHostElsewhere ''
}

@test "an expected host leaves: its series becomes 0 and stays, and the alert fires until it returns" {
	local name
	name=host-$(last_host 3)
	await answers 1 "rollcall_host_up{hostname=\"$name\"}"
	quit last-3
	age_on 3 "$name"
	await answers 0 "rollcall_host_up{hostname=\"$name\"}"
	await is_on "$name" ''
	[ "$(ask "$(documented 'Which hosts left')" segment hostname | grep "^segment-3 ")" = "segment-3 $name 1" ]
	await fires RollcallHostMissing "$(printf '%s\n' 'segment-12 spare-host' "segment-3 $name")"
	launch_announcers last-3 3 "$(last_host 3)" 1
	await answers 1 "rollcall_host_up{hostname=\"$name\"}"
	await fires RollcallHostMissing 'segment-12 spare-host'
}

@test "a loader terminates: its alert fires, and the filter and the listener go on" {
	quit loader-9 KILL
	await fires RollcallLoaderDown segment-9
	await answers "$SEGMENT_HOSTS" 'sum(rollcall_hosts{segment="segment-9"})'
	launch_loader 9
	await fires RollcallLoaderDown ''
}

@test "a listener terminates: its alert fires, its hosts are not reported as missing, and the others answer" {
	local name
	name=host-$(first_host 11)
	quit serve-11 KILL
	quit loader-11 KILL
	await answers 'segment-11 0' "$(documented 'Which segments have no listener')" segment
	await fires RollcallListenerDown segment-11
	await is_on "$name" ''
	await hosts_are "$(per_segment "$SEGMENT_HOSTS" 11 none)"
	fires RollcallHostMissing 'segment-12 spare-host'
	was_last_on "$name" segment-11

	launch_loader 11
	launch_serve 11
	await answers "$SEGMENTS" 'sum(up{job="rollcall"})'
	await is_on "$name" segment-11
	await fires RollcallListenerDown ''
}

@test "the site in figures" {
	local number scraped samples begun asked loaders=() serves=()
	for ((number = 1; number <= SEGMENTS; number++)); do
		loaders+=("$(rss "loader-$number")")
		serves+=("$(rss "serve-$number")")
	done
	scraped=$(get 192.0.2.1 "$SERVE_PORT" /metrics | wc -c)
	samples=$(ask 'scrape_samples_scraped{segment="segment-1"}')
	begun=${EPOCHREALTIME/./}
	on_two ''
	asked=$((${EPOCHREALTIME/./} - begun))
	figure "$SEGMENTS segments, $((SEGMENTS * SEGMENT_HOSTS)) hosts, all expected, scraped every $SCRAPE_SECONDS s"
	figure "series in Prometheus: $(ask prometheus_tsdb_head_series), of listeners: $(ask 'count({job="rollcall"})')"
	figure "one scrape: $scraped bytes, $samples samples"
	figure "duration of a scrape: mean $(ask 'avg(avg_over_time(scrape_duration_seconds{job="rollcall"}[1m]))') s," \
		"maximum $(ask 'max(max_over_time(scrape_duration_seconds{job="rollcall"}[1m]))') s"
	figure "evaluation of the rules: $(ask 'sum(prometheus_rule_group_last_duration_seconds)') s"
	figure "which hostnames appear on two segments, over HTTP: $((asked / 1000)) ms"
	figure "CPU of Prometheus: $(ask 'rate(process_cpu_seconds_total{job="prometheus"}[30s])') of one core"
	figure "RSS: Prometheus $(rss prometheus) KB," \
		"the largest serve $(printf '%s\n' "${serves[@]}" | sort -n | tail -n 1) KB," \
		"the largest loader $(printf '%s\n' "${loaders[@]}" | sort -n | tail -n 1) KB"
	[ "$samples" -gt $((2 * SEGMENT_HOSTS)) ]
}
