#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# make soak: what happens to a loader in years, in half an hour. Hosts join, move and fall silent,
# loaders are stopped, killed and started, links flap, interfaces go and come back, at random by
# SEED, for SOAK_SECONDS. After each round the table is what a model of it says, and nothing has
# grown: memory and descriptors of a loader that lives all along, pins, programs, maps, links.

load ../helper

SOAK_SECONDS=${SOAK_SECONDS:-1800}
ACTIONS=24 # in a round
WARM_ROUNDS=3 # until the steady loader has the memory that it needs
NAMES=40

setup_more() { declare -gA MODEL=(); }

random_below() { echo $((RANDOM % $1)); } # never in $(...): RANDOM goes on in this shell alone
pick() { # pick VAR WORD...
	local -n picked=$1
	shift
	local at=$((RANDOM % $#))
	picked=${*:at+1:1}
}

# ---------------------------------------------------------------------------- what may happen

# somebody calls a name: it joins, is refreshed, or moves
calls() {
	local host name="name-$((RANDOM % NAMES))"
	pick host node-b node-c node-d
	announce_from "$host" --hostname "$name"
	MODEL[$name]=$(address_of "$host")
	await is_as_modelled "$name"
}

address_of() { ip -n "$ID-$1" -4 -j addr show dev eth0 | jq -r '.[].addr_info[0].local'; }
is_as_modelled() { [ "$(rollcall get "$1")" = "${MODEL[$1]}" ]; }

# a name is not heard any more
falls_silent() {
	((${#MODEL[@]})) || return 0
	local name
	pick name "${!MODEL[@]}"
	age "$name" 40s
	unset "MODEL[$name]"
	lists_not "$name"
}

starts() {
	local mode=auto
	((${#MODEL[@]})) || pick mode native generic tc clsact auto
	attaches --mode "$mode" --names-per-source 0
}

is_killed() {
	stop loader-node-a KILL || true
	if ((RANDOM % 2)); then calls; fi # the filter goes on
	attaches
}

is_left_in_place() {
	stop loader-node-a HUP
	if ((RANDOM % 2)); then falls_silent; fi
	attaches
}

ends() {
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	MODEL=()
	starts
}

is_detached() {
	on node-a rollcall detach --all
	ends_with 0 loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	MODEL=()
	starts
}

# flap NAMESPACE IFACE: down and up
flap() {
	ip -n "$1" link set "$2" down
	ip -n "$1" link set "$2" up
	await is_settled node-a eth0
	await is_up node-a
	await is_up node-b
}
is_up() { ip -n "$ID-$1" -j link show dev eth0 | jq -e '.[0].operstate == "UP"'; }

link_flaps() { flap "$ID-node-a" eth0; }
carrier_flaps() { flap "$LAN" port1; }

# the interface is made again, under another number, while a loader lives: peers go along
comes_back() {
	ip -n "$ID-node-a" link del eth0
	ip -n "$ID-node-a" link add eth0 type veth peer name port1 netns "$LAN"
	ip -n "$ID-node-a" addr add 10.77.0.1/24 dev eth0
	ip -n "$ID-node-a" link set eth0 up
	ip -n "$LAN" link set port1 master lan0 up
	await is_settled node-a eth0
	await is_attached
}
is_attached() { rollcall status -j | jq -e '.interfaces[0] | .mode != "none" and .state != "blocked"'; }

is_resized() {
	ip -n "$ID-node-a" link set eth0 mtu 9000
	ip -n "$ID-node-a" link set eth0 mtu 1500
}

# ------------------------------------------------------------------------------- what must hold

is_the_table() {
	local name
	diff <(rollcall peers -j | jq -r '.[] | "\(.hostname) \(.address)"' | sort) \
		<(for name in "${!MODEL[@]}"; do echo "$name ${MODEL[$name]}"; done | sort)
}

rss_kb() { awk '/^VmRSS/ { print $2 }' "/proc/${PIDS[$1]}/status"; }
descriptors() { find "/proc/${PIDS[$1]}/fd" -mindepth 1 | wc -l; }

# attaches [OPTION...]: and notes what the loader holds in the kernel, as "map 7"
attaches() {
	local pin
	attach_on node-a "$@"
	sed -nE 's/^(map|prog|link)_id:\s*([0-9]+)$/\1 \2/p' "/proc/${PIDS[loader-node-a]}"/fdinfo/* >>"$T/objects"
	for pin in "$ROLLCALL_PIN_DIR"/links/*; do
		[ ! -e "$pin" ] || bpftool -j link show pinned "$pin" | jq -r '"link \(.id)", "prog \(.prog_id)"' >>"$T/objects"
	done
	on node-a tc -j filter show dev eth0 ingress | jq -r '.[].options.prog.id // empty | "prog \(.)"' >>"$T/objects"
}

is_gone() { ! bpftool "$1" show id "$2"; }

# of all that was ever noted, nothing is left
leaves_nothing() {
	local kind id
	sort -u "$T/objects" >"$T/ever"
	while read -r kind id; do await is_gone "$kind" "$id"; done <"$T/ever"
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	: >"$T/objects"
}

@test "a soak of $SOAK_SECONDS seconds" {
	local seed=${SEED:-$RANDOM} rounds=0 action rss fds end=$((SECONDS + SOAK_SECONDS))
	echo "# seed $seed" >&3
	RANDOM=$seed
	lan node-a node-b node-c node-d
	start steady on node-d rollcall --pin-dir "$T/bpf/steady" attach eth0 --expiry 2s
	await test -e "$T/bpf/steady/settings"
	starts
	while ((SECONDS < end)); do
		for ((i = 0; i < ACTIONS; i++)); do
			pick action calls calls calls calls falls_silent falls_silent is_killed is_left_in_place ends \
				is_detached link_flaps carrier_flaps comes_back is_resized
			echo "round $rounds, $i: $action"
			"$action"
		done
		await is_the_table
		stop loader-node-a
		leaves_nothing
		MODEL=()
		if ((++rounds == WARM_ROUNDS)); then
			rss=$(rss_kb steady)
			fds=$(descriptors steady)
		fi
		starts
	done
	echo "# $rounds rounds of $ACTIONS; steady loader: $(rss_kb steady) kB, $(descriptors steady) descriptors" \
		"(after round $WARM_ROUNDS: $rss kB, $fds)" >&3
	((rounds > WARM_ROUNDS))
	[ "$(descriptors steady)" = "$fds" ]
	(($(rss_kb steady) <= rss + 128))
	kill -0 "${PIDS[steady]}"
}
