#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The files of examples/prometheus, by promtool and jq. A real Prometheus answers every query of the dashboard, from the
# metrics of a real listener. `scripts/deps prometheus` unpacks them.

load ../helper
load ../metrics

EXAMPLE=$TOP/examples/prometheus
DASHBOARD=$EXAMPLE/dashboard.json

setup_more() { type -P prometheus promtool >/dev/null || skip "no Prometheus could be had: scripts/deps prometheus"; }

alerts() { sed -nE 's/^ *- alert: //p' "$EXAMPLE/rules.yml"; }
# tested_alerts yes|no: print the alerts that a test expects to fire, or not to fire
tested_alerts() {
	awk -v fires="$1" '$1 == "alertname:" { alert = $2 } $1 == "exp_alerts:" && ($2 == "[]") == (fires == "no") { print alert }' \
		"$EXAMPLE/rules_test.yml" | sort -u
}

@test "promtool finds nothing wrong with the example's configuration and rules" {
	promtool check config "$EXAMPLE/prometheus.yml"
	promtool check rules "$EXAMPLE/rules.yml"
	run ! promtool check rules <(sed 's/rollcall_conflicts > 0/rollcall_conflicts >/' "$EXAMPLE/rules.yml")
}

@test "the tests of the rules pass, and fail if a rule is changed" {
	local changed
	promtool test rules "$EXAMPLE/rules_test.yml"
	cp "$EXAMPLE"/*.yml "$T"
	for changed in 's/up{job="rollcall"} == 0/up == 0/' 's/ unless on (hostname) rollcall_host_info//' 's/0\.9 \*/0.4 */' \
		's/for: 2m/for: 90s/' 's/blocked|unknown/blocked/' 's/(hostname, segment)/(hostname, segment, interface)/' \
		's/rollcall_full == 1/rollcall_full == 0/' 's/rollcall_conflicts > 0/rollcall_conflicts > 1/'; do
		echo "changed: $changed"
		sed "$changed" "$EXAMPLE/rules.yml" >"$T/rules.yml"
		run ! diff -q "$EXAMPLE/rules.yml" "$T/rules.yml"
		run ! promtool test rules "$T/rules_test.yml"
	done
}

@test "each alert has a test in which it fires and one in which it does not" {
	[ "$(alerts | wc -l)" -ge 10 ]
	diff <(alerts | sort) <(tested_alerts yes)
	diff <(alerts | sort) <(tested_alerts no)
}

@test "the rules and the dashboard use only metrics that rollcall or Prometheus has" {
	diff <(cat "$EXAMPLE/rules.yml" "$DASHBOARD" | grep -oE '\brollcall_[a-z_]+' | sort -u) - <<-EOF
		rollcall_conflicts
		rollcall_full
		rollcall_host_info
		rollcall_host_series_left_out
		rollcall_host_up
		rollcall_hosts
		rollcall_interface_state
		rollcall_joins_total
		rollcall_last_announcement_age_seconds
		rollcall_leaves_total
		rollcall_loader_up
		rollcall_max_peers
		rollcall_places_taken
	EOF
}

@test "the dashboard is complete: schema, variables, and panels with a title, a place and queries" {
	jq -e '.schemaVersion >= 36 and (.title | length > 0) and (.uid | length > 0) and .time.from and (.panels | length >= 12)' "$DASHBOARD"
	jq -e '[.templating.list[] | { (.name): .type }] | add == { datasource: "datasource", segment: "query", hostname: "textbox" }' \
		"$DASHBOARD"
	# one line per faulty panel
	[ -z "$(jq -r '.panels[] | select((
			(.id | type == "number") and (.title | type == "string" and length > 0) and
			(.type | IN("stat", "timeseries", "table", "state-timeline")) and
			(.gridPos | (.x >= 0) and (.y >= 0) and (.w >= 1) and (.h >= 1) and (.x + .w <= 24)) and
			(.datasource == { type: "prometheus", uid: "${datasource}" }) and
			(.targets | length > 0 and all(.[]; (.expr | length > 0) and .datasource.uid == "${datasource}")) and
			([.targets[].refId] | length == (unique | length))
		) | not) | "panel: \(.title)"' "$DASHBOARD")" ]
	jq -e '[.panels[].id] | length == (unique | length)' "$DASHBOARD"
	jq -e '[.panels[].title] | length == (unique | length)' "$DASHBOARD"
	# no two panels overlap
	jq -e '[.panels[] | .gridPos | range(.x; .x + .w) as $x | range(.y; .y + .h) as $y | [$x, $y]] | length == (unique | length)' \
		"$DASHBOARD"
}

