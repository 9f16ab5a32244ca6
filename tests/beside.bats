#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Programs and filters of other programs at the interface stay unchanged and go on working; which modes are then
# possible.

load helper

# The other program is also rollcall's filter, with a separate table, which shows what it received.
setup_more() {
	lan node-a node-b
	XDP=$T/bpf/foreign/rollcall_xdp THEIR_TC=$T/bpf/foreign/rollcall_tc
	bpftool prog loadall "$BUILD/rollcall.bpf.o" "$T/bpf/foreign" pinmaps "$T/bpf/theirs"
}

foreign() { on node-a foreign "$1" "${DEV:-eth0}" "$2" "${@:3}"; }
they_heard() { bpftool -j map dump pinned "$T/bpf/theirs/peers" | jq -e --arg name "$1" 'any(.[].formatted.key; .hostname == $name)'; }

mode() { rollcall status -j | jq -r '.interfaces[0].mode'; }
# hung: print everything that is attached to the interface, with links
hung() {
	state_of node-a "${DEV:-eth0}"
	local pin
	for pin in "$T"/bpf/link*; do [ ! -e "$pin" ] || link_show "$pin"; done
}

# both_hear MODE [OPTION...]: both programs receive while the filter is attached in MODE; afterwards only the other
# program is attached
both_hear() {
	local before
	before=$(hung)
	attach_on node-a "${@:2}"
	[ "$(mode)" = "$1" ]
	announce_from node-b --hostname "in-$1"
	await lists "in-$1"
	await they_heard "in-$1"
	stop loader-node-a
	diff <(echo "$before") <(hung)
	announce_from node-b --hostname "after-$1"
	await they_heard "after-$1"
}

# no_xdp_mode: each XDP mode is rejected if it is requested
no_xdp_mode() {
	local before mode
	before=$(hung)
	for mode in native generic; do
		fails_with 1 "^rollcall: cannot attach to 'eth0': .* \(another XDP program is there; --mode tc runs beside it\)$" \
			on node-a rollcall attach eth0 --mode "$mode"
		diff <(echo "$before") <(hung)
	done
}

