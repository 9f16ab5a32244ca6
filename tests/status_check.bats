#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The counts of 'status', its interfaces on the command line, and --check for scripts.

load helper
load metrics
load sealed

ifindex() { ip -n "$ID-$1" -j link show dev "$2" | jq '.[0].ifindex'; }

# two_interfaces: node-a is attached to eth0 and eth1, and node-b is received on both
two_interfaces() {
	lan node-a node-b
	second_lan node-a node-b
	start loader-node-a on node-a rollcall attach eth0 eth1 "$@"
	await is_loader_of 1 loader-node-a
	on node-b rollcall announce -4 eth0 eth1 --count 1
	await two_entries
}
two_entries() { [ "$(rollcall status -j | jq .entries)" = 2 ]; }
shown() { on node-a rollcall status -j "$@" | jq -r '[.interfaces[].name] | join(" ")'; }

@test "status counts hosts and entries, as peers, wait and metrics do" {
	two_interfaces
	local eth0
	eth0=$(ifindex node-a eth0)
	peer "$ROLLCALL_PIN_DIR" add node-b fe80::6 "$eth0"
	peer "$ROLLCALL_PIN_DIR" add node-c 10.77.0.3 "$eth0"
	peer "$ROLLCALL_PIN_DIR" add node-d 10.77.0.4 "$eth0" 36s # expired
	[ "$(rollcall status -j | jq -c '[.hosts, .entries, .capacity, .expiry_ms]')" = '[2,4,16384,35000]' ]
	on node-a rollcall status | grep -qx 'table: 2 hosts, 4 entries of at most 16384; expiry 35s'
	[ "$(on node-a rollcall status | sed -nE 's/^  hosts +//p')" = $'2 hosts, 3 entries\n1 host, 1 entry' ]
	[ "$(rollcall peers --count)" = 2 ]
	rollcall wait --count 2 --timeout 0s
	fails_with 1 '2 of 3 hosts' rollcall wait --count 3 --timeout 0s
	is_valued rollcall_hosts 2
	[ "$(rollcall metrics | awk '/^rollcall_entries/ { n += $2 } END { print n }')" = 4 ]
}

@test "the keys of status -j are those that are promised, first the promised ones in their order" {
	two_interfaces
	[[ $(rollcall status -j | jq -r 'keys_unsorted | join(" ")') =~ ^hosts\ entries\ .*capacity\ .*expiry_ms\ interfaces$ ]]
	[[ $(rollcall status -j | jq -r '.interfaces[] | keys_unsorted | join(" ")') =~ ^name\ mode\ loader\ state\ reason\ .*outcomes ]]
}

@test "interfaces on the command line are the only ones shown, also by an alternative name, once each" {
	two_interfaces
	ip -n "$ID-node-a" link property add dev eth1 altname lan-one
	[ "$(shown)" = "eth0 eth1" ]
	[ "$(shown eth1)" = eth1 ]
	[ "$(shown eth1 eth0 eth1)" = "eth0 eth1" ]
	[ "$(shown lan-one)" = eth1 ]
	on node-a rollcall status lan-one | grep -q '^eth1: receiving$'
	run -1 bash -c 'grep "^eth0" <<<"$1"' - "$(on node-a rollcall status lan-one)"
}

@test "an interface that is not attached is one line and exit status 1" {
	two_interfaces
	local name
	for name in eth7 lo; do
		fails_with 1 "^rollcall: interface '$name' is not attached \('rollcall status' lists the attached interfaces\)$" \
			on node-a rollcall status eth0 $name
		[ -z "$output" ]
	done
	fails_with 1 "^rollcall: interface 'eth7' is not attached " on node-a rollcall status --check eth7
	# in another network namespace the same number is another interface
	ip -n "$ID-node-b" link property add dev eth0 altname other-lan
	fails_with 1 "^rollcall: interface 'other-lan' is not attached " on node-b rollcall status other-lan
}

# checks STATUS [LINE] : ARG...: 'status --check ARG...' exits with STATUS and prints LINE
checks() {
	local wanted=$1 line=''
	shift
	if [ "$1" != : ]; then
		line=$1
		shift
	fi
	run --separate-stderr on node-a rollcall status --check "${@:2}"
	if [ "$status" -ne "$wanted" ] || [ -n "$stderr" ] || ! [[ $output =~ ^$line$ ]]; then
		echo "exit status $status: $output$stderr"
		return 1
	fi
}

@test "--check prints nothing where announcements are received, or may come" {
	two_interfaces
	checks 0 :
	checks 0 : --require-peers
	age node-b 36
	checks 0 :
}

@test "--check --require-peers fails where no announcements are received, with the reason" {
	two_interfaces --expiry 5s
	start others on node-b rollcall announce eth0 --interval 500ms
	await checks 1 "eth1: quiet: no announcements received for [0-9]+s: is 'rollcall announce' running on the other hosts\?" : --require-peers
	checks 0 :
	checks 0 : --require-peers eth0
	checks 1 'eth1: quiet: .*' : --require-peers eth1
}

