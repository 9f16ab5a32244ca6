#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Wrong usages as users type them. Each message is one line that names the value, the object or range, and the remedy.

load helper

# each_fails: read lines "STATUS%PATTERN%ARGUMENT...", and run each on node-a; the arguments are words of a shell
each_fails() {
	local status pattern arguments count=0
	while IFS=% read -r status pattern arguments; do
		[ -n "$status" ] || continue
		echo "rollcall $arguments"
		eval "fails_with '$status' \"\$pattern\" on node-a timeout 20 rollcall $arguments"
		[[ $stderr = 'rollcall: '* ]]
		count=$((count + 1))
	done
	echo "$count wrong usages"
	[ "$count" -ge "$1" ]
}

@test "at least 40 wrong usages are one line each, with what to do, and exit status 2" {
	lan node-a
	each_fails 45 <<'END'
2%unknown command 'peer-list' \(see 'rollcall --help'\)%peer-list
2%unknown command 'attahc': did you mean 'attach'\?%attahc eth0
2%unknown command 'stauts': did you mean 'status'\?%stauts
2%command 'w' is ambiguous: watch, wait \(see 'rollcall --help'\)%w
2%command 'h' is ambiguous: history, help%h
2%unknown command 'hlep': did you mean 'help'\?%hlep
2%unknown command 'foo' \(see 'rollcall --help'\)%foo
2%unknown command 'stauts': did you mean 'status'\?%help stauts
2%unknown option '--frobnicate' \(see 'rollcall peers --help'\)%peers --frobnicate
2%unknown option '--exipry': did you mean '--expiry'\? \(see 'rollcall attach --help'\)%attach eth0 --exipry 40s
2%unknown option '--folow': did you mean '--follow'\?%peers --folow
2%unknown option '--ouput=x': did you mean '--output'\?%metrics --ouput=x
2%unknown option '--verison': did you mean '--version'\? \(see 'rollcall --help'\)%--verison
2%option '--ex' is ambiguous: --exec, --exec-timeout \(see 'rollcall watch --help'\)%watch --ex ./mail
2%unknown option '-Z' \(see 'rollcall top --help'\)%top -Z
2%unknown option '--json' %get node-b --json
2%unknown option '--pin-dir' %announce eth0 --pin-dir /tmp
2%IFACE... is required \(see 'rollcall attach --help'\)%attach
2%NAME\|ADDRESS is required%get
2%unexpected argument 'b' %get a b
2%unexpected argument 'x' %metrics x
2%give hostnames or --count N, and not both%wait
2%give hostnames or --count N, and not both%wait node-b --count 2
2%give interfaces or --all, and not both%detach
2%give interfaces or --all, and not both%detach eth0 --all
2%--mode: 'fast' is not one of auto, native, generic, tc, tcx, clsact%attach eth0 --mode fast
2%--port: '70000' is not in 1\.\.65535%attach eth0 --port 70000
2%--port: '-1' is not in 1\.\.65535%announce eth0 --port -1
2%--port: '' is not in 1\.\.65535%announce eth0 --port ''
2%--max-peers: '0' is not in 1\.\.16777216%attach eth0 --max-peers 0
2%--max-peers: '1k' is not in 1\.\.16777216%attach eth0 --max-peers 1k
2%--names-per-source: 'many' is not in 0\.\.16777216%attach eth0 --names-per-source many
2%--expiry: '100ms' is not a duration in 1s\.\.168h%attach eth0 --expiry 100ms
2%--expiry: '8d' is not a duration in 1s\.\.168h%attach eth0 --expiry 8d
2%--listen: 'localhost:80' is not an address and a port%serve --listen localhost:80
2%--max-series requires --host-series%serve --max-series 5
2%--since: 'soon' is not a duration such as 7d, or a time%history --since soon
2%--interval: '0' is not a duration in 100ms\.\.168h%announce eth0 --interval 0
2%--interval requires --announce%attach eth0 --interval 5s
2%--hostname requires --announce%attach eth0 --hostname x
2%--hostname: 'a b' is not a hostname%announce eth0 --hostname 'a b'
2%--group: '10\.0\.0\.1' is not an IPv4 multicast address%announce eth0 --group 10.0.0.1
2%--group6: 'fe80::1' is not an IPv6 multicast address%attach eth0 --group6 fe80::1
2%--prefix: 'roll' is not free: messages begin with 'rollcall1:'%attach eth0 --prefix roll
2%--also-plain requires --key%announce eth0 --also-plain
2%--also-plain requires --announce%attach eth0 --key /etc/hostname --also-plain
2%--prefix has no effect on sealed announcements: leave it out, or add --also-plain%announce eth0 --key k --prefix x
2%unexpected argument 'b' %genkey a b
1%key file '/dev/null': not a regular file \(give the name of a key file\)%genkey /dev/null
2%--prefix: '' is not 1\.\.32 bytes long%attach eth0 --prefix ''
2%--mode: a value is required%attach eth0 --mode
2%--json takes no value%peers --json=yes
2%-4 and -6 exclude each other%peers -4 -6
2%--group has no effect with -6%announce eth0 -6 --group 239.1.1.1
2%--all-links has no effect on interfaces that are named%announce eth0 --all-links
2%--exclude has no effect on interfaces that are named%announce eth0 --exclude 'd*'
2%--count: '0' is not in 1\.\.4294967295%announce eth0 --count 0
2%--count: 'all' is not in 1\.\.4294967295%wait --count all
2%--timeout: 'soon' is not a duration in 0\.\.168h%wait node-b --timeout soon
2%'node/b' is not a hostname%wait node/b
2%'no de' is neither a hostname nor an address%get 'no de'
2%--sort: 'size' is not one of hostname, address,%peers --sort size
2%--format: 'xml' is not one of text, tsv, json, hosts, names, ansible%peers -f xml
2%choose one of --json and --format%peers -j -f tsv
2%--fields: 'mac' is not one of hostname, address,%peers --fields mac
2%--fields has no effect on the format 'names'%peers -f names --fields hostname
2%--follow requires --output FILE%peers --follow
2%--count prints one number: leave the format out%peers -c -f tsv
2%--output: '' is not the name of a file%peers -o ''
2%--exec-timeout .* --exec%watch --exec-timeout 5s
2%--sd-port requires --sd%metrics --sd-port 9
2%--require-peers .*--check%status --require-peers
2%pin directory '.*/bpf/a\.b': a BPF file system rejects names with a dot%peers --pin-dir $T/bpf/a.b
END
}