# said LINE...: LOADER has printed exactly these messages; each LINE is a pattern
said() {
	local line
	# if the system loads no BPF iterator, -v reports it
	sed -n "/cannot make '.*\/table'/d; /: attached (.*), listening on /d; s/^rollcall: //p" "$(out "${LOADER:-loader-node-a}")" >"$T/said"
	cat "$T/said"
	[ "$(wc -l <"$T/said")" = $# ]
	for line; do
		grep -xE -- "$line" <(head -n 1 "$T/said")
		sed -i 1d "$T/said"
	done
}

# beside_xdp: another program uses the XDP hook
beside_xdp() {
	no_xdp_mode
	both_hear "$TC"
	said
	both_hear clsact --mode clsact
	said
}

@test "with a native XDP program attached by netlink the filter is attached to the tc hook, without a message" {
	on node-a bpftool net attach xdpdrv pinned "$XDP" dev eth0
	beside_xdp
}

@test "with a generic XDP program attached by netlink the filter is attached to the tc hook, without a message" {
	on node-a bpftool net attach xdpgeneric pinned "$XDP" dev eth0
	beside_xdp
}

@test "with a native XDP program attached by a link the filter is attached to the tc hook, without a message" {
	foreign native "$XDP" "$T/bpf/link"
	beside_xdp
}

@test "with a generic XDP program attached by a link the filter is attached to the tc hook, without a message" {
	foreign generic "$XDP" "$T/bpf/link"
	beside_xdp
}

@test "with another tcx program both programs receive, in either order of attaching" {
	needs_tcx
	foreign tcx "$THEIR_TC" "$T/bpf/link"
	both_hear tcx
	both_hear native --mode native
	attach_on node-a --mode tcx
	foreign tcx - "$T/bpf/link2"
	announce_from node-b --hostname third
	await lists third
	await they_heard third
	local before
	before=$(link_show "$T/bpf/link" && link_show "$T/bpf/link2")
	stop loader-node-a
	diff <(echo "$before") <(link_show "$T/bpf/link" && link_show "$T/bpf/link2")
	announce_from node-b --hostname fourth
	await they_heard fourth
}

# filter PRIO HANDLE: add a filter of another program at the tc hook
filter() {
	on node-a tc qdisc add dev eth0 clsact
	on node-a tc filter add dev eth0 ingress prio "$1" handle "$2" bpf direct-action object-pinned "$THEIR_TC"
}

place() { bpftool -j map show pinned "${1:-$ROLLCALL_PIN_DIR}/peers" | jq .id; }

@test "two tables have a filter each on one clsact qdisc, and the detach of one leaves the other's" {
	local other=$T/bpf/other first second
	start first on node-a rollcall attach eth0 --mode clsact --keep
	await is_loader_of 0 first
	stop first
	ROLLCALL_PIN_DIR=$other start second on node-a rollcall attach eth0 --mode clsact
	await lists_interface "$other"
	announce_from node-b --hostname both
	await lists both
	await lists_in "$other" both
	run -0 --separate-stderr on node-a rollcall detach --all
	[[ $stderr = *"eth0: the clsact qdisc stays, because it has other filters ('tc qdisc del dev eth0 clsact' removes it)"* ]]
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	[ "$(on node-a tc filter show dev eth0 ingress pref 2 | grep -c rollcall_tc)" = 1 ]
	announce_from node-b --hostname later
	await lists_in "$other" later
	run ! has_line second "filter detached by another process"
	stop second
	[ ! -e "$other" ]
}
lists_in() { rollcall peers --pin-dir "$1" -j "$2" | jq -e 'length > 0'; }
lists_interface() { [ "$(rollcall status --pin-dir "$1" -j | jq '.interfaces | length')" = 1 ]; }

@test "with a tc filter of the same priority and another handle both receive in clsact mode" {
	filter 2 77
	both_hear clsact --mode clsact
}

@test "a tc filter with our priority and handle stays: clsact mode is rejected, and any other mode is accepted" {
	# the handle of the tc filter is the id of the map of peers
	start other on node-a rollcall attach lo --keep
	await is_loader_of 0 other
	stop other
	filter 2 "$(place)"
	local before
	before=$(hung)
	fails_with 1 "^rollcall: cannot attach to 'eth0': File exists \('tc filter del dev IFACE ingress pref 2' removes" \
		on node-a rollcall attach eth0 --mode clsact
	diff <(echo "$before") <(hung)
	on node-a rollcall detach --all
	[ "$TC" = clsact ] || both_hear tcx --mode tc
	both_hear native --mode native
}

# ends_chain MODE NAME, filter_ends_chain [PRIO]: add a program or filter that returns TC_ACT_OK for every frame
ends_chain() { foreign "$1" ok "$T/bpf/$2"; }
filter_ends_chain() {
	on node-a tc qdisc add dev eth0 clsact 2>/dev/null || :
	on node-a tc filter add dev eth0 ingress ${1:+prio "$1"} protocol all bpf direct-action bytecode '1,6 0 0 0'
}

of_eth0() { on node-a rollcall status -j | jq -r ".interfaces[0] | $1"; }
is_hidden_by() {
	[[ $(of_eth0 '.state + ": " + .reason') = "blocked: "$1" runs ahead of the filter: does it pass frames on? 'bpftool net show dev eth0' lists the programs" ]]
}

@test "a tcx program that ends the chain hides nothing, if it was there before or comes behind" {
	needs_tcx
	ends_chain tcx before
	attach_on node-a
	announce_from node-b --hostname first
	await lists first
	ends_chain tcx behind
	announce_from node-b --hostname second
	await lists second
}

@test "a tcx program put ahead of the filter is named by status, and the filter receives again when it is removed" {
	needs_tcx
	attach_on node-a
	ends_chain tcx-first ahead
	announce_from node-b --hostname hidden
	announce_from node-b --port 7
	await is_hidden_by "tcx program 'idle' (id *)"
	! lists hidden
	on node-a rollcall status | grep -q "^eth0: blocked: tcx program 'idle'"
	rm "$T/bpf/ahead"
	announce_from node-b --hostname heard
	await lists heard
	[ "$(of_eth0 .state)" = receiving ]
}

# without_net_admin CMD...: run CMD on node-a without the capabilities that listing tcx programs requires
without_net_admin() {
	on node-a setpriv --bounding-set=-net_admin,-sys_admin --inh-caps=-net_admin,-sys_admin -- "$@"
}

@test "without the privilege to list tcx programs, the reason of quiet has that limit" {
	local limit mode
	for mode in "${MODES[@]}"; do
		echo "mode $mode"
		attach_on node-a --mode "$mode"
		announce_from node-b --port 7
		await is_quiet
		[[ $(of_eth0 .reason) != *"root only"* ]]
		limit='; programs ahead of the filter are shown to root only'
		case $mode in native | generic) limit= ;; esac
		run -0 without_net_admin rollcall status -j
		[[ $(jq -r '.interfaces[0] | "\(.state): \(.reason)"' <<<"$output") = 'quiet: no announcements received yet (attached '*" ago)$limit" ]]
		without_net_admin rollcall status | grep -qE "^eth0: quiet: no announcements .*\)$limit$"
		run -1 without_net_admin rollcall status --check --require-peers
		[[ $output = *" ago)$limit" ]]
		run -0 without_net_admin rollcall status --check
		stop loader-node-a
	done
}

