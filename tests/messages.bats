#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The messages of commands: usage, errors, help. Each error is one line that names the object and the reason.
# bats file_tags=long

load helper

COMMANDS=(attach detach peers top get watch wait announce genkey status record history missing serve metrics)

unprivileged() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all "$@"; }

@test "an unknown command is wrong usage" {
	fails_with 2 "^rollcall: unknown command 'frobnicate' \(see 'rollcall --help'\)$" rollcall frobnicate
}

@test "no command at all prints the usage to standard error, with status 2" {
	run --separate-stderr -2 rollcall
	[ -z "$output" ]
	[[ $stderr == Usage:* ]]
}

@test "an unknown option is wrong usage, before the command and behind it" {
	local command
	fails_with 2 "^rollcall: unknown option '--frobnicate' " rollcall --frobnicate peers
	fails_with 2 "^rollcall: unknown option '-x' " rollcall -x peers
	for command in "${COMMANDS[@]}"; do
		fails_with 2 "^rollcall: unknown option '--frobnicate' \(see 'rollcall $command --help'\)$" \
			rollcall "$command" --frobnicate
		fails_with 2 "^rollcall: unknown option '-x' \(see 'rollcall $command --help'\)$" rollcall "$command" -x
	done
}

@test "an option that a command does not use is wrong usage, before the command and behind it" {
	local command
	fails_with 2 "unknown option '--consume'" rollcall peers --consume
	fails_with 2 "unknown option '--count'" rollcall attach eth0 --count 1
	fails_with 2 "unknown option '--expiry'" rollcall announce eth0 --expiry 35s
	fails_with 2 "unknown option '--pin-dir'" rollcall announce eth0 --pin-dir "$T"
	fails_with 2 "unknown option '--pin-dir'" rollcall --pin-dir "$T" announce eth0
	for command in 'detach eth0' 'get x' 'wait x' 'announce eth0' metrics; do
		fails_with 2 "unknown option '-j'" rollcall $command -j
	done
}

@test "options that exclude each other or require another one are wrong usage, with a table or without" {
	local command
	for command in 'attach lo' peers 'get x' watch 'wait x' 'announce lo'; do
		fails_with 2 "^rollcall: -4 and -6 exclude each other: leave both out for both families \\(see 'rollcall ${command%% *} --help'\\)$" \
			timeout 20 rollcall $command -4 -6
		fails_with 2 "-4 and -6 exclude each other" timeout 20 rollcall $command --ipv6 --ipv4
	done
	for command in announce "announce eth0"; do
		fails_with 2 "^rollcall: -q and -v exclude each other: leave one of them out \\(see 'rollcall announce --help'\\)$" timeout 20 rollcall $command -q -v
		fails_with 2 "-q and -v exclude each other" timeout 20 rollcall -v $command --quiet
	done
	fails_with 2 "^rollcall: --sd-port requires --sd \\(see 'rollcall metrics --help'\\)$" rollcall metrics --sd-port 9
	fails_with 2 "^rollcall: --interval requires --announce \\(see 'rollcall attach --help'\\)$" rollcall attach lo --interval 5s
}

@test "a name that no host can have is wrong usage for get, with a table or without" {
	local name
	for name in 'no de' '' -x "$(printf 'n%.0s' {1..65})" 'node/b'; do
		fails_with 2 "^rollcall: '$name' is neither a hostname nor an address \\(see 'rollcall get --help'\\)$" rollcall get -- "$name"
	done
	lan node-a
	attach_on node-a
	fails_with 2 "'no de' is neither a hostname nor an address" rollcall get 'no de'
}

@test "an option without its value is wrong usage" {
	local option
	for option in mode hostname max-peers names-per-source expiry group group6 port prefix interval pin-dir; do
		fails_with 2 "--$option: a value is required" rollcall attach eth0 "--$option"
	done
	fails_with 2 "--count: a value is required" rollcall announce eth0 --count
}

@test "a value for an option that takes none is wrong usage" {
	fails_with 2 "--json takes no value" rollcall peers --json=yes
}

