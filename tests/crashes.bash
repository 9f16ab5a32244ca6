# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# kill -9 at any moment, by construction: a loader, a detach and a stop are killed after each of their system calls
# that changes something lasting (tools/tracer.c), one after the other.

# what attaching may have changed, at the interface and in the BPF file system
state_of() {
	on "$1" sh -c 'programs eth0; for what in "-d link" addr maddr; do ip $what show dev eth0; done
		tc qdisc show dev eth0; tc filter show dev eth0 ingress' 2>/dev/null | sed -E 's/ (valid|preferred)_lft.*//' | without_time
	find "$T/bpf" | sort
}

# one LAN for all calls. A listener hears whether the traffic passes; the group is its own too.
begin() {
	lan node-a node-b
	POINTS=0
	start listener on node-a listener eth0
	await has_line listener listening
	BEFORE=$(state_of node-a)
}

# begin_in_table: the same with a table that a dead loader of another interface has left, so that
# the calls are those that attach and detach, and not those that make a table and remove it
begin_in_table() {
	begin
	start other on node-a rollcall attach lo --expiry 1s
	await in_place other
	stop other KILL || true
	BEFORE=$(state_of node-a)
}

# kills N [--on SIGNAL] CMD...: run it on node-a and end it after call N. False: it made fewer.
kills() {
	local n=$1 signal=() status=0
	shift
	if [ "$1" = --on ]; then
		signal=(--on "$2")
		shift 2
	fi
	# who is traced cannot be looked at for leaks
	on node-a env ASAN_OPTIONS=detect_leaks=0 tracer "${signal[@]}" "$n" "$@" >/dev/null || status=$?
	case $status in
	0) POINTS=$n ;;
	3) return 1 ;;
	*) exit 1 ;;
	esac
}

# answers: 'peers' lists what is there, or says that there is no table
answers() {
	run --separate-stderr rollcall peers
	[ "$status" -eq 0 ] || [[ $stderr =~ ^"rollcall: no table in '$ROLLCALL_PIN_DIR'" ]] || {
		echo "peers: $stderr"
		return 1
	}
}

passes() { has_line listener ": multitastic:$1\$"; }

# called NAME: node-b announces it, and that gets through to a socket
called() {
	announce_from node-b --hostname "$1"
	await passes "$1"
}

# after_kill: what holds whatever was killed, and whenever
after_kill() {
	answers
	[ "$(filters | wc -l)" -le 1 ]
	announce_from node-b --hostname node-a # a clone of this host: it is never recorded
	called "killed-$POINTS"
	[[ $(peers) != *node-a* ]]
}

in_place() { rollcall status -j | grep -E "\"loader\": *${PIDS[$1]}\b"; }

# attaches MODE [OPTION...]: the next loader does, by itself; somebody new is recorded and told
attaches() {
	local mode=$1
	shift
	start loader-node-a on node-a rollcall attach eth0 "$@"
	await in_place loader-node-a
	[ "$(filters)" = "$mode" ]
	called "next-$POINTS"
	await has_line loader-node-a " join +next-$POINTS "
}

# leaves_nothing: when the loader is stopped, all is as before
leaves_nothing() {
	stop loader-node-a
	diff <(echo "$BEFORE") <(state_of node-a)
}

# at_least N: so many calls were there to be killed after; else the tracer is blind
at_least() {
	echo "$POINTS calls"
	((POINTS >= $1))
}