@test "--check fails for an interface that is blocked, with the reason, and only for those that were named" {
	two_interfaces
	ip -n "$ID-node-a" link set eth1 down
	checks 1 "eth1: blocked: interface is down: 'ip link set dev eth1 up'" :
	checks 1 'eth1: blocked: .*' : eth1 eth0
	checks 0 : eth0
}

@test "--check fails where the state is unknown" {
	two_interfaces
	run --separate-stderr -1 on node-b rollcall status --check
	[ "$(grep -cE '^eth[01]: unknown: the table is of another network namespace: ' <<<"$output")" = 2 ]
	[ -z "$stderr" ]
}

@test "--check fails without a loader and with a suspended one, also where announcements are received" {
	two_interfaces
	local pid=${PIDS[loader-node-a]}
	kill -STOP "$pid"
	await is_stopped
	checks 1 "eth0: loader $pid is suspended: 'kill -CONT $pid' continues it; the filter goes on recording" : eth0
	kill -CONT "$pid"
	await checks 0 : eth0
	stop loader-node-a KILL || true
	checks 1 "eth0: no loader: run 'rollcall attach eth0'; the filter goes on recording" : eth0
	rm "$ROLLCALL_PIN_DIR"/links/* # that detaches the filter
	checks 1 "eth0: blocked: filter is not attached, and no loader: run 'rollcall attach eth0'"$'\n'"eth0: no loader: run 'rollcall attach eth0'" : eth0
	ip -n "$ID-node-a" link del eth0
	checks 1 "eth0: blocked: no such interface, and no loader: .*" : eth0
}
is_stopped() { [[ $(ps -o stat= -p "${PIDS[loader-node-a]}") = T* ]]; }

@test "--check fails without a table, and where nothing is attached" {
	fails_with 1 "^rollcall: no table in " rollcall status --check
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	bpftool map update pinned "$ROLLCALL_PIN_DIR/interfaces" key 0 0 0 0 value $(printf '0 %.0s' {1..128})
	checks 1 "nothing is attached: run 'rollcall attach IFACE'" :
	on node-a rollcall status | grep -qx "nothing is attached: run 'rollcall attach IFACE'"
	rm -r "$ROLLCALL_PIN_DIR"
}

@test "of the messages that were rejected, those with a seal give the reason: a host that seals may send plain ones too" {
	lan node-a node-b
	attach_with_keys node-a
	on node-b rollcall announce -q -4 eth0 --count 3 --interval 100ms
	await counted unsealed 3
	checks 1 'eth0: quiet: .* 3 rejected without a seal, .*' : --require-peers
	announces node-b node-b --sequence -60000
	await counted stale 1
	checks 1 'eth0: quiet: .* 1 rejected because of their time: .*' : --require-peers
	send node-b "$(sealed node-b node-b --key "$KEY2")" "$(sealed node-b node-b --key "$KEY2")"
	await counted unknown_key 2
	checks 1 'eth0: quiet: .* 2 rejected with an unknown key: .*' : --require-peers
}

@test "options of --check that cannot work are wrong usage" {
	fails_with 2 "^rollcall: --require-peers requires --check \(see 'rollcall status --help'\)$" rollcall status --require-peers
	fails_with 2 "^rollcall: --check and --json exclude each other \(see 'rollcall status --help'\)$" rollcall status --check -j
}

# troubleshooting: print that section of the man page, as one line
troubleshooting() {
	MANWIDTH=200 mandoc -Tascii "$TOP/docs/rollcall.8" | sed 's/.\x08//g' |
		sed -n '/^TROUBLESHOOTING/,/^ENVIRONMENT/p' | tr -s ' \n' ' '
}

@test "TROUBLESHOOTING in the man page has every state, and every reason that status can give" {
	local text reason count=0
	text=$(troubleshooting)
	for reason in quiet 'The state is blocked' 'The state is unknown' receiving; do [[ $text == *"$reason"* ]]; done
	while read -r reason; do
		count=$((count + 1))
		[[ $text == *"$reason"* ]] || {
			echo "'$reason' is not in TROUBLESHOOTING"
			return 1
		}
	done < <({
		sed -nE 's/.*HEALTH_[A-Z]+, "([^":%(,]+).*/\1/p' "$TOP/user/view/health.c"
		echo 'runs ahead of the filter: does it pass frames on?'
		sed -nE 's/.*limit = .*"; (.+)" : "";$/\1/p' "$TOP/user/view/health.c"
		sed -nE 's/.* what\[\] = "([^:]+):.*/\1/p' "$TOP/user/view/health.c"
		sed -nE 's/.*return "(rejected [^:]+):.*/\1/p' "$TOP/user/view/health.c"
		printf '%s\n' 'no loader' 'is suspended' 'cannot be seen from here' 'table: full' \
			'table: no loader removes expired entries' 'nothing is attached'
	} | sed 's/ *$//' | sort -u)
	[ "$count" -ge 16 ]
}