# refuses OPTION RANGE VALUE...: each VALUE is wrong usage; the message quotes it and states RANGE
refuses() {
	local option=$1 range=$2 value
	shift 2
	for value; do
		fails_with 2 "^rollcall: $option: '$value' is not $range \(see 'rollcall $COMMAND --help'\)$" \
			rollcall "$COMMAND" eth0 "$option" "$value"
	done
}

@test "a bad value is wrong usage, and the message states what is good" {
	local COMMAND=attach
	refuses --hostname 'a hostname: 1\.\.64 of A-Z a-z 0-9 \. _ -, the first a letter or digit' \
		'' _x -x .x 'a b' 'a/b' $'\xc3\xa4' "$(printf 'n%.0s' {1..65})"
	refuses --max-peers 'in 1\.\.16777216' 0 16777217 -1 1x x '' 1.5 99999999999999999999
	refuses --names-per-source 'in 0\.\.16777216' 16777217 -1 x ''
	refuses --expiry 'a duration in 1s\.\.168h, such as 35s' 0s 999ms 0 s '' -1s 169h 8d 99999999999999999999s
	refuses --interval 'a duration in 100ms\.\.168h, such as 15s' 99ms 0 169h x
	refuses --port 'in 1\.\.65535' 0 65536 -1 http ''
	refuses --group 'an IPv4 multicast address' 10\.0\.0\.1 239\.2\.3 ff02::1 x ''
	refuses --group6 'an IPv6 multicast address' fe80::1 239\.2\.3\.4 x ''
	refuses --prefix '1\.\.32 bytes long' '' "$(printf 'n%.0s' {1..33})"
	refuses --pin-dir 'the name of a directory' ''
	COMMAND=metrics
	refuses --sd-port 'in 1\.\.65535' 0 65536 -1 http ''
	refuses --output 'the name of a file' ''
	COMMAND=announce
	refuses --count 'in 1\.\.4294967295' 0 -1 x '' 4294967296
	refuses --interval 'a duration in 100ms\.\.168h, such as 15s' 0s
}