@test "a tc filter that ends the chain hides nothing behind the filter, and is named by status ahead of it" {
	filter_ends_chain 3
	attach_on node-a --mode clsact
	announce_from node-b --hostname first
	await lists first
	filter_ends_chain # the kernel chooses its priority
	announce_from node-b --hostname second
	await lists second
	age first 36 && age second 36
	[ "$(of_eth0 .state)" = quiet ]
	filter_ends_chain 1
	announce_from node-b --hostname hidden
	await is_hidden_by "tc filter bpf * pref 1"
	! lists hidden
}

@test "an XDP program ahead of the tc hook is named by status when nothing is received, unless it is of rollcall" {
	foreign generic "$XDP" "$T/bpf/link"
	attach_on node-a
	announce_from node-b --port 7
	await is_quiet
	rm "$T/bpf/link"
	await foreign native drop "$T/bpf/link2" # the kernel releases the previous link a little later
	is_hidden_by "XDP program 'idle' (id *)"
}
is_quiet() { [ "$(of_eth0 .state)" = quiet ]; }

# few_queues: a veth that rejects native XDP, because it has fewer receive queues than its peer has transmit queues
# (veth_xdp_set())
few_queues() {
	ip -n "$ID-node-a" link add name dev0 numtxqueues 1 numrxqueues 1 type veth \
		peer name dev0 numtxqueues 2 numrxqueues 2 netns "$ID-node-b"
	ip -n "$ID-node-b" addr add 10.80.0.2/24 dev dev0
	ip -n "$ID-node-b" link set dev0 up
	ip -n "$ID-node-a" link set dev0 up
	DEV=dev0
}

# attach_verbosely IFACE: start a loader that reports each step
attach_verbosely() {
	start loader-node-a on node-a rollcall attach "$1" -v
	await loader_is_in_place node-a
}

heard_over_dev0() {
	on node-b rollcall announce -4 dev0 --count 1
	await lists node-b
	[ "$(rollcall get node-b)" = 10.80.0.2 ]
}

# fill_tcx: no room for another program: BPF_MPROG_MAX in include/linux/bpf_mprog.h, of which the kernel keeps one free
fill_tcx() { foreign tcx - "$T"/bpf/link{1..63}; }
# fill_clsact: a filter for another protocol has rollcall's priority
fill_clsact() {
	on node-a tc qdisc add dev "${DEV:-eth0}" clsact
	on node-a tc filter add dev "${DEV:-eth0}" ingress prio 2 protocol ip bpf bytecode '1,6 0 0 0'
}

@test "each mode that is tried is reported with its reason, and the mode that was accepted" {
	needs_tcx
	few_queues
	fill_tcx
	attach_verbosely dev0
	said "'dev0' does not take mode tcx: Numerical result out of range" "attached to 'dev0' in mode clsact"
	heard_over_dev0
}

@test "clsact mode that is rejected for filters of its priority prints the reason" {
	fill_clsact
	run -1 --separate-stderr on node-a rollcall attach eth0 --mode clsact
	[[ $stderr = *"priority 2 has filters of another kind, or for another protocol; try --mode auto"* ]]
}

@test "where neither tc mode is to be had native mode is taken" {
	fill_tcx
	fill_clsact
	attach_verbosely eth0
	said "'eth0' does not take mode tcx: Numerical result out of range" \
		"'eth0' does not take mode clsact: Invalid argument \\(priority 2 has filters of .*\\)" "attached to 'eth0' in mode native" \
		"eth0: cannot probe whether the driver runs the filter: Numerical result out of range"
	announce_from node-b
	await lists node-b
}

@test "where neither a tc mode nor native mode is to be had generic mode is taken" {
	few_queues
	fill_tcx
	fill_clsact
	attach_verbosely dev0
	said "'dev0' does not take mode tcx: Numerical result out of range" \
		"'dev0' does not take mode clsact: Invalid argument \\(priority 2 has filters of .*\\)" \
		"'dev0' does not take mode native: No space left on device \\(.*rx queues.*\\)" "attached to 'dev0' in mode generic"
	heard_over_dev0
}

