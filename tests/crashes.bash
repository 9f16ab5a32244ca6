# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# kill -9 at every possible moment: a loader, a detach and a stop are killed after each system call that changes
# something lasting (tools/tracer.c), in one run per system call.

# state_of HOST: print all that attaching may change, at the interface and in the BPF file system
state_of() {
	on "$1" sh -c 'programs eth0; for what in "-d link" addr maddr; do ip $what show dev eth0; done
		tc qdisc show dev eth0; tc filter show dev eth0 ingress' 2>/dev/null | sed -E 's/ (valid|preferred)_lft.*//' | without_time
	find "$T/bpf" | sort
}

# begin: make one LAN for all calls. A listener, which joins the group itself, shows whether announcements reach a
# socket.
begin() {
	lan node-a node-b
	POINTS=0
	start listener on node-a listener eth0
	await has_line listener listening
	BEFORE=$(state_of node-a)
}

# begin_in_table: as begin, with a table that a killed loader of another interface left. Then the system calls are those
# that attach and detach, without those that create and remove a table.
begin_in_table() {
	begin
	start other on node-a rollcall attach lo --expiry 1s
	await in_place other
	stop other KILL || true
	BEFORE=$(state_of node-a)
}

# kills N [--on SIGNAL] CMD...: run CMD on node-a, and kill it after system call N. Returns false if it made fewer.
kills() {
	local n=$1 signal=() status=0
	shift
	if [ "$1" = --on ]; then
		signal=(--on "$2")
		shift 2
	fi
	# LeakSanitizer cannot check a traced process
	on node-a env ASAN_OPTIONS=detect_leaks=0 tracer "${signal[@]}" "$n" "$@" >/dev/null || status=$?
	case $status in
	0) POINTS=$n ;;
	3) return 1 ;;
	*) exit 1 ;;
	esac
}

# answers: 'peers' lists the entries, or reports that there is no table
answers() {
	run --separate-stderr rollcall peers
	[ "$status" -eq 0 ] || [[ $stderr =~ ^"rollcall: no table in '$ROLLCALL_PIN_DIR'" ]] || {
		echo "peers: $stderr"
		return 1
	}
}

passes() { has_line listener ": multitastic:$1\$"; }

# called NAME: node-b announces NAME, and a socket receives it
called() {
	announce_from node-b --hostname "$1"
	await passes "$1"
}

# after_kill: check what holds after each kill
after_kill() {
	answers
	[ "$(filters | wc -l)" -le 1 ]
	announce_from node-b --hostname node-a # this host's own name is never recorded
	called "killed-$POINTS"
	[[ $(peers) != *node-a* ]]
}

in_place() { rollcall status -j | grep -E "\"loader\": *${PIDS[$1]}\b"; }

# attaches MODE [OPTION...]: the next loader attaches in MODE; a new host is recorded and reported
attaches() {
	local mode=$1
	shift
	start loader-node-a on node-a rollcall attach eth0 "$@"
	await in_place loader-node-a
	[ "$(filters)" = "$mode" ]
	called "next-$POINTS"
	await has_line loader-node-a " join +next-$POINTS "
}

# leaves_nothing: when the loader is stopped, the state is as before
leaves_nothing() {
	stop loader-node-a
	diff <(echo "$BEFORE") <(state_of node-a)
}

# at_least N: there were at least N system calls to kill after; otherwise the tracer misses some
at_least() {
	echo "$POINTS calls"
	((POINTS >= $1))
}
