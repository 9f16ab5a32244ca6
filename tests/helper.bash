# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for all suites: a LAN of network namespaces, background processes, waiting, and a teardown that removes
# everything, also after a failure.
#
#	lan node-a node-b	hosts 10.77.0.1 and .2, each with its own nodename and an eth0,
#				joined by a bridge in another namespace
#	on node-a CMD...	run CMD on node-a
#	second_lan node-a node-c	the same on eth1, 10.78.0.0/24; call lan first
#	in_lan CMD...		run CMD in the namespace of the bridges
#	start NAME on node-a CMD...	run CMD in the background; its output is in $(out NAME)
#	await CMD...		wait until CMD succeeds; fails the test after a timeout
#
# Each test has its own BPF file system, and ROLLCALL_PIN_DIR points into it.

bats_require_minimum_version 1.5.0 # run's options

TOP=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BUILD=${BUILD:-$TOP/build}
export PATH=$BUILD:$BUILD/tests:$PATH:/usr/sbin:/sbin
unset NO_COLOR

# MODES are the modes of this kernel: before Linux 6.6 the tc hook has only clsact. TC is the mode of --mode tc.
MODES=(native generic tcx clsact) TC=tcx
kernel_has tcx || case $? in
1) MODES=(native generic clsact) TC=clsact ;;
*) false ;; # unknown
esac

# needs_plain_build: skip the test in a build with AddressSanitizer
needs_plain_build() { [ -z "$(sanitizer)" ] || skip "AddressSanitizer copies memory, and writes no core dump"; }

# sanitizer: print the library that must be loaded first by a process that loads an NSS module with AddressSanitizer, if
# any
sanitizer() { objdump -p "$BUILD/libnss_rollcall.so.2" | sed -n 's/^ *NEEDED *\(libasan.*\)/\1/p'; }

needs_iterator() { kernel_has iterator || skip "this system loads no BPF iterator"; }
# needs_emulator TARGET: skip the test if a program of 'make TARGET' is missing, because tests install nothing
needs_emulator() {
	local program
	for program in apt-get qemu-system-x86_64 busybox cpio; do
		type -P "$program" >/dev/null || skip "'make $1' was never run here: no $program"
	done
}
needs_tcx() { [ "$TC" = tcx ] || skip "this kernel has no tcx"; }

# Emulated machines are slow: TIME_SCALE multiplies every timeout.
AWAIT_SECONDS=$((30 * ${TIME_SCALE:-1}))

