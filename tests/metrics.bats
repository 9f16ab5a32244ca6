#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The output of 'metrics' for Prometheus: the values, the text format, the list of targets.

load helper
load metrics
load sealed

needs_promtool() { type -P promtool >/dev/null || skip "no promtool: scripts/deps prometheus"; }
ifindex() { ip -n "$ID-$1" -j link show dev "$2" | jq '.[0].ifindex'; }
outcomes_known() { sed -nE 's/^\tX\([A-Z0-9_]+, +([a-z0-9_]+),.*/\1/p' "$TOP/include/rollcall/outcome.h"; }

# as_status: print the counts of every interface, from 'status'
as_status() {
	rollcall status -j | jq -r '.interfaces[] | .name as $i | .outcomes | to_entries[] |
		"rollcall_frames_total{interface=\"\($i)\",outcome=\"\(.key)\"} \(.value)"'
}
frames() { rollcall metrics | grep '^rollcall_frames_total{'; }

# swept NAME SPAN: a new loader finds the entry SPAN old
swept() {
	stop loader-node-a HUP
	age "$@"
	attach_on node-a
}

node_b_is_heard() {
	lan node-a node-b "$@"
	attach_on node-a
	announce_from node-b
	await lists node-b
}

@test "every outcome of every attached interface is there, zero ones too" {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader-node-a
	frames | grep -v ' 0$' && return 1
	diff <(for dev in eth0 eth1; do outcomes_known | sed "s/.*/rollcall_frames_total{interface=\"$dev\",outcome=\"&\"} 0/"; done) \
		<(frames)
}

@test "the counts follow the frames, and are those of status" {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader-node-a
	announce_from node-b --count 2 --interval 100ms
	announce_from node-b --prefix other:
	announce_from node-b --hostname node-a
	on node-b rollcall announce -4 eth1 --count 1
	await is_valued 'rollcall_frames_total{interface="eth0",outcome="own"}' 1
	await is_valued 'rollcall_frames_total{interface="eth1",outcome="joined"}' 1
	is_valued 'rollcall_frames_total{interface="eth0",outcome="joined"}' 1
	is_valued 'rollcall_frames_total{interface="eth0",outcome="refreshed"}' 1
	is_valued 'rollcall_frames_total{interface="eth0",outcome="bad_prefix"}' 1
	is_valued 'rollcall_frames_total{interface="eth1",outcome="refreshed"}' 0
	diff <(as_status) <(frames)
}

@test "live entries are counted by interface and family, hosts once, expired ones not at all" {
	node_b_is_heard
	local eth0
	eth0=$(ifindex node-a eth0)
	stop loader-node-a KILL || : # no sweeper
	peer "$ROLLCALL_PIN_DIR" add six fe80::6 "$eth0"
	peer "$ROLLCALL_PIN_DIR" add seven fe80::7 "$eth0" 34s
	peer "$ROLLCALL_PIN_DIR" add eight fe80::8 "$eth0" 36s
	peer "$ROLLCALL_PIN_DIR" add nine 10.77.0.9 "$eth0" 36s
	is_valued 'rollcall_entries{interface="eth0",family="ipv4"}' 1
	is_valued 'rollcall_entries{interface="eth0",family="ipv6"}' 2
	is_valued rollcall_hosts 3
	is_valued rollcall_conflicts 0
	age node-b 36s
	is_valued 'rollcall_entries{interface="eth0",family="ipv4"}' 0
	is_valued 'rollcall_entries{interface="",family="ipv4"}' ''
	is_valued rollcall_hosts 2
	peer "$ROLLCALL_PIN_DIR" add elsewhere 10.77.0.9 4711
	peer "$ROLLCALL_PIN_DIR" add six 10.77.0.6 4711
	is_valued 'rollcall_entries{interface="",family="ipv4"}' 2
	is_valued rollcall_hosts 3
	[ "$(rollcall metrics | awk '/^rollcall_entries/ { n += $2 } END { print n }')" -eq "$(rollcall status -j | jq .entries)" ]
	[ "$(value rollcall_hosts)" = "$(rollcall status -j | jq .hosts)" ]
	rollcall metrics | well_formed
}

