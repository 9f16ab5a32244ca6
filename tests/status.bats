#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The state of an interface in 'status': receiving, quiet, blocked or unknown, and the reason with the remedy.

load helper

# of_eth0 FILTER: print a value of the interface in 'status', run on node-a
of_eth0() { on node-a rollcall status -j | jq -r ".interfaces[0] | $1"; }
is_state() { [ "$(of_eth0 .state)" = "$1" ]; }
# is_because STATE REASON: JSON has this state and reason, and so has the first line of the interface in the text
is_because() {
	[[ $(of_eth0 '"\(.state): \(.reason)"') =~ ^$1:\ $2$ ]] && on node-a rollcall status | grep -qE "^[a-z0-9]+: $1: $2(; no loader)?$"
}
# shows LABEL VALUE: the text has this line below the interface
shows() { on node-a rollcall status | grep -qE "^  $1 +$2$"; }

node_b_is_received() {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
}

@test "an interface that received an announcement within the expiry is receiving" {
	node_b_is_received
	is_state receiving
	[ "$(of_eth0 .reason)" = null ]
	[ "$(of_eth0 .carrier)" = true ]
	[ "$(of_eth0 '.membership | [.ipv4, .ipv6] | @csv')" = true,true ]
	[ "$(of_eth0 .received)" -gt 0 ]
	[ "$(of_eth0 .last_announcement)" = "$(peer_field node-b last_seen)" ]
	on node-a rollcall status | grep -qx 'eth0: receiving'
	shows 'last announcement' '[0-9]+s ago'
	shows hosts '1 host, 1 entry'
	shows filter "mode $TC, loader ${PIDS[loader-node-a]}"
	shows groups 'member of both groups'
	shows frames '[0-9]+ received since it was attached'
	shows '  joined' '1  .*'
}

@test "an interface that received no announcement yet is quiet, which is no error" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b --port 7 # a frame that is not an announcement
	await has_received_frames
	is_state quiet
	[ "$(of_eth0 .last_announcement)" = null ]
	is_because quiet 'no announcements received yet \(attached [0-9]+s ago\)'
	shows hosts '0 hosts, 0 entries'
	run ! shows 'last announcement' '.*'
	# longer than the interval
	started_ago 40
	is_because quiet "no announcements received yet \(attached 4[0-9]s ago\): is 'rollcall announce' running on the other hosts\?"
}
has_received_frames() { [ "$(of_eth0 .received)" -gt 0 ]; }
# started_ago SECONDS: change the record as if the loader had started SECONDS ago
started_ago() {
	local value start
	mapfile -t value < <(bpftool -j map lookup pinned "$ROLLCALL_PIN_DIR/interfaces" key 0 0 0 0 | jq -r '.value[]')
	start=$((($(awk '{ print int($1) }' /proc/uptime) - $1) * 100))
	bpftool map update pinned "$ROLLCALL_PIN_DIR/interfaces" key 0 0 0 0 value "${value[@]:0:16}" \
		$(for shift in 0 8 16 24 32 40 48 56; do echo $((start >> shift & 255)); done) "${value[@]:24}"
}

@test "an interface whose last announcement is older than the expiry is quiet, with what to check" {
	node_b_is_received
	is_state receiving
	age node-b 40
	is_because quiet "no announcements received for 4[0-9]s: is 'rollcall announce' running on the other hosts\?"
	shows 'last announcement' '4[0-9]s ago'
}

