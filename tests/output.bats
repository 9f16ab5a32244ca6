#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Standard output that cannot be written: every command reports the reason and exits with status 1.

load helper

setup_more() { mapfile -t COMMANDS < <(rollcall --help | sed -nE '/^Commands:/,/^$/s/^  ([a-z]+) +.*/\1/p'); }

# calls_of COMMAND: print every way to call COMMAND that prints data, one per line. A new command must be added here.
calls_of() {
	case $1 in
	peers) printf 'peers%s\n' '' ' -a' ' -c' ' -j' ' -f tsv' ' -f hosts' ' -f names' ' -f ansible' ' --sort none -f tsv' ' --sort none -j' ;;
	get) printf 'get node-b%s\n' '' ' -a' ;;
	status) printf 'status%s\n' '' ' -j' ;;
	metrics) printf 'metrics%s\n' '' ' --sd' ;;
	watch) printf 'watch%s\n' '' ' -j' ;;
	help)
		printf 'help%s\n' '' ' peers'
		return
		;;
	top) ;;                      # tests/top.bats
	detach | wait | announce | record | serve) ;; # they print no data
	history | missing) ;;        # they require a history: tests/history.bats
	genkey) echo genkey ;;
	attach) ;;                   # tests/attach.bats
	*) return 1 ;;
	esac
	printf '%s\n' "$1 --help" "$1 --version"
}

a_table_with_a_peer() {
	lan node-a node-b
	attach_on node-a --expiry 10m
	announce_from node-b
	await lists node-b
}

# each_call_fails WHAT REASON: each call fails with REASON if standard output is WHAT
each_call_fails() {
	local command call calls count=0
	for command in "${COMMANDS[@]}"; do
		calls=$(calls_of "$command")
		while read -r call; do
			echo "rollcall $call"
			fails_with 1 "^rollcall: cannot write to standard output: $2$" timeout 20 output_to "$1" rollcall $call
			count=$((count + 1))
		done <<<"$calls"
	done
	for call in --help --version; do
		fails_with 1 "^rollcall: cannot write to standard output: $2$" output_to "$1" rollcall $call
	done
	((count > 2 * ${#COMMANDS[@]}))
}

@test "every command that prints to a full disk reports that no space is left" {
	a_table_with_a_peer
	each_call_fails full 'No space left on device'
}

@test "every command that prints to a closed descriptor reports that" {
	a_table_with_a_peer
	each_call_fails closed 'Bad file descriptor'
}

@test "a full pipe that does not block is reported by every command but watch, which waits for its reader" {
	a_table_with_a_peer
	mapfile -t COMMANDS < <(printf '%s\n' "${COMMANDS[@]}" | grep -vx watch)
	each_call_fails later 'Resource temporarily unavailable'
}

@test "a pipe without a reader is reported by every command where SIGPIPE is ignored" {
	local call
	a_table_with_a_peer
	for call in --help --version peers 'peers -j' 'peers -f tsv' 'get node-b' status 'status -j' metrics 'metrics --sd'; do
		echo "rollcall $call"
		fails_with 1 "^rollcall: cannot write to standard output: Broken pipe$" output_to broken rollcall $call
	done
}

@test "a reader that goes away ends a listing by SIGPIPE, without a message" {
	a_table_with_a_peer
	on node-a crowd eth0 3000 0
	run --separate-stderr bash -c 'rollcall peers | head -n 1; exit "${PIPESTATUS[0]}"'
	[ "$status" -eq $((128 + 13)) ]
	[ -z "$stderr" ]
	[[ $output = HOSTNAME* ]]
}

@test "with descriptors 0 to 2 closed, nothing that a command opens gets these numbers" {
	a_table_with_a_peer
	strace -E ASAN_OPTIONS=detect_leaks=0 -f -e trace=bpf,write -o "$T/trace" bash -c 'exec rollcall peers <&- >&- 2>&-' ||
		[ $? -eq 1 ]
	grep -q 'bpf(BPF_OBJ_GET' "$T/trace"
	run ! grep -E 'bpf\(BPF_OBJ_GET, .* = [0-2]$' "$T/trace"
	run ! grep -E ' write\((0|[3-9]|[0-9]{2,}), .*(HOSTNAME|node-b|rollcall: )' "$T/trace"
}

@test "an unwritable directory and a full disk leave no part of a file" {
	a_table_with_a_peer
	on node-a crowd eth0 3000 0
	mkdir "$T/small"
	mount -t tmpfs -o size=64k none "$T/small"
	UNMOUNT=$T/small
	local call
	for call in peers 'peers -j' 'peers -f tsv' 'peers --sort none -j'; do
		fails_with 1 "^rollcall: cannot write '$T/small/file': No space left on device$" rollcall $call -o "$T/small/file"
		[ -z "$(ls -A "$T/small")" ]
	done
	mount -o remount,ro "$T/small"
	for call in peers metrics 'metrics --sd'; do
		fails_with 1 "^rollcall: cannot write '$T/small/file': Read-only file system$" rollcall $call -o "$T/small/file"
	done
	fails_with 1 "^rollcall: cannot write '$T/nowhere/file': No such file or directory$" rollcall peers -o "$T/nowhere/file"
	[ ! -e "$T/nowhere" ]
}