@test "a join, a return, a move and a leave are counted, each once" {
	node_b_is_heard node-c
	is_valued 'rollcall_joins_total{interface="eth0"}' 1
	is_valued 'rollcall_moves_total{interface="eth0"}' 0
	announce_from node-c --hostname node-b
	await is_valued 'rollcall_moves_total{interface="eth0"}' 1
	is_valued 'rollcall_joins_total{interface="eth0"}' 1
	is_valued rollcall_leaves_total 0
	swept node-b 36s
	await is_valued rollcall_leaves_total 1
	is_valued 'rollcall_joins_total{interface="eth0"}' 1
	announce_from node-b
	await is_valued 'rollcall_joins_total{interface="eth0"}' 2
	stop loader-node-a KILL || : # no sweeper, so that the host returns before its entry is removed
	age node-b 36s
	announce_from node-b
	await is_valued 'rollcall_joins_total{interface="eth0"}' 3
	is_valued 'rollcall_frames_total{interface="eth0",outcome="returned"}' 1
	is_valued rollcall_leaves_total 1
}

@test "the mode of each attachment is reported, and whether its loader runs" {
	local mode
	lan node-a
	for mode in "${MODES[@]}"; do
		attach_on node-a --mode "$mode"
		is_valued "rollcall_attachment_info{interface=\"eth0\",mode=\"$mode\"}" 1
		is_valued 'rollcall_loader_up{interface="eth0"}' 1
		[ "$(rollcall metrics | grep -c ^rollcall_attachment_info)" -eq 1 ]
		stop loader-node-a
	done
	attach_on node-a
	stop loader-node-a KILL || :
	is_valued 'rollcall_loader_up{interface="eth0"}' 0
}

# states: print the states of eth0, read on node-a
states() { on node-a rollcall metrics | sed -n 's/^rollcall_interface_state{interface="eth0",state="\(.*\)"} /\1 /p' | paste -sd' '; }
has_states() { [ "$(states)" = "$1" ]; }

@test "the state of each interface is 1, and the others are 0" {
	node_b_is_heard
	has_states 'unknown 0 receiving 1 quiet 0 blocked 0'
	age node-b 36s
	has_states 'unknown 0 receiving 0 quiet 1 blocked 0'
	ip -n "$ID-node-a" link set eth0 down
	has_states 'unknown 0 receiving 0 quiet 0 blocked 1'
	is_valued 'rollcall_interface_state{interface="eth0",state="unknown"}' 1 # read in another network namespace
}

@test "the last announcement's age is left out until one came, and runs on then" {
	local before age after
	lan node-a node-b
	attach_on node-a
	is_valued 'rollcall_last_announcement_age_seconds{interface="eth0"}' ''
	rollcall metrics | well_formed
	announce_from node-b
	await lists node-b
	age node-b 20s
	before=$(peer_field node-b age_ms)
	age=$(value 'rollcall_last_announcement_age_seconds{interface="eth0"}')
	after=$(peer_field node-b age_ms)
	awk -v a="$before" -v b="$age" -v c="$after" 'BEGIN { exit !(20000 <= a && a <= b * 1000 && b * 1000 <= c + 1) }'
}

@test "capacity, use, expiry, and a full table are reported" {
	lan node-a node-b
	attach_on node-a --max-peers 1 --expiry 90500ms
	is_valued rollcall_max_peers 1
	is_valued rollcall_places_taken 0
	is_valued rollcall_full 0
	is_valued rollcall_expiry_seconds 90.500000000
	announce_from node-b
	await is_valued rollcall_places_taken 1
	is_valued rollcall_full 1
	announce_from node-b --hostname other
	await is_valued 'rollcall_frames_total{interface="eth0",outcome="full"}' 1
	swept node-b 91s
	await is_valued rollcall_full 0
	is_valued rollcall_places_taken 0
}

# grown_from N: there were more than N sweeps
grown_from() { [ "$(value rollcall_sweeps_total)" -gt "$1" ]; }

@test "sweeps are counted, and how long the last one took and how long ago it was" {
	node_b_is_heard
	local sweeps
	await grown_from 0
	sweeps=$(value rollcall_sweeps_total)
	swept node-b 36s
	await grown_from "$sweeps"
	stop loader-node-a KILL || :
	value rollcall_sweep_duration_seconds | awk '{ exit !($1 > 0) }'
	value rollcall_sweep_age_seconds | awk '{ exit !($1 > 0) }'
	# as a table that was never swept
	bpftool map update pinned "$ROLLCALL_PIN_DIR/state" key 0 0 0 0 value $(printf '0 %.0s' {1..128})
	is_valued rollcall_sweeps_total 0
	is_valued rollcall_sweep_duration_seconds ''
	is_valued rollcall_sweep_age_seconds ''
	rollcall metrics | well_formed
}