setup() {
	ID=rc${BATS_RUN_TMPDIR##*-}-$BATS_TEST_NUMBER # also the name of a cgroup, so it is unique on the machine
	T=$BATS_TEST_TMPDIR
	HOSTS=()
	declare -gA PIDS=()
	mkdir -p "$T/bpf"
	mount -t bpf "$ID" "$T/bpf"
	export ROLLCALL_PIN_DIR=$T/bpf/rollcall
	if declare -F setup_more >/dev/null; then setup_more; fi
}

teardown() {
	local name
	for name in "${!PIDS[@]}"; do stop "$name" KILL; done
	if declare -F teardown_more >/dev/null; then teardown_more; fi
	[ -z "${UNMOUNT:-}" ] || umount "$UNMOUNT"
	# mounted by a loader that was killed
	while mountpoint -q /run/rollcall; do umount /run/rollcall || break; done
	[ ! -e /run/rollcall ] || rmdir /run/rollcall
	umount "$T/bpf"
	for name in "${HOSTS[@]}"; do
		umount "$T/uts-$name"
		ip netns del "$ID-$name"
	done
	[ -z "${LAN:-}" ] || ip netns del "$LAN"
}

# Related commands are run as one batch of 'ip', because the suites make a thousand hosts.

# lan HOST...: make hosts on a new bridge
lan() {
	local host
	LAN=$ID-lan
	ip netns add "$LAN"
	printf '%s\n' 'link add lan0 type bridge' 'link set lan0 up' | ip -n "$LAN" -batch -
	for host; do lan_join "$host"; done
	for host; do await is_settled "$host" eth0; done
}

# is_settled HOST IFACE: HOST can announce on IFACE over both families. The kernel adds the IPv6 address in a work
# queue, some time after the link is up.
is_settled() { [[ $(ip -n "$ID-$1" -6 -o addr show dev "$2" scope link -tentative) = *inet6* ]]; }

lan_join() {
	local host=$1 number=$((${#HOSTS[@]} + 1))
	HOSTS+=("$host")
	ip netns add "$ID-$host"
	name_host "$host"
	ip -n "$ID-$host" -batch - <<-EOF
		link set lo up
		link add eth0 type veth peer name port$number netns $LAN
		addr add 10.77.0.$number/24 dev eth0
		link set eth0 up
	EOF
	ip -n "$LAN" link set "port$number" master lan0 up
}

# name_host HOST: set the nodename, and disable duplicate address detection, so that an IPv6 address can be used at once
name_host() {
	: >"$T/uts-$1"
	nsenter --net="/run/netns/$ID-$1" unshare --uts="$T/uts-$1" sh -c '
		echo "$0" >/proc/sys/kernel/hostname && echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad' "$1"
}

# second_lan HOST...: connect hosts of the first LAN also to a bridge lan1
second_lan() {
	local host number
	printf '%s\n' 'link add lan1 type bridge' 'link set lan1 up' | ip -n "$LAN" -batch -
	for host; do
		for number in "${!HOSTS[@]}"; do [ "${HOSTS[number]}" != "$host" ] || break; done
		ip -n "$ID-$host" -batch - <<-EOF
			link add eth1 type veth peer name second$((number + 1)) netns $LAN
			addr add 10.78.0.$((number + 1))/24 dev eth1
			link set eth1 up
		EOF
		ip -n "$LAN" link set "second$((number + 1))" master lan1 up
	done
	for host; do await is_settled "$host" eth1; done
}

in_lan() { nsenter --net="/run/netns/$LAN" -- "$@"; }

# on HOST CMD...: run CMD on HOST, in the same mount namespace, so that the pins are visible
on() {
	local host=$1
	shift
	nsenter --net="/run/netns/$ID-$host" --uts="$T/uts-$host" -- "$@"
}

out() { echo "$T/$1.out"; }

# start NAME [on HOST|in_lan] CMD...: run CMD in the background; its output is in $(out NAME), its pid in ${PIDS[NAME]}
start() {
	local name=$1
	shift
	# the commands of 'on' and 'in_lan' are used directly, so that the pid is that of CMD
	if [ "$1" = on ]; then
		set -- nsenter --net="/run/netns/$ID-$2" --uts="$T/uts-$2" -- "${@:3}"
	elif [ "$1" = in_lan ]; then
		set -- nsenter --net="/run/netns/$LAN" -- "${@:2}"
	fi
	# emptied here: the shell in the background does it later, and an 'await' would see the lines of an earlier NAME
	: >"$T/$name.out"
	as_started "$@" >"$T/$name.out" 2>&1 </dev/null 3>&- &
	PIDS[$name]=$!
}

# as_started CMD...: run CMD as a shell with job control does. Without job control bash ignores SIGINT for a background
# process, and rollcall keeps ignored signals ignored.
as_started() {
	trap - INT QUIT
	if [ "$(type -t "$1")" = file ]; then exec "$@"; else "$@"; fi
}

# stop NAME [SIGNAL]: send SIGNAL (TERM) to NAME, wait until it exits, and return its exit status
stop() {
	local pid=${PIDS[$1]}
	unset "PIDS[$1]"
	kill "-${2:-TERM}" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

# await CMD...: run CMD again until it succeeds, at growing intervals. The timeout is long and is not a measure of
# speed.
await() {
	local end=$((SECONDS + AWAIT_SECONDS)) ms=10
	until "$@" >/dev/null 2>&1; do
		if ((SECONDS > end)); then
			echo "gave up waiting for: $*"
			head -n 50 "$T"/*.out
			return 1
		fi
		sleep "0.0$ms"
		((ms >= 80)) || ((ms *= 2))
	done
}

# without_time: filter the output of 'ip link': remove what the kernel changes by itself. Timers of a bridge run, a
# bridge learns addresses, and a work queue changes the state of an interface from UNKNOWN to UP.
without_time() { sed -E 's/_timer *[0-9.]*//g; s/ fdb_n_learned [0-9]+//g; s/ state (UP|UNKNOWN) / state UP /'; }

# link_show PIN: print the pinned link. bpftool 7.5 prints it and then exits with 255.
link_show() {
	local shown
	shown=$(bpftool link show pinned "$1") || [ -n "$shown" ] || return 1
	echo "$shown"
}

# state_of HOST [IFACE]: print all that attaching may change, at the interface and in the BPF file system
state_of() {
	local dev=${2:-eth0}
	on "$1" ip -d link show dev "$dev" | without_time
	on "$1" ip maddr show dev "$dev"
	on "$1" tc qdisc show dev "$dev"
	on "$1" tc filter show dev "$dev" ingress 2>&1
	find "$T/bpf" | sort
}

# attach_on HOST [OPTION...]: start a loader, loader-HOST, on eth0 of HOST, and wait until it has attached
attach_on() {
	local host=$1
	shift
	start "loader-$host" on "$host" rollcall attach eth0 "$@"
	await loader_is_in_place "$host"
}

loader_is_in_place() { is_loader_of 0 "loader-$1"; }

# is_loader_of INDEX NAME: the loader of interface number INDEX in 'status' is the process NAME
is_loader_of() { [ "$(status_number loader "$1")" = "${PIDS[$2]}" ]; }

# filters: print the modes of the attached filters on eth0 of node-a, without the probe, which is removed with its
# loader
filters() {
	on node-a sh -c 'programs eth0; tc filter show dev eth0 ingress 2>/dev/null' |
		sed -nE '/ rollcall_probe$/d; s/^(native|generic|tcx) .*/\1/p; s/.* rollcall_tc:.*/clsact/p'
}

# announce_from HOST [OPTION...]: send one announcement, only over IPv4, so that it is one datagram
announce_from() {
	local host=$1
	shift
	on "$host" rollcall announce -q -4 eth0 --count 1 "$@"
}

# own_keys: print the keys of the map of this host's addresses, in hexadecimal
own_keys() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/own_addresses" | jq -r '.[].key | map(ltrimstr("0x")) | join("")'; }
own_address_key() {
	local left right word zeros
	if [[ $1 = *.* ]]; then
		printf '%02x%02x%02x%02x%036d0400' ${1//./ } 0
		return
	fi
	IFS=: read -ra left <<<"${1%%::*}"
	IFS=: read -ra right <<<"${1#"${1%%::*}"}"
	right=("${right[@]:2}")
	for ((zeros = 8 - ${#left[@]} - ${#right[@]}; zeros > 0; zeros--)); do left+=(0); done
	for word in "${left[@]}" "${right[@]}"; do printf %04x "0x$word"; done
	printf '%012d0600' 0
}
is_own_address() { own_keys | grep -qx "$(own_address_key "$1")"; }
not_own_address() { ! is_own_address "$1"; }
is_own_lladdr() { own_keys | grep -qx "$(printf '0%.0s' {1..32})${1//:/}0000"; }

# Functions for await do not use jq, because it takes long to start.
peers() { rollcall peers -j | grep -oE '"hostname": *"[^"]*"' | cut -d'"' -f4 | paste -sd' '; }
peer_field() { rollcall peers -j "$1" | jq -r ".[0].$2"; }
lists() { rollcall peers -j "$1" | grep '"hostname":' >/dev/null; }
lists_not() { ! lists "$1"; }
outcome() { status_number "$1" "${2:-0}"; }
# status_number KEY INDEX: print the value of KEY, a number or null, of interface number INDEX
status_number() {
	local found
	mapfile -t found < <(rollcall status -j | grep -oE "\"$1\": *([0-9]+|null)")
	echo "${found[$2]##*[: ]}"
}
# counted OUTCOME N [INDEX]: N frames had OUTCOME
counted() { [ "$(outcome "$1" "${3:-0}")" = "$2" ]; }
age() { peer "$ROLLCALL_PIN_DIR" age "$1" "$2"; }
has_line() { grep -qE -- "$2" "$(out "$1")"; }

lines_with() { grep -cE -- "$2" "$(out "$1")"; }

# messages NAME: print the messages of NAME, without the lines that every loader and announcer prints at the start, and
# without the warning about the interval
messages() {
	grep '^rollcall' "$(out "$1")" |
		grep -vE ': attached \([a-z]+\), listening on |: announcing [^ ]+ every .* on |: hosts that announce every ' || :
}
# reported N NAME: NAME printed N messages
reported() {
	messages "$2"
	[ "$(messages "$2" | wc -l)" -eq "$1" ]
}

# ended NAME: NAME has exited by itself; 'stop' then returns its exit status
ended() { ! kill -0 "${PIDS[$1]}"; }

# ends_with STATUS NAME: NAME exits by itself, with STATUS
ends_with() {
	local status=0
	await ended "$2" || return 1
	stop "$2" || status=$?
	[ "$status" -eq "$1" ] || {
		echo "exit status $status, not $1"
		return 1
	}
}

# fails_with STATUS PATTERN CMD...: CMD exits with STATUS, and prints one line of error that matches PATTERN
fails_with() {
	local wanted=$1 pattern=$2
	shift 2
	run --separate-stderr "$@"
	if [ "$status" -ne "$wanted" ] || [ "${#stderr_lines[@]}" -ne 1 ] || ! [[ $stderr =~ $pattern ]]; then
		echo "exit status $status: $stderr"
		return 1
	fi
}
