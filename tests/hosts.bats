#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# peers --format hosts, read by the C library and by dnsmasq, and files that are replaced atomically.

load helper

add() { peer "$ROLLCALL_PIN_DIR" add "$@"; }
index_of() { ip -n "$ID-$1" -j link show "$2" | jq '.[0].ifindex'; }
hosts() { rollcall peers --format hosts --no-header "$@"; }

# a_table: attach to eth0 of node-a, and add entries
a_table() {
	lan node-a
	attach_on node-a --expiry 10m
	IFINDEX=$(index_of node-a eth0)
	add alpha 10.77.0.7 "$IFINDEX"
	add alpha 2001:db8::7 "$IFINDEX"
	add beta 10.77.0.8 "$IFINDEX"
}

# with_file FILE PLACE CMD...: run CMD with FILE mounted at PLACE
with_file() { unshare --mount sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' - "$@"; }

@test "a hosts file is what the C library's own reader finds peers in" {
	a_table
	rollcall peers --format hosts --output "$T/hosts"
	[[ $(head -n 1 "$T/hosts") = "# Written by 'rollcall peers --format hosts'"* ]]
	[ "$(sed 1d "$T/hosts")" = $'10.77.0.7\talpha\n10.77.0.8\tbeta' ]
	[ "$(resolved ahostsv4 alpha)" = 10.77.0.7 ]
	add six 2001:db8::6 "$IFINDEX"
	rollcall peers --format hosts --output "$T/hosts"
	[[ $(resolved ahostsv6 six) = *2001:db8::6* ]]
	[ "$(with_file "$T/hosts" /etc/hosts getent -s hosts:files hosts 10.77.0.8 | awk '{ print $2 }')" = beta ]
	run -2 resolved hosts gamma
}

# resolved DATABASE KEY: print the addresses that getent finds in the file
resolved() {
	# on node-a, which has addresses: getent uses AI_ADDRCONFIG
	with_file "$T/hosts" /etc/hosts nsenter --net="/run/netns/$ID-node-a" getent -s hosts:files "$@" >"$T/resolved" || return
	awk '{ print $1 }' "$T/resolved" | sort -u
}

@test "dnsmasq serves the hosts of a hosts file, and those of the next one after SIGHUP" {
	a_table
	rollcall peers --format hosts --output "$T/hosts"
	dnsmasq --test --conf-file=/dev/null --addn-hosts="$T/hosts"
	start dnsmasq on node-a dnsmasq --keep-in-foreground --conf-file=/dev/null --no-resolv --no-hosts --user=root \
		--listen-address=127.0.0.1 --bind-interfaces --addn-hosts="$T/hosts" --pid-file= --log-facility=-
	echo 'nameserver 127.0.0.1' >"$T/resolv.conf"
	await served beta 10.77.0.8
	served alpha 10.77.0.7
	run ! served gamma 10.77.0.9
	add gamma 10.77.0.9 "$IFINDEX"
	rollcall peers --format hosts --output "$T/hosts"
	kill -HUP "${PIDS[dnsmasq]}"
	await served gamma 10.77.0.9
}

# served NAME ADDRESS: the name server of node-a answers NAME with ADDRESS
served() {
	with_file "$T/resolv.conf" /etc/resolv.conf nsenter --net="/run/netns/$ID-node-a" \
		getent -s hosts:dns ahosts "$1" | awk '{ print $1 }' | grep -qxF "$2"
}

@test "a hosts file has no link-local address, which would need a scope" {
	a_table
	add local fe80::8 "$IFINDEX"
	add remote febf::8 "$IFINDEX"
	[ "$(hosts)" = $'10.77.0.7\talpha\n10.77.0.8\tbeta' ]
}

@test "a host is in a hosts file once, with its primary address" {
	local order first second
	lan node-a
	second_lan node-a
	start loader on node-a rollcall attach eth0 eth1 --expiry 10m
	await is_loader_of 1 loader
	first=$(index_of node-a eth0) second=$(index_of node-a eth1)
	add alpha 10.77.0.7 "$first"
	add alpha 10.77.0.7 "$second"
	add beta 10.77.0.8 "$first"
	add beta 10.77.0.9 "$second"
	add gamma 2001:db8::9 "$first"
	add gamma 2001:db8::9 "$second"
	add delta 10.77.0.10 "$first"
	add delta 10.77.0.10 "$second"
	for order in hostname address interface none; do
		hosts --sort "$order" | sort >"$T/hosts"
		diff "$T/hosts" - <<-END
			10.77.0.10	delta
			10.77.0.7	alpha
			10.77.0.8	beta
			2001:db8::9	gamma
		END
	done
	stop loader KILL || :
	add delta 10.77.0.10 "$first" 11m # expired; the other entry is live
	[ "$(hosts delta)" = $'10.77.0.10\tdelta' ]
}

@test "a hosts file has no name that belongs to others" {
	local name
	a_table
	for name in localhost LocalHost wpad WPAD isatap ISATAP www.example.com localhost.lab wpad.lab 10 0x7f000001; do
		add "$name" 10.77.0.66 "$IFINDEX"
	done
	[ "$(hosts)" = $'10.77.0.7\talpha\n10.77.0.8\tbeta' ]
	# a pattern with a dot selects it
	add host.lab 10.77.0.9 "$IFINDEX"
	[ "$(hosts '*')" = $'10.77.0.7\talpha\n10.77.0.8\tbeta' ]
	[ "$(hosts '*.lab')" = $'10.77.0.9\thost.lab' ]
	# every other format lists all hosts
	[ "$(rollcall peers -f tsv | wc -l)" -eq 15 ]
}

# in_place: make a table, and an old file in $T/dir
in_place() {
	a_table
	mkdir "$T/dir"
	FILE=$T/dir/file
	echo old >"$FILE"
}

# is_untouched: the old file is unchanged, and the directory has no other file
is_untouched() {
	[ "$(cat "$FILE")" = old ]
	[ "$(ls -A "$T/dir")" = file ]
}

# with_failing SYSCALL ERROR: run 'rollcall peers --output' with that system call failing
with_failing() {
	fails_with 1 "^rollcall: cannot write '$FILE': $3$" strace -E ASAN_OPTIONS=detect_leaks=0 -o /dev/null -e "inject=$1:error=$2" \
		rollcall peers --format hosts --output "$FILE"
	is_untouched
}

# number_of SYSCALL PATTERN: print the number of the first call of SYSCALL that matches PATTERN, in 'rollcall peers
# --output'
number_of() {
	strace -E ASAN_OPTIONS=detect_leaks=0 -o "$T/trace" -e trace="$1" rollcall peers --output "$T/elsewhere"
	grep -nm 1 -e "$2" "$T/trace" | cut -d: -f1
}

@test "a file is replaced atomically: whatever fails, the old one is as it was, without another file in the directory" {
	in_place
	with_failing fsync EIO 'Input/output error'
	with_failing linkat EPERM 'Operation not permitted'
	with_failing rename EACCES 'Permission denied'
	rollcall peers --format hosts --output "$FILE"
	[ "$(ls -A "$T/dir")" = file ]
	[ "$(grep -c alpha "$FILE")" -eq 1 ]
}

@test "where files cannot be without a name, the temporary one goes too" {
	in_place
	local call without
	call=$(number_of openat O_TMPFILE)
	without=(strace -E ASAN_OPTIONS=detect_leaks=0 -o /dev/null -e inject=openat:error=EOPNOTSUPP:when="$call")
	fails_with 1 "cannot write '$FILE': Permission denied$" "${without[@]}" -e inject=rename:error=EACCES \
		rollcall peers --format hosts --output "$FILE"
	is_untouched
	"${without[@]}" rollcall peers --format hosts --output "$FILE"
	[ "$(ls -A "$T/dir")" = file ]
	[ "$(grep -c alpha "$FILE")" -eq 1 ]
	[ "$(stat -c %a "$FILE")" = 644 ]
}

@test "a file system that is full keeps the old file" {
	local format
	in_place
	on node-a crowd eth0 3000 0
	mount -t tmpfs -o size=32k tmpfs "$T/dir"
	UNMOUNT=$T/dir
	echo old >"$FILE"
	for format in text tsv json hosts; do
		echo "$format"
		fails_with 1 "^rollcall: cannot write '$FILE': No space left on device$" \
			rollcall peers --sort none --format "$format" --output "$FILE"
		is_untouched
	done
}

@test "a writer that is killed before it is done leaves the old file and nothing beside it" {
	in_place
	run strace -E ASAN_OPTIONS=detect_leaks=0 -o /dev/null -e inject=fsync:signal=KILL rollcall peers --output "$FILE"
	[ "$status" -ne 0 ]
	is_untouched
}

@test "a table that cannot be read leaves the old file" {
	local call
	in_place
	call=$(number_of bpf 'LOOKUP_BATCH.*ENOENT')
	fails_with 1 'cannot read the table' strace -E ASAN_OPTIONS=detect_leaks=0 -o /dev/null -e inject=bpf:error=EIO:when="$call+" \
		rollcall peers --sort none -f tsv --output "$FILE"
	is_untouched
	fails_with 1 "no table in" rollcall peers --pin-dir "$T/bpf/none" --output "$FILE"
	is_untouched
}

@test "every user can read the file, except as the umask forbids" {
	in_place
	(umask 000 && rollcall peers --output "$T/1")
	(umask 027 && rollcall peers --output "$T/2")
	(umask 022 && rollcall peers --output "$FILE")
	[ "$(stat -c %a "$T/1" "$T/2" "$FILE" | paste -sd' ')" = "644 640 644" ]
}

@test "only a regular file is replaced, no link, pipe or directory" {
	local other
	in_place
	ln -s file "$T/dir/link"
	mkfifo "$T/dir/pipe"
	mkdir "$T/dir/dir"
	for other in link pipe dir; do
		fails_with 1 "^rollcall: cannot write '$T/dir/$other': not a regular file" rollcall peers --output "$T/dir/$other"
	done
	[ -L "$T/dir/link" ]
	[ -p "$T/dir/pipe" ]
	[ -d "$T/dir/dir" ]
	[ "$(cat "$FILE")" = old ]
	fails_with 1 "^rollcall: cannot write '$T/none/file': No such file or directory$" \
		rollcall peers --output "$T/none/file"
	cd "$T/dir"
	rollcall peers --output file
	grep -q alpha file
	rm link pipe && rmdir dir
	[ "$(ls -A)" = file ]
}

@test "standard output that cannot be written is one error" {
	local format
	a_table
	for format in text tsv json hosts; do
		fails_with 1 '^rollcall: cannot write to standard output: ' sh -c 'rollcall peers --format $1 >/dev/full' - "$format"
		fails_with 1 '^rollcall: cannot write to standard output: ' \
			sh -c 'rollcall peers --sort none --format $1 >/dev/full' - "$format"
	done
}