@test "events that were lost are reported by interface" {
	lan node-a
	attach_on node-a
	kill -STOP "${PIDS[loader-node-a]}" # the ring is not read
	on node-a crowd eth0 2000 0
	await lost_as_in_status
	kill -CONT "${PIDS[loader-node-a]}"
}
lost_as_in_status() {
	local lost
	lost=$(rollcall status -j | jq '.interfaces[0].events_lost')
	((lost > 0)) && is_valued 'rollcall_events_lost_total{interface="eth0"}' "$lost"
}

@test "the version is that of --version" {
	node_b_is_heard
	is_valued "rollcall_build_info{version=\"$(rollcall --version | sed 's/^rollcall //')\"}" 1
}

@test "the text format is right, with one interface and with two" {
	node_b_is_heard
	rollcall metrics | well_formed
	second_lan node-a node-b
	start loader-2 on node-a rollcall attach eth1
	await is_loader_of 1 loader-2
	rollcall metrics | well_formed
}

# refused SED: well_formed rejects metrics that SED has broken
refused() {
	sed -E "$1" "$T/good" >"$T/broken"
	if cmp -s "$T/good" "$T/broken" || well_formed <"$T/broken"; then
		echo "the checker lets pass: $1"
		return 1
	fi
}

@test "the check of the format rejects what is wrong" {
	node_b_is_heard
	rollcall metrics >"$T/good"
	well_formed <"$T/good"
	refused '/^# HELP rollcall_full/p'
	refused '/^# TYPE rollcall_full/p'
	refused '/^# TYPE rollcall_full/d'
	refused '/^# HELP rollcall_full/d'
	refused '/^# TYPE rollcall_full/s/gauge/gage/'
	refused '/^# TYPE rollcall_leaves_total/s/counter/gauge/'
	refused '/^# TYPE rollcall_full/s/gauge/counter/'
	refused '/^rollcall_full/p'
	refused '/^rollcall_full/d'
	refused '/^rollcall_sweep_age/d'
	refused '/^rollcall_full/{h;d}; /^rollcall_expiry/G'
	refused '$G'
	refused 's/^(rollcall_full) 0/\1 zero/'
	refused '/^rollcall_build_info/s/version/2version/'
	refused '/^rollcall_build_info/s/"0/""0/'
	run ! well_formed </dev/null
}

@test "the name of an interface is escaped, and two with the same name have different labels" {
	local odd='e"\0'
	lan node-a
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 name "$odd"
	ip -n "$ID-node-a" link set "$odd" up
	start loader-1 on node-a rollcall attach "$odd"
	await is_loader_of 0 loader-1
	is_valued 'rollcall_loader_up{interface="e\\"\\\\0"}' 1 # awk removes one level of backslashes
	rollcall metrics | well_formed
	stop loader-1 KILL || :
	# without a loader, the record keeps the old name, which another interface has now
	ip -n "$ID-node-a" link set "$odd" name first0
	ip -n "$ID-node-a" link add "$odd" type veth peer name port9 netns "$LAN"
	ip -n "$ID-node-a" link set "$odd" up
	start loader-2 on node-a rollcall attach "$odd"
	await is_loader_of 1 loader-2
	rollcall metrics | well_formed
	is_valued "rollcall_loader_up{interface=\"if$(ifindex node-a "$odd")\"}" 1
}

@test "no name that was received is in the metrics" {
	node_b_is_heard
	rollcall metrics >"$T/metrics"
	run ! grep node-b "$T/metrics"
}

@test "promtool finds nothing wrong with the metrics" {
	needs_promtool
	node_b_is_heard
	run promtool check metrics < <(rollcall metrics)
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# promtool does find errors
	run promtool check metrics < <(rollcall metrics | sed 's/rollcall_leaves_total/rollcall_leaves/')
	[ "$status" -ne 0 ]
}

@test "a host is one target, its IPv4 address before any other" {
	lan node-a
	attach_on node-a
	local eth0
	eth0=$(ifindex node-a eth0)
	[ "$(rollcall metrics --sd)" = '[]' ]
	peer "$ROLLCALL_PIN_DIR" add node-10 fe80::10 "$eth0"
	peer "$ROLLCALL_PIN_DIR" add node-9 fe80::9 "$eth0"
	peer "$ROLLCALL_PIN_DIR" add node-9 10.77.0.9 "$eth0" 10s
	peer "$ROLLCALL_PIN_DIR" add node-1 2001:db8::1 4711
	peer "$ROLLCALL_PIN_DIR" add node-2 10.77.0.2 "$eth0" 36s
	diff <(targets) - <<-'END'
		[2001:db8::1]:9100 node-1 if4711
		10.77.0.9:9100 node-9 eth0
		[fe80::10%eth0]:9100 node-10 eth0
	END
	[ "$(targets --sd-port 9876 | head -n 1)" = '[2001:db8::1]:9876 node-1 if4711' ]
	rollcall metrics --sd | jq -e 'all(keys == ["labels", "targets"] and (.targets | length) == 1 and (.labels | keys) == ["hostname", "interface"])'
}