@test "a bad mode is wrong usage, with privileges and an interface or without" {
	fails_with 2 "^rollcall: --mode: 'fast' is not one of auto, native, generic, tc, tcx, clsact \(" \
		rollcall attach nosuch --mode fast
	fails_with 2 "--mode: 'fast' is not one of" unprivileged "$(type -P rollcall)" attach nosuch --mode fast
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "values at the edges of the ranges are good" {
	lan node-a node-b
	attach_on node-a --announce --hostname "$(printf 'n%.0s' {1..64})" --max-peers 1 --names-per-source 0 --expiry 1s \
		--port 65535 --group 224.0.0.5 --prefix "$(printf 'p%.0s' {1..32})"
	announce_from node-b --port 65535 --group 224.0.0.5 --prefix "$(printf 'p%.0s' {1..32})"
	await has_line loader-node-a ' join +node-b '
	announce_from node-b --interval 100ms --port 1
}

@test "too few or too many arguments are wrong usage" {
	fails_with 2 "^rollcall: IFACE... is required \(see 'rollcall attach --help'\)" rollcall attach
	fails_with 2 "NAME\|ADDRESS is required" rollcall get
	fails_with 2 "give hostnames or --count N, and not both" rollcall wait
	fails_with 2 "give interfaces or --all, and not both" rollcall detach
	fails_with 2 "give interfaces or --all, and not both" rollcall detach eth0 --all
	fails_with 2 "unexpected argument 'b'" rollcall get a b
	fails_with 2 "unexpected argument 'a'" rollcall metrics a
}

@test "without privileges attach and detach report which capabilities they need" {
	local rollcall
	rollcall=$(type -P rollcall)
	fails_with 1 "'attach' needs CAP_BPF CAP_NET_ADMIN CAP_PERFMON: .*root" unprivileged "$rollcall" attach eth0
	fails_with 1 "'detach' needs CAP_BPF CAP_NET_ADMIN CAP_PERFMON: .*root" unprivileged "$rollcall" detach eth0
	fails_with 1 "'attach' needs CAP_PERFMON: " setpriv --bounding-set=-sys_admin,-perfmon \
		--inh-caps=-sys_admin,-perfmon rollcall attach eth0
}

@test "an interface that is not there is named" {
	fails_with 1 "no interface 'nosuch'" rollcall attach nosuch
	fails_with 1 "no interface 'a-name-too-long-for-linux'" rollcall attach a-name-too-long-for-linux
	fails_with 1 "no interface 'nosuch'" rollcall announce nosuch
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "without a table every reader reports that, and how to attach" {
	local command
	for command in peers 'get x' 'wait x --timeout 0s' status metrics 'metrics --sd'; do
		fails_with 1 "no table in '$ROLLCALL_PIN_DIR': .*run 'rollcall attach IFACE'" rollcall $command
	done
}

# with_option HOST CMD...: run rollcall on HOST with the pin directory as its option
with_option() { on "$1" env -u ROLLCALL_PIN_DIR rollcall "${@:2}" --pin-dir "$ROLLCALL_PIN_DIR"; }

@test "commands in messages have --pin-dir if it was given, and act on the same table then" {
	local here=" --pin-dir $ROLLCALL_PIN_DIR" command
	lan node-a node-b
	for command in peers 'get x' 'wait x --timeout 0s' status metrics; do
		fails_with 1 "^rollcall: no table in '$ROLLCALL_PIN_DIR': .*\(run 'rollcall attach IFACE$here', " with_option node-a $command
	done
	start watch on node-a env -u ROLLCALL_PIN_DIR rollcall watch --pin-dir "$ROLLCALL_PIN_DIR"
	await has_line watch "waiting for 'rollcall attach$here'$"
	attach_on node-a
	stop watch
	for command in 'status eth7' 'peers -i eth7'; do
		fails_with 1 "^rollcall: interface 'eth7' is not attached \('rollcall status$here' lists " with_option node-a $command
	done
	fails_with 1 "^rollcall: nothing is attached to 'eth7' in .*\('rollcall status$here' shows " with_option node-a detach eth7
	fails_with 2 "use 'rollcall peers$here' or 'rollcall watch$here'" with_option node-a top
	with_option node-b status | grep -qF ": run 'nsenter -t ${PIDS[loader-node-a]} -n rollcall status$here'"
	stop loader-node-a KILL || true
	with_option node-a status | grep -qxE "  filter +mode [a-z]+, no loader: run 'rollcall attach eth0$here'; .*"
	ip -n "$ID-node-a" link del eth0
	command=$(with_option node-a status -j | jq -r '.interfaces[0].reason' | grep -oE "'rollcall detach [^']+'")
	[ "$command" = "'rollcall detach eth0$here'" ]
	with_option node-a status --check | grep -qF "run 'rollcall attach eth0$here' when it is back"
	# the remedy works
	eval "on node-a env -u ROLLCALL_PIN_DIR ${command//\'/}"
	[ ! -e "$ROLLCALL_PIN_DIR" ]
	# those pins are of the default table
	fails_with 1 "^rollcall: no table in '/run/rollcall'.*'rollcall status' as root" env -u ROLLCALL_PIN_DIR rollcall status --pin-dir /run/rollcall
}

@test "detach of an interface that is not attached reports that" {
	lan node-a
	attach_on node-a
	fails_with 1 "nothing is attached to 'eth7'.*rollcall status" on node-a rollcall detach eth7
	loader_is_in_place node-a
}

@test "a pin directory outside of a BPF file system is rejected, with the remedy" {
	fails_with 1 "'$T/plain' is not in a BPF file system \('ip netns exec' has none, 'nsenter --net=/run/netns/NAME' keeps that of the host; else 'mount -t bpf bpf /sys/fs/bpf', or name one with --pin-dir\)$" \
		rollcall attach lo --pin-dir "$T/plain"
	[ ! -e "$T/plain" ]
	mkdir "$T/plain"
	fails_with 1 "'$T/plain' is not in a BPF file system" rollcall attach lo --pin-dir "$T/plain"
	[ -z "$(ls "$T/plain")" ]
	fails_with 1 "no table in '$T/plain'" rollcall peers --pin-dir "$T/plain"
}

@test "a pin directory that a BPF file system cannot have, with a dot in its name, is wrong usage" {
	local command dir
	for dir in "$T/bpf/x.y" "$T/bpf/x.y/z"; do
		for command in 'attach lo' 'detach --all' peers 'get x' 'wait x' status; do
			fails_with 2 "^rollcall: pin directory '$dir': a BPF file system rejects names with a dot: choose a name without one \\(see 'rollcall ${command%% *} --help'\\)$" \
				timeout 20 rollcall $command --pin-dir "$dir"
		done
	done
	fails_with 2 "pin directory '$T/bpf/x.y': " env ROLLCALL_PIN_DIR="$T/bpf/x.y" rollcall attach lo
	ROLLCALL_PIN_DIR=$T/bpf/x.y rollcall attach --help
}

@test "a pin directory with a dot in its name works where it is a mount point" {
	lan node-a
	mkdir "$T/bpf.2"
	mount -t bpf none "$T/bpf.2"
	UNMOUNT=$T/bpf.2
	export ROLLCALL_PIN_DIR=$T/bpf.2
	attach_on node-a
	rollcall status | grep -q '^eth0: '
	stop loader-node-a
	export ROLLCALL_PIN_DIR=$T/bpf.2/table
	attach_on node-a
	stop loader-node-a
}

@test "a pin directory whose parent is not there is rejected" {
	fails_with 1 "cannot use pin directory '$T/bpf/no/such': No such file or directory" \
		rollcall attach lo --pin-dir "$T/bpf/no/such"
}

# other_layout MAP KEY VALUE: replace the pinned MAP by a map with these sizes of key and value
other_layout() {
	rm -f "$ROLLCALL_PIN_DIR/$1"
	bpftool map create "$ROLLCALL_PIN_DIR/$1" type hash key "$2" value "$3" entries 1 name "$1"
}

@test "a table of another layout is rejected by every command that reads that map, and --replace recreates it" {
	local map command
	lan node-a
	for map in settings peers interfaces outcomes own_names; do
		attach_on node-a --keep
		stop loader-node-a
		other_layout "$map" 8 16
		for command in 'attach eth0' peers 'get x' watch 'wait x --timeout 0s' status 'detach --all'; do
			# readers open only the maps that they read
			[[ $map != own_names || $command = attach* || $command = detach* ]] || continue
			fails_with 1 "'$ROLLCALL_PIN_DIR' is of another layout: '$map' .*attach --replace" on node-a rollcall $command
		done
		attach_on node-a --replace
		stop loader-node-a
		[ ! -e "$ROLLCALL_PIN_DIR" ]
	done
}

@test "a table that lacks a map is of another layout" {
	local map
	lan node-a
	for map in peers interfaces outcomes own_names; do
		attach_on node-a --keep
		stop loader-node-a
		rm "$ROLLCALL_PIN_DIR/$map"
		fails_with 1 "'$ROLLCALL_PIN_DIR' is of another layout: .*'$map'.*attach --replace" on node-a rollcall attach eth0
		[ "$map" = own_names ] || # readers open only the maps that they read
			fails_with 1 "'$ROLLCALL_PIN_DIR' is of another layout: .*'$map'.*attach --replace" rollcall peers
		attach_on node-a --replace
		stop loader-node-a
		[ ! -e "$ROLLCALL_PIN_DIR" ]
	done
}

@test "a table of another version is rejected, and --replace recreates it" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	local value
	mapfile -t value < <(bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/settings" | jq -r '.[0].value[]')
	bpftool map update pinned "$ROLLCALL_PIN_DIR/settings" key 0 0 0 0 value 0xff "${value[@]:1}"
	fails_with 1 "'settings' has layout 255, not [0-9]+ .*attach --replace" on node-a rollcall attach eth0
	fails_with 1 "'settings' has layout 255" rollcall peers
	attach_on node-a --replace
	rollcall peers
}

@test "--help prints the usage to standard output and names every option that is taken" {
	local command option
	run --separate-stderr -0 rollcall --help
	[ -z "$stderr" ]
	for command in "${COMMANDS[@]}"; do grep -q "^  $command " <<<"$output"; done
	for option in pin-dir verbose help version; do grep -q -- "--$option" <<<"$output"; done
	for command in "${COMMANDS[@]}"; do
		for option in --help -h; do
			run --separate-stderr -0 rollcall "$command" "$option"
			[ -z "$stderr" ]
			[[ ${lines[0]} == "Usage: rollcall $command "* || ${lines[0]} == "Usage: rollcall $command" ]]
		done
	done
	has_options attach mode announce hostname max-peers names-per-source expiry consume keep replace key also-plain \
		accept-unsealed max-skew ignore-goodbye group group6 port prefix interval ipv4 ipv6 json pin-dir
	has_options announce key also-plain hostname group group6 port prefix interval count ipv4 ipv6 all-links exclude quiet
	has_options detach all pin-dir
	has_options genkey
	has_options peers all sort reverse no-header count fields format follow output interface ipv4 ipv6 json self pin-dir
	has_options top all sort reverse interface ipv4 ipv6 pin-dir
	has_options get all interface ipv4 ipv6 pin-dir
	has_options watch exec exec-timeout interface ipv4 ipv6 json pin-dir
	has_options wait count timeout ipv4 ipv6 pin-dir
	has_options status check require-peers json pin-dir
	has_options metrics sd sd-port output pin-dir
}

# has_options COMMAND OPTION...: its help has exactly these options and the common ones
has_options() {
	local command=$1
	shift
	diff <(printf '%s\n' "$@" verbose help version | sort) \
		<(rollcall "$command" --help | sed -nE '/^Examples:/,$d; s/^ .*--([a-z0-9-]+) .*/\1/p' | sort)
}

@test "--version prints the version, before the command or behind it" {
	local command
	run --separate-stderr -0 rollcall --version
	[[ $output =~ ^rollcall\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[ "$(rollcall -V)" = "$output" ]
	for command in "${COMMANDS[@]}"; do [ "$(rollcall "$command" --version)" = "$output" ]; done
}

@test "every message is a line on standard error, none on standard output" {
	run --separate-stderr -1 rollcall peers
	[ -z "$output" ]
	run --separate-stderr -2 rollcall frobnicate
	[ -z "$output" ]
}

@test "if bpf(2) is missing or forbidden, one line reports which, and nothing is left" {
	local command
	lan node-a
	for command in 'attach eth0' 'detach eth0' peers 'get node-b' watch 'wait node-b --timeout 0s' status metrics; do
		# ENOSYS and EPERM, returned by seccomp
		fails_with 1 ': Function not implemented \(this kernel is built without bpf\(2\): CONFIG_BPF_SYSCALL\)$' \
			on node-a nobpf 38 rollcall $command
		fails_with 1 ': Operation not permitted \(BPF is forbidden here: lockdown, a security module or a system-call filter\)$' \
			on node-a nobpf 1 rollcall $command
	done
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "no command is wrong usage, with the commands; 'help help' prints them too" {
	run -2 --separate-stderr rollcall
	[[ $stderr = *'Commands:'*'rollcall: no command was given'* ]]
	[ -z "$output" ]
	[ "$(rollcall help help)" = "$(rollcall --help)" ]
}

@test "a name that is longer than any name of an interface is shortened in messages" {
	local name command
	name=$(printf 'x%.0s' {1..3000})
	lan node-a
	for command in attach announce; do
		fails_with 1 "^rollcall: no interface 'x{124}\.\.\.' \(see 'ip link'\)$" on node-a rollcall "$command" "$name"
	done
	attach_on node-a
	fails_with 1 "^rollcall: nothing is attached to 'x{124}\.\.\.' in .* \('rollcall status'" on node-a rollcall detach "$name"
	for command in status 'peers -i' 'watch -i'; do
		fails_with 1 "^rollcall: interface 'x{124}\.\.\.' is not attached \('rollcall status'" on node-a timeout 20 rollcall $command "$name"
	done
}