@test "promtool takes each query and the configuration of docs/segments.md" {
	local queries
	mapfile -t queries < <(grep '^| .*?.*`' "$TOP/docs/segments.md" | grep -o '`[^`]*`' | tr -d '`')
	[ "${#queries[@]}" -ge 8 ]
	printf '%s\n' "${queries[@]}" | jq -R . | jq -s '{ groups: [{ name: "documented",
		rules: [to_entries[] | { record: "query:\(.key)", expr: .value }] }] }' >"$T/rules.json"
	promtool check rules "$T/rules.json"
	sed -n '/^  ```yml$/,/^  ```$/ { /```/d; s/^  //; p }' "$TOP/docs/segments.md" >"$T/federation.yml"
	grep -q /federate "$T/federation.yml"
	promtool check config "$T/federation.yml"
}

# get PATH: from Prometheus
get() {
	on node-a bash -c 'exec 3<>/dev/tcp/127.0.0.1/9090 || exit; printf "GET %s HTTP/1.0\r\n\r\n" "$1" >&3; cat <&3' - "$1" |
		sed '1,/^\r*$/d'
}
series() { get "/api/v1/query?query=$(jq -rn --arg query "$1" '$query | @uri')" | jq '.data.result | length'; }
has_series() { [ "$(series "$1")" -gt 0 ]; }
has_no_series() { [ "$(series "$1")" = 0 ]; }

# queries: print the queries of the dashboard, with values for its variables
queries() {
	jq -r '.panels[].targets[].expr, (.templating.list[] | select(.type == "query") | .query.query |
		capture("^label_values\\((?<metric>.*), (?<label>[a-z]+)\\)$") | "count by (\(.label)) (\(.metric))")' "$DASHBOARD" |
		sed 's/\$segment/lab|office|storage/g; s/\$hostname/node-.*/g; s/\$__rate_interval/1m/g'
}

# example_site: run the configuration of the example with one listener, which has the addresses of all three segments.
# So each hostname appears on three segments. node-c is missing.
example_site() {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	printf '%s\n' node-b node-c >"$T/expected"
	printf 'addr add 192.0.2.%s/32 dev lo\n' 11 12 13 | ip -n "$ID-node-a" -batch -
	start serve on node-a rollcall serve --listen 0.0.0.0:49001 --host-series --expect "$T/expected"
	sed '/^ *for: /d' "$EXAMPLE/rules.yml" >"$T/rules.yml"
	sed -E 's/(scrape|evaluation|refresh)_interval: .*/\1_interval: 1s/' "$EXAMPLE/prometheus.yml" >"$T/prometheus.yml"
	start prometheus on node-a prometheus --config.file="$T/prometheus.yml" --storage.tsdb.path="$T/tsdb" \
		--web.listen-address=127.0.0.1:9090
}

@test "every query of the dashboard is answered from the metrics of a listener" {
	local query asked=0
	example_site
	while read -r query; do
		echo "asking: $query"
		[[ $query != *'$'* ]]
		await has_series "$query"
		asked=$((asked + 1))
	done < <(queries)
	[ "$asked" -ge 18 ]
	# both expected hosts have a series
	[ "$(series 'rollcall_host_up{hostname="node-c"} == 0')" = 3 ]
	[ "$(series 'rollcall_host_up{hostname="node-b"} == 1')" = 3 ]
}

@test "Prometheus discovers the hosts of each segment by /targets, and drops one that has left" {
	example_site
	mkdir "$T/www"
	echo 'demo_host_info{interface="wlan0"} 1' >"$T/www/metrics"
	start httpd on node-b busybox httpd -f -p 9100 -h "$T/www"
	for segment in office lab storage; do
		await has_series "up{job=\"hosts\",segment=\"$segment\",instance=\"node-b\",hostname=\"node-b\"} == 1"
		await has_series "demo_host_info{job=\"hosts\",segment=\"$segment\",interface=\"wlan0\"}"
	done
	has_no_series 'up{job="hosts",instance!="node-b"}'
	age node-b 36s
	await has_no_series 'up{job="hosts"}'
	await has_series 'rollcall_host_up{hostname="node-b"} == 0'
}