@test "the targets change when hosts change, not when they are received" {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1
	await is_loader_of 1 loader-node-a
	local n
	announce_from node-b
	await is_valued 'rollcall_entries{interface="eth0",family="ipv4"}' 1
	on node-b rollcall announce -4 eth1 --count 1
	await is_valued 'rollcall_entries{interface="eth1",family="ipv4"}' 1
	[ "$(targets)" = '10.77.0.2:9100 node-b eth0' ]
	rollcall metrics --sd >"$T/before"
	for n in 1 2; do
		announce_from node-b
		await is_valued 'rollcall_frames_total{interface="eth0",outcome="refreshed"}' "$n"
		cmp "$T/before" <(rollcall metrics --sd)
		on node-b rollcall announce -4 eth1 --count 1
		await is_valued 'rollcall_frames_total{interface="eth1",outcome="refreshed"}' "$n"
		cmp "$T/before" <(rollcall metrics --sd)
	done
	announce_from node-b --hostname node-c
	await lists node-c
	[ "$(targets)" = $'10.77.0.2:9100 node-b eth0\n10.77.0.2:9100 node-c eth0' ]
}

@test "a name in the table that cannot have been announced is harmless in the list of targets" {
	lan node-a
	attach_on node-a
	peer "$ROLLCALL_PIN_DIR" add $'a"b\\\n' 10.77.0.9 "$(ifindex node-a eth0)"
	[ "$(rollcall metrics --sd | jq -r '.[0].labels.hostname')" = 'a?b??' ]
}

@test "promtool takes a configuration that uses the list of targets" {
	needs_promtool
	node_b_is_heard
	peer "$ROLLCALL_PIN_DIR" add node-c fe80::3 "$(ifindex node-a eth0)"
	rollcall metrics --sd --output "$T/rollcall.json"
	sed -n '/^```yaml$/,/^```$/ { /^```/d; p }' "$TOP/docs/metrics.md" |
		sed "s|/etc/prometheus/rollcall.json|$T/rollcall.json|" >"$T/prometheus.yml"
	grep -q "$T/rollcall.json" "$T/prometheus.yml"
	run promtool check config "$T/prometheus.yml"
	[ "$status" -eq 0 ]
	[[ $output != *WARNING* ]]
	# promtool does find errors
	echo '[{"target":["x"]}]' >"$T/rollcall.json"
	run promtool check config "$T/prometheus.yml"
	[ "$status" -ne 0 ]
}

@test "every metric in the document exists" {
	local name
	lan node-a node-b
	attach_with_keys node-a --accept-unsealed # only such a table has all metrics
	announce_from node-b
	await lists node-b
	for name in $(grep -oE '\brollcall_[a-z_]+' "$TOP/docs/metrics.md" | sort -u); do
		rollcall metrics | grep -qE "^$name( |\{)" || {
			echo "$name is not a metric"
			return 1
		}
	done
}

@test "--output writes the file atomically, and does not change it on failure" {
	node_b_is_heard
	mkdir "$T/collector"
	rollcall metrics --output "$T/collector/rollcall.prom"
	rollcall metrics --sd --output "$T/collector/rollcall.json"
	well_formed <"$T/collector/rollcall.prom"
	cmp "$T/collector/rollcall.json" <(rollcall metrics --sd)
	cp -r "$T/collector" "$T/before"
	stop loader-node-a
	fails_with 1 '^rollcall: no table in ' rollcall metrics --output "$T/collector/rollcall.prom"
	fails_with 1 '^rollcall: no table in ' rollcall metrics --sd --output "$T/collector/rollcall.json"
	diff -r "$T/before" "$T/collector"
	[ "$(ls -A "$T/collector" | wc -l)" -eq 2 ]
}

@test "--sd-port is wrong usage without --sd" {
	lan node-a
	attach_on node-a
	fails_with 2 "^rollcall: --sd-port requires --sd " rollcall metrics --sd-port 9100
}