@test "an interface that is down is blocked, with the command that sets it up" {
	node_b_is_received
	ip -n "$ID-node-a" link set eth0 down
	[ "$(of_eth0 .carrier)" = false ]
	is_because blocked "interface is down: 'ip link set dev eth0 up'"
	# the remedy works
	on node-a sh -c "$(of_eth0 .reason | grep -o "ip link [^']*")"
	await is_state receiving
}

@test "an interface without carrier is blocked" {
	node_b_is_received
	ip -n "$LAN" link set port1 down
	await is_state blocked
	[ "$(of_eth0 .carrier)" = false ]
	is_because blocked 'no carrier: check the cable, and the port at the other end'
	ip -n "$LAN" link set port1 up
	await is_state receiving
}

@test "an interface that was deleted is blocked: its loader waits for it" {
	node_b_is_received
	ip -n "$ID-node-a" link del eth0
	await is_because blocked 'no such interface: the loader attaches the filter when it is back'
	shows filter "mode none, loader ${PIDS[loader-node-a]}"
	[ "$(of_eth0 '[.carrier, .membership.ipv4, .membership.ipv6, .received] | map(tostring) | join(" ")')" = 'false false false null' ]
}

@test "an interface that was deleted without a loader is blocked, with the commands that attach it and remove it" {
	node_b_is_received
	stop loader-node-a KILL || true
	shows filter "mode [a-z]+, no loader: run 'rollcall attach eth0'; the filter goes on recording"
	on node-a rollcall status | grep -qx 'eth0: receiving; no loader'
	ip -n "$ID-node-a" link del eth0
	is_because blocked "no such interface, and no loader: run 'rollcall attach eth0' when it is back, or 'rollcall detach eth0' to remove its entry"
	on node-a rollcall status >"$T/status"
	run ! grep -e recording -e filter "$T/status"
	on node-a rollcall detach eth0
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

# without_filter MODE CMD...: attach in MODE, and then remove the filter by CMD, which leaves its record
without_filter() {
	attach_on node-a --mode "$1"
	announce_from node-b
	await lists node-b
	is_state receiving
	stop loader-node-a KILL || true
	is_state receiving
	"${@:2}"
	await is_because blocked "filter is not attached, and no loader: run 'rollcall attach eth0'"
	# the remedy works
	attach_on node-a --mode "$1"
	is_state receiving
	stop loader-node-a
}
remove_link() { rm "$ROLLCALL_PIN_DIR"/links/*; }

@test "an interface whose filter was removed is blocked in every mode, with what attaches it" {
	local mode
	lan node-a node-b
	for mode in "${MODES[@]}"; do
		echo "mode $mode"
		if [ "$mode" = clsact ]; then
			without_filter clsact on node-a tc filter del dev eth0 ingress
		else
			without_filter "$mode" remove_link
		fi
	done
}

@test "an interface that is no member of the group is blocked, with what joins it, unless it receives all the same" {
	node_b_is_received
	stop loader-node-a KILL || true
	is_state receiving
	[ "$(of_eth0 '.membership | [.ipv4, .ipv6] | @csv')" = false,false ]
	age node-b 36
	is_because blocked "not a member of the group, and no loader: run 'rollcall attach eth0'"
	shows groups 'member of neither group'
	local family
	for family in '' -6; do # a membership on another interface does not count
		start elsewhere on node-a listener $family lo
		await has_line elsewhere listening
		is_state blocked
		stop elsewhere || true
	done
	start listener on node-a listener eth0
	await is_state quiet
	[ "$(of_eth0 '.membership | [.ipv4, .ipv6] | @csv')" = true,false ]
	shows groups 'member of the IPv4 group'
	stop listener || true
	start listener on node-a listener -6 eth0
	await is_state quiet
	shows groups 'member of the IPv6 group'
}

# silent_wire HOST: connect wire0 to speaker0; no frame is sent on its own
silent_wire() {
	on "$1" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6'
	ip -n "$ID-$1" link add wire0 type veth peer name speaker0
	ip -n "$ID-$1" link set wire0 up
	ip -n "$ID-$1" link set speaker0 up
}

speak() { on node-a inject speaker0 ffffffffffff02000000000188b5"$(printf '%092d' 0)"; }
has_received() { [ "$(of_eth0 .received)" = "$1" ]; }

@test "an interface that received no frame of any kind is blocked, counted since it was attached, over loaders" {
	lan node-a
	silent_wire node-a
	speak # before the filter is attached
	start first on node-a rollcall attach wire0
	await is_loader_of 0 first
	has_received 0
	is_because quiet 'no announcements received yet \(attached [0-9]+s ago\)'
	started_ago 40 # longer than the expiry
	is_because blocked 'no frame of any kind received since it was attached: check the cable, the VLAN and the switch port'
	shows frames '0 received since it was attached'
	speak
	await has_received 1
	is_state quiet
	stop first KILL || true
	start second on node-a rollcall attach wire0
	await is_loader_of 0 second
	has_received 1
	stop second
	start third on node-a rollcall attach wire0
	await is_loader_of 0 third
	has_received 0
}

@test "in another network namespace the state is unknown, with the command that shows it" {
	node_b_is_received
	run -0 --separate-stderr on node-b rollcall status -j
	[ -z "$stderr" ]
	[ "$(jq -c '.interfaces[0] | [.state, .carrier, .membership, .received]' <<<"$output")" = \
		'["unknown",null,{"ipv4":null,"ipv6":null},null]' ]
	[ "$(jq '.interfaces[0].last_announcement' <<<"$output")" != null ]
	local reason="the table is of another network namespace: run 'nsenter -t ${PIDS[loader-node-a]} -n rollcall status'"
	[ "$(jq -r '.interfaces[0].reason' <<<"$output")" = "$reason" ]
	on node-b rollcall status | grep -qxF "eth0: unknown: $reason"
	# the remedy works
	[ "$(on node-b nsenter -t "${PIDS[loader-node-a]}" -n rollcall status -j | jq -r '.interfaces[0].state')" = receiving ]
	stop loader-node-a KILL || true
	on node-b rollcall status | grep -qxF 'eth0: unknown: the table is of another network namespace: run this command there'
	# an attach there would be of that namespace
	on node-b rollcall status | grep -qxE '  filter +mode [a-z]+, no loader; the filter goes on recording'
	run -1 on node-b rollcall status --check
	[ "${lines[1]}" = 'eth0: no loader; the filter goes on recording' ]
}

@test "an unprivileged user with access to the pins sees the same state" {
	local as_root
	node_b_is_received
	chmod o+x "$T/bpf" "$ROLLCALL_PIN_DIR"
	find "$ROLLCALL_PIN_DIR" -type f -exec chmod 644 {} +
	as_root=$(of_eth0 '[.state, .carrier, .membership]')
	[ "$as_root" = "$(on node-a unshare --mount sh -c 'mount -t tmpfs rollcall /mnt && mkdir /mnt/pins &&
		mount --bind "$1" /mnt/pins && install -m 755 "$2" /mnt/rollcall &&
		exec setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all \
			/mnt/rollcall status -j --pin-dir /mnt/pins/rollcall' - "$T/bpf" "$(type -P rollcall)" |
		jq '.interfaces[0] | [.state, .carrier, .membership]')" ]
}

# blind CMD...: run CMD on node-a, without /proc
blind() {
	# LeakSanitizer requires /proc
	on node-a env ASAN_OPTIONS=detect_leaks=0 unshare --mount sh -c 'mount --bind "$1" /proc && shift && exec "$@"' - \
		"$T/no-proc" "$@"
}

@test "a membership that cannot be seen is unknown, not missing" {
	[ -z "$(sanitizer)" ] || skip "AddressSanitizer needs /proc"
	node_b_is_received
	mkdir -p "$T/no-proc"
	run -0 blind rollcall status -j
	[ "$(jq -c '.interfaces[0] | [.state, .carrier, .membership.ipv4, .membership.ipv6]' <<<"$output")" = '["receiving",true,null,null]' ]
	age node-b 36
	run -0 blind rollcall status -j
	[ "$(jq -c '.interfaces[0] | [.state, .carrier, .membership.ipv4, .membership.ipv6]' <<<"$output")" = '["unknown",true,null,null]' ]
	run -0 blind rollcall status
	grep -qx "eth0: unknown: memberships cannot be read from /proc/net: is /proc mounted?" <<<"$output"
	grep -qE '^  groups +memberships unknown$' <<<"$output"
}

@test "the kernel is asked about an interface by its number" {
	node_b_is_received
	stop loader-node-a KILL || true
	ip -n "$ID-node-a" link add swap0 type veth peer name speaker0
	ip -n "$ID-node-a" link set eth0 name lan0
	ip -n "$ID-node-a" link set swap0 name eth0
	[ "$(of_eth0 '[.name, .state, .carrier] | @csv')" = '"lan0","receiving",true' ]
}
