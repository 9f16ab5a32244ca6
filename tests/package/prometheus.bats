#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# A real Prometheus reads the output of 'metrics'. It discovers the hosts of the LAN by 'metrics --sd', scrapes them,
# and drops hosts that have left. `scripts/deps prometheus` unpacks it.

load ../helper
load ../metrics

# The configuration of docs/metrics.md, with a short scrape interval.
setup_more() {
	type -P prometheus promtool >/dev/null || skip "no Prometheus could be had: scripts/deps prometheus"
	sed -n '/^```yaml$/,/^```$/ { /^```/d; p }' "$TOP/docs/metrics.md" |
		sed "s|/etc/prometheus/rollcall.json|$T/rollcall.json|; s/scrape_interval: .*/scrape_interval: 1s/" >"$T/prometheus.yml"
	grep -q "$T/rollcall.json" "$T/prometheus.yml"
	grep -q "scrape_interval: 1s" "$T/prometheus.yml"
}

list_targets() { rollcall metrics --sd --output "$T/rollcall.json"; }

# serve_metrics HOST: serve a file of HOST at port 9100, over both families
serve_metrics() {
	mkdir -p "$T/www-$1"
	echo "demo_host_info{name=\"$1\"} 1" >"$T/www-$1/metrics"
	start "httpd-$1" on "$1" busybox httpd -f -p '[::]:9100' -h "$T/www-$1"
	await connects "$1" 9100
}

# connects HOST PORT, get HOST PORT PATH: connect to the loopback address of HOST
connects() { on "$1" bash -c ': </dev/tcp/127.0.0.1/"$1"' - "$2"; }
get() {
	on "$1" bash -c 'exec 3<>/dev/tcp/127.0.0.1/"$1"; printf "GET %s HTTP/1.0\r\n\r\n" "$2" >&3; cat <&3' - "$2" "$3" |
		sed '1,/^\r*$/d'
}

start_prometheus() {
	start prometheus on node-a prometheus --config.file="$T/prometheus.yml" --storage.tsdb.path="$T/tsdb" \
		--web.listen-address=127.0.0.1:9090
	await connects node-a 9090
}

# ask QUERY: print the current values in Prometheus, one per line
ask() { on node-a promtool query instant http://127.0.0.1:9090 "$1" | sed 's/.* => \([^ ]*\) .*/\1/'; }
answers() { [ "$(ask "$1")" = "$2" ]; }
active_targets() { get node-a 9090 /api/v1/targets | jq -r '.data.activeTargets[].labels.hostname' | sort | paste -sd' '; }
has_targets() { [ "$(active_targets)" = "$1" ]; }

@test "a host that is received is discovered and scraped, and one that has left is dropped" {
	lan node-a node-b node-c
	attach_on node-a
	serve_metrics node-b
	serve_metrics node-c
	list_targets
	start_prometheus
	await has_targets ''

	start announcer-b on node-b rollcall announce -4 eth0
	start announcer-c on node-c rollcall announce -4 eth0
	await lists node-b
	await lists node-c
	list_targets
	await answers 'up{hostname="node-b"}' 1
	await answers 'up{hostname="node-c"}' 1
	await answers 'demo_host_info{name="node-b",instance="node-b",heard_on="eth0"}' 1
	answers 'demo_host_info{name="node-b",instance="node-c"}' ''

	stop announcer-b || :
	age node-b 36s
	list_targets
	[ "$(jq -r '.[].labels.hostname' "$T/rollcall.json")" = node-c ]
	await has_targets node-c
	await answers 'up{hostname="node-b"}' ''
	await answers 'up{hostname="node-c"}' 1
}

@test "a host that is received only over IPv6 is scraped at its link-local address" {
	lan node-a node-b
	attach_on node-a
	serve_metrics node-b
	on node-b rollcall announce -6 eth0 --count 1
	await lists node-b
	list_targets
	[[ $(jq -r '.[0].targets[0]' "$T/rollcall.json") = "[fe80::"*"%eth0]:9100" ]]
	start_prometheus
	await answers 'up{hostname="node-b"}' 1
}

@test "every sample of the metrics is taken, under its own labels" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	serve_metrics node-b
	rollcall metrics >"$T/www-node-b/metrics"
	list_targets
	start_prometheus
	await answers 'count({__name__=~"rollcall_.*"})' "$(grep -vc '^#' "$T/www-node-b/metrics")"
	answers 'rollcall_frames_total{interface="eth0",outcome="joined"}' 1
	answers 'sum(rollcall_entries{interface="eth0"})' 1
	answers 'count({exported_interface!=""})' ''
}

# the queries of the table in docs/metrics.md
documented_queries() { grep '^| ' "$TOP/docs/metrics.md" | grep -o '`[^`]*`' | tr -d '`' | sed 's/\\|/|/g'; }

@test "Prometheus takes every question that the document asks" {
	local query asked=0
	lan node-a
	echo '[]' >"$T/rollcall.json"
	start_prometheus
	while read -r query; do
		echo "asking: $query"
		on node-a promtool query instant http://127.0.0.1:9090 "$query"
		asked=$((asked + 1))
	done < <(documented_queries)
	[ "$asked" -eq 13 ]
	run ! on node-a promtool query instant http://127.0.0.1:9090 "$query)"
}

@test "promtool finds nothing wrong, neither with the metrics nor with the documented configuration" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	list_targets
	run promtool check metrics < <(rollcall metrics)
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	promtool check config "$T/prometheus.yml"
}
