#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The privileges that a loader keeps after its start: three capabilities, which are sufficient for all its tasks.

load helper
load caps

setup_more() { lan node-a node-b; }

# bits CAPABILITY...: as in /proc/PID/status
bits() {
	local -A number=([net_admin]=12 [sys_admin]=21 [perfmon]=38 [bpf]=39) # linux/capability.h
	local mask=0 name
	for name; do mask=$((mask | 1 << number[$name])); done
	printf '%016x' "$mask"
}

THREE=(net_admin perfmon bpf)

# has PERMITTED BOUNDING: the loader has these capabilities; the inheritable and ambient sets are empty
has() {
	local said
	said=$(sed -n 's/^Cap\(...\):\s*/\1 /p' "/proc/${PIDS[loader-node-a]}/status")
	diff <(printf '%s\n' "Inh $(bits)" "Prm $1" "Eff $1" "Bnd $2" "Amb $(bits)") - <<<"$said"
}

# attach_nobody [OPTION...]: as attach_on node-a, with the user and the capabilities of with_caps
attach_nobody() {
	start loader-node-a on node-a "${WITH_CAPS[@]}" attach eth0 "$@"
	await loader_is_in_place node-a
}

hears() {
	announce_from node-b
	await lists node-b
}

is_swept() { ! bpftool map dump pinned "$ROLLCALL_PIN_DIR/peers" | grep -q "\"$1\""; }

every_capability() { sed -n 's/^CapBnd:\s*//p' /proc/self/status; }

@test "a loader that root starts keeps only CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON, in every set" {
	attach_on node-a
	await has "$(bits "${THREE[@]}")" "$(bits "${THREE[@]}")"
	hears
}

@test "a loader that starts with these as ambient ones, as from a unit, keeps them and can hand on none" {
	caps_setup
	with_caps "${THREE[@]}"
	attach_nobody
	await has "$(bits "${THREE[@]}")" "$(bits "${THREE[@]}")"
	hears
}

@test "a loader that may not change its bounding set reports that with -v, and gives up the other sets" {
	caps_setup
	BOUNDS=+all with_caps "${THREE[@]}" net_raw chown
	attach_nobody -v
	await has "$(bits "${THREE[@]}")" "$(every_capability)"
	has_line loader-node-a '^rollcall: the bounding set of capabilities stays as it is$'
	hears
}

@test "a loader of root in a container, which has some others, keeps only these" {
	local caps=-all,+bpf,+perfmon,+net_admin,+net_raw,+setpcap,+dac_override
	start loader-node-a on node-a setpriv --bounding-set="$caps" --inh-caps="$caps" rollcall attach eth0
	await loader_is_in_place node-a
	await has "$(bits "${THREE[@]}")" "$(bits "${THREE[@]}")"
	hears
}

@test "CAP_SYS_ADMIN stays with a loader that has it instead of CAP_BPF and CAP_PERFMON, and only then" {
	caps_setup
	with_caps sys_admin net_admin
	attach_nobody
	await has "$(bits sys_admin net_admin)" "$(bits sys_admin net_admin)"
	hears
	stop loader-node-a
	with_caps sys_admin "${THREE[@]}" setpcap
	attach_nobody
	await has "$(bits "${THREE[@]}")" "$(bits "${THREE[@]}")"
}

@test "where the bounding set cannot be reduced, attach reports that in one line and leaves nothing" {
	local before
	before=$(state_of node-a)
	fails_with 1 '^rollcall: cannot give up capabilities: Operation not permitted$' on node-a timeout 20 nobpf bounds rollcall attach eth0
	diff <(echo "$before") <(state_of node-a)
}

recorded() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/interfaces" |
		jq -e --arg mac "$1" '.[0].formatted.value.lladdr == ($mac | split(":") | map(tonumber))'
}


# lives: the whole life of a loader that root starts
lives() {
	local before
	before=$(state_of node-a)
	start listener on node-b listener eth0
	await has_line listener listening
	attach_on node-a --mode "$1" --announce
	await has "$(bits "${THREE[@]}")" "$(bits "${THREE[@]}")"
	await has_line listener ': multitastic:node-a$'
	hears
	await has_line loader-node-a ' join +node-b '
	announce_from node-b --hostname silent
	await lists silent
	ip -n "$ID-node-a" link set dev eth0 address 02:00:00:00:00:01
	await recorded 2:0:0:0:0:1
	ip -n "$ID-node-a" addr add 10.77.0.99/32 dev lo
	await is_own_address 10.77.0.99
	# killed, and taken over
	stop loader-node-a KILL || true
	age silent 60
	attach_on node-a --mode "$1"
	await has "$(bits "${THREE[@]}")" "$(bits "${THREE[@]}")"
	await is_swept silent
	announce_from node-b
	await counted refreshed 1
	# attached in another mode
	stop loader-node-a HUP
	attach_on node-a --mode "$2"
	lists node-b
	on node-a rollcall detach eth0
	ends_with 0 loader-node-a
	run ! grep '^rollcall: cannot' "$(out loader-node-a)"
	stop listener || true
	ip -n "$ID-node-a" addr del 10.77.0.99/32 dev lo
	ip -n "$ID-node-a" link set dev eth0 address "$MAC"
	diff <(echo "$before") <(state_of node-a)
	attach_on node-a --mode "$1" --replace
	hears
	stop loader-node-a
	diff <(echo "$before") <(state_of node-a)
}

@test "with the capabilities that it keeps a loader receives, announces, sweeps, follows changes, is taken over, replaced and detached" {
	local MAC
	MAC=$(ip -n "$ID-node-a" -j link show dev eth0 | jq -r '.[].address')
	lives native tcx
	lives generic clsact
	lives tcx native
	lives clsact generic
}

@test "a pin directory in which root may not write without capabilities is rejected in one line" {
	local before
	caps_setup # the pins belong to another user
	chmod 755 "$T/bpf"
	before=$(state_of node-a)
	fails_with 1 "^rollcall: cannot make pin directory '$ROLLCALL_PIN_DIR': Permission denied \(it belongs to another user" \
		on node-a rollcall attach eth0
	diff <(echo "$before") <(state_of node-a)
}

@test "a table that belongs to another user is rejected in one line and stays, and that user can detach it" {
	local before after command
	before=$(state_of node-a)
	caps_setup
	with_caps "${THREE[@]}"
	attach_nobody --keep
	hears
	stop loader-node-a
	after=$(state_of node-a)
	for command in 'attach eth0' 'attach eth0 --replace' 'detach --all' peers; do
		fails_with 1 "^rollcall: '$ROLLCALL_PIN_DIR' belongs to the user with id 65534, not to root or to this user" \
			on node-a rollcall $command
	done
	diff <(echo "$after") <(state_of node-a)
	lists node-b
	as_nobody detach --all
	diff <(echo "$before") <(state_of node-a)
}