@test "what cannot be done is one line each, with what to do, and exit status 1" {
	lan node-a
	each_fails 6 <<'END'
1%no interface 'eth9'%attach eth9
1%no interface 'eth9'%announce eth9
1%no table in '.*': .*rollcall attach%peers
1%no table in '.*': .*rollcall attach%get node-b
1%no table in '.*': .*rollcall attach%status
1%nothing is attached to 'eth0' in '.*--pin-dir%detach eth0
1%is not in a BPF file system .*mount -t bpf%attach eth0 --pin-dir /tmp/rollcall
END
	attach_on node-a
	each_fails 5 <<'END'
1%node-b: not found%get node-b
1%10\.0\.0\.9: not found%get 10.0.0.9
1%interface 'eth9' is not attached .*rollcall status%peers -i eth9
1%not here: node-b%wait node-b --timeout 0
1%0 of 3 hosts are here%wait --count 3 --timeout 0
1%cannot write '/nowhere/file': No such file or directory%peers -o /nowhere/file
END
}

@test "help may be abbreviated, and the announcer suggests options too" {
	run -0 rollcall he peers
	[ "$output" = "$(rollcall peers --help)" ]
	run -0 rollcall help hel
	[ "$output" = "$(rollcall help)" ]
	run -2 --separate-stderr rollcall-announce --intervall 5s
	[ "$stderr" = "rollcall-announce: unknown option '--intervall': did you mean '--interval'? (see 'rollcall-announce --help')" ]
}