@test "with another XDP program and without a tc mode attach is rejected, and generic mode is not tried" {
	few_queues
	foreign generic "$XDP" "$T/bpf/link"
	fill_tcx
	fill_clsact
	local before
	before=$(hung)
	run -1 --separate-stderr on node-a rollcall attach dev0 -v
	[[ $stderr = *"'dev0' does not take mode native: File exists (another XDP program is there)"* ]]
	[[ $stderr = *"'dev0': mode generic is not tried: another XDP program is there"* ]]
	diff <(echo "$before") <(hung)
}

# traced [ARG...]: start a verbose loader on eth0 under strace, which traces bpf(2)
traced() {
	# LeakSanitizer cannot check a traced process
	start strace on node-a strace -E ASAN_OPTIONS=detect_leaks=0 -qq -o "$T/calls" -e trace=bpf "$@" rollcall attach eth0 --mode "${MODE:-auto}" -v
	await has_loader
	PIDS[traced]=$(loader)
}

loader() { rollcall status -j | jq '.interfaces[0].loader'; }
has_loader() { [ "$(loader)" -gt 0 ]; }

untraced() {
	kill "${PIDS[traced]}"
	unset 'PIDS[traced]'
	ends_with 0 strace
}

@test "tcx mode that is rejected with any error leads to clsact mode, and is reported" {
	needs_tcx
	local call error
	traced
	call=$(grep -n 'BPF_LINK_CREATE' "$T/calls" | grep -v TRACE_ITER | cut -d: -f1) # not that of the iterator
	untraced
	for error in 'ENOMEM Cannot allocate memory' 'ENODEV No such device' 'EPERM Operation not permitted' \
		'EINVAL Operation not supported \(it needs Linux 6.6\)'; do
		traced -e inject=bpf:error="${error%% *}":when="$call"
		grep -q "BPF_LINK_CREATE.*INJECTED" "$T/calls"
		LOADER=strace said "'eth0' does not take mode tcx: ${error#* }" "attached to 'eth0' in mode clsact"
		untraced
	done
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "native mode that is asked for and rejected by the driver is reported with the reason" {
	local call error
	MODE=native traced
	call=$(grep -n 'BPF_LINK_CREATE.*BPF_XDP' "$T/calls" | cut -d: -f1)
	untraced
	for error in 'EINVAL Invalid argument' 'ERANGE Numerical result out of range \(the MTU is too large for its XDP\)' \
		'EOPNOTSUPP Operation not supported \(the driver has no XDP, or not with the MTU and the offloads that are set\)'; do
		run -1 --separate-stderr on node-a strace -E ASAN_OPTIONS=detect_leaks=0 -qq -o "$T/calls" -e trace=bpf \
			-e inject=bpf:error="${error%% *}":when="$call" rollcall attach eth0 --mode native -v
		grep -q "BPF_LINK_CREATE.*BPF_XDP.*INJECTED" "$T/calls"
		grep -qE "'eth0' does not take mode native: ${error#* }" <<<"$stderr"
		grep -qE "^rollcall: cannot attach to 'eth0': .* \(the driver does not take it; try --mode auto\)$" <<<"$stderr"
	done
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "a loader whose mode is rejected keeps the attachment of a dead loader, and no host is lost" {
	attach_on node-a --mode tc
	announce_from node-b
	await lists node-b
	local was
	was=$(mode)
	stop loader-node-a KILL || true
	foreign native "$XDP" "$T/bpf/link"
	fails_with 1 "cannot attach to 'eth0': .*another XDP program is there" timeout "$AWAIT_SECONDS" \
		nsenter --net="/run/netns/$ID-node-a" rollcall attach eth0 --mode native
	[ "$(mode)" = "$was" ]
	lists node-b
	announce_from node-b --hostname later
	await lists later
	attach_on node-a
	[ "$(mode)" = "$was" ]
	lists node-b
}

@test "native mode that the driver rejects is reported with the kernel's reason" {
	few_queues
	fails_with 1 "cannot attach to 'dev0': No space left on device \(.*number of rx queues.*; try --mode auto\)" \
		on node-a rollcall attach dev0 --mode native
	fails_with 1 "cannot attach to 'lo': Operation not supported \(.*driver does not support XDP.*; try --mode auto\)" \
		on node-a rollcall attach lo --mode native
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}
