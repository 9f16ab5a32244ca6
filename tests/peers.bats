#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall peers: its orders and formats, each parsed by another program, and files that are replaced atomically.

load helper

add() { peer "$ROLLCALL_PIN_DIR" add "$@"; }
index_of() { ip -n "$ID-$1" -j link show "$2" | jq '.[0].ifindex'; }

# names OPTION...: print the listed hostnames in their order
names() { rollcall peers --no-header "$@" | awk '{ print $1 }' | paste -sd' '; }

# a_mixed_table: node-b has announced itself twice, 20 s apart, and three others once
a_mixed_table() {
	lan node-a node-b
	attach_on node-a --expiry 10m
	IFINDEX=$(index_of node-a eth0)
	announce_from node-b
	await lists node-b
	age node-b 20s
	announce_from node-b
	await counted refreshed 1
	add host10 10.77.0.10 "$IFINDEX" 5s
	add host9 10.77.0.9 "$IFINDEX" 10s
	add alpha 2001:db8::1 "$IFINDEX" 15s
}

@test "peers are sorted by hostname, numbers in it by their value" {
	a_mixed_table
	[ "$(names)" = "alpha host9 host10 node-b" ]
	[ "$(names --sort hostname)" = "alpha host9 host10 node-b" ]
}

@test "--sort address sorts by number, IPv4 before IPv6" {
	a_mixed_table
	add zulu 9.255.255.255 "$IFINDEX"
	[ "$(names --sort address)" = "zulu node-b host9 host10 alpha" ]
}

@test "--sort interface sorts by the interfaces' names, and hosts of one interface by hostname" {
	a_mixed_table
	add elsewhere 10.77.0.9 10
	add elsewhere 10.77.0.9 9
	[ "$(rollcall peers --all --no-header --sort interface | awk '{ print $3 ":" $1 }' | paste -sd' ')" = \
		"eth0:alpha eth0:host9 eth0:host10 eth0:node-b if9:elsewhere if10:elsewhere" ]
}

@test "--sort age has the host first that was received last, --sort since the host that has been here longest" {
	a_mixed_table
	[ "$(names --sort age)" = "node-b host10 host9 alpha" ]
	[ "$(names --sort since)" = "node-b alpha host9 host10" ]
}

@test "--sort received has the host first that was received most often, and others by hostname; --reverse is the opposite" {
	a_mixed_table
	[ "$(names --sort received)" = "node-b alpha host9 host10" ]
	[ "$(names --sort received --reverse)" = "host10 host9 alpha node-b" ]
	[ "$(names -r)" = "node-b host10 host9 alpha" ]
}

@test "--sort none lists the same peers, in every format" {
	local format
	a_mixed_table
	rollcall peers --sort none -j | jq -r '.[].hostname' | sort | diff - <(rollcall peers -j | jq -r '.[].hostname' | sort)
	for format in text tsv hosts; do
		rollcall peers --no-header --format "$format" --sort none | awk '{ print $1, $2, $3 }' | sort >"$T/walk"
		rollcall peers --no-header --format "$format" | awk '{ print $1, $2, $3 }' | sort | diff "$T/walk" -
		[ "$(wc -l <"$T/walk")" -eq 4 ]
	done
}

# writes_before_the_last_read OPTION...: does output begin while the table is still being read?
writes_before_the_last_read() {
	strace -E ASAN_OPTIONS=detect_leaks=0 -e trace=bpf,write -o "$T/trace" rollcall peers "$@" >/dev/null
	local first last
	first=$(grep -n '^write(1,' "$T/trace" | head -n 1 | cut -d: -f1)
	last=$(grep -nE '^bpf\(BPF_MAP_(LOOKUP_BATCH|GET_NEXT_KEY)' "$T/trace" | tail -n 1 | cut -d: -f1)
	((first < last))
}

@test "what need not be sorted nor measured is written while the table is read" {
	local format
	lan node-a
	attach_on node-a --expiry 10m
	on node-a crowd eth0 3000 0
	for format in tsv json; do
		writes_before_the_last_read --sort none --format "$format"
		run -1 writes_before_the_last_read --format "$format"
	done
	run -1 writes_before_the_last_read --sort none --format names
	run -1 writes_before_the_last_read --sort none
	[ "$(rollcall peers --sort none -j | jq length)" = 3000 ]
	[ "$(rollcall peers --sort none -f tsv | cut -f 1 | sort -u | wc -l)" = 3000 ]
}

@test "--no-header leaves the header out, of an empty table too" {
	a_mixed_table
	rollcall peers >"$T/with"
	[ "$(head -n 1 "$T/with" | awk '{ print NF, $1, $7, $8 }')" = "8 HOSTNAME RECEIVED NOTE" ]
	[ "$(rollcall peers --no-header | wc -l)" -eq 4 ]
	run ! grep -q HOSTNAME <(rollcall peers --no-header)
	[[ $(rollcall peers nobody) = HOSTNAME* ]]
	[ -z "$(rollcall peers nobody --no-header)" ]
	[[ $(rollcall peers nobody --format hosts) = '# '* ]]
	[ -z "$(rollcall peers nobody --format hosts --no-header)" ]
	[ -z "$(rollcall peers nobody -f tsv)" ]
	[ "$(rollcall peers nobody -j)" = '[]' ]
}

@test "in a pipe columns are aligned, whole, and without colour" {
	a_mixed_table
	local name
	name=$(printf 'n%.0s' {1..64})
	add "$name" 2001:db8:1111:2222:3333:4444:5555:6666 "$IFINDEX"
	COLUMNS=40 TERM=xterm rollcall peers >"$T/text"
	grep -q "^$name  2001:db8:1111:2222:3333:4444:5555:6666  eth0  " "$T/text"
	[ "$(tail -n +2 "$T/text" | awk '{ print length($0) }' | sort -u | wc -l)" -eq 1 ]
	run ! grep -q $'\e' "$T/text"
}

@test "-f tsv prints twelve tab-separated fields a peer, in their frozen order" {
	lan node-a node-b node-c
	attach_on node-a --expiry 10m
	announce_from node-b --hostname twin
	await lists twin
	rollcall peers -f tsv >"$T/tsv"
	[ "$(cut -f 1-5,10-12 "$T/tsv")" = "$(printf 'twin\t4\t10.77.0.2\t%s\teth0\t1\t-\t-' "$(mac_of node-b)")" ]
	announce_from node-c --hostname twin
	await counted moved 1
	[ "$(rollcall peers -f tsv | cut -f 1-5,10-12)" = \
		"$(printf 'twin\t4\t10.77.0.3\t%s\teth0\t2\tmoved\t10.77.0.2' "$(mac_of node-c)")" ]
	announce_from node-b --hostname twin
	await counted moved 2
	[ "$(rollcall peers -f tsv | cut -f 1-5,10-12)" = \
		"$(printf 'twin\t4\t10.77.0.2\t%s\teth0\t3\tconflict\t10.77.0.3' "$(mac_of node-b)")" ]
	# first_seen last_seen age_ms expires_ms
	rollcall peers -f tsv | grep -qP '^twin(\t[^\t]+){4}\t\d+\.\d{3}\t\d+\.\d{3}\t\d+\t\d+\t3\tconflict\t10\.77\.0\.3$'
}

mac_of() { ip -n "$ID-$1" -j link show eth0 | jq -r '.[0].address'; }

@test "the fields of -f tsv are those of -j" {
	a_mixed_table
	add linklocal fe80::1 "$IFINDEX" 1s
	rollcall peers -f tsv >"$T/tsv"
	rollcall peers -j >"$T/json"
	[ "$(wc -l <"$T/tsv")" -eq 5 ]
	cut -f 1-5,10 "$T/tsv" |
		diff - <(jq -r '.[] | [.hostname, .family, .address, .lladdr, .interface, .announcements] | @tsv' "$T/json")
	[ "$(cut -f 1,3 "$T/tsv" | grep linklocal)" = $'linklocal\tfe80::1%eth0' ]
	local first last age expires
	paste <(cut -f 6-9 "$T/tsv") \
		<(jq -r '.[] | [.first_seen, .last_seen, .age_ms, .expires_ms] | @tsv' "$T/json") >"$T/times"
	while read -r first last age expires first_j last_j age_j expires_j; do
		# the times are equal up to the millisecond by which two readings of two clocks may differ
		same_time "$first" "$first_j"
		same_time "$last" "$last_j"
		((age <= age_j && expires >= expires_j))
		((age + expires >= 599999 && age + expires <= 600000))
		((age_j + expires_j >= 599999 && age_j + expires_j <= 600000))
	done <"$T/times"
	# alpha was received once, 15 s ago
	[ "$(awk -F '\t' '$1 == "alpha" { print ($6 == $7), ($8 >= 15000) }' "$T/tsv")" = "1 1" ]
}

@test "peers -j has the same fields for every order and spelling of the format" {
	local call fields='hostname family address lladdr interface first_seen last_seen age_ms expires_ms announcements'
	a_mixed_table
	for call in -j '-f json' '-j --sort none' '-j --sort age'; do
		[ "$(rollcall peers $call | jq -r '.[] | keys_unsorted | join(" ")' | sort | uniq -c | xargs)" = "4 $fields" ]
	done
	peer "$ROLLCALL_PIN_DIR" add $'\xff\xc0"\\' 10.77.0.7 "$IFINDEX"
	rollcall peers -j | iconv -f UTF-8 -t UTF-8 | jq -e 'length == 5'
}

@test "-j is JSON for any name of the interface, and a conflict has both addresses" {
	local odd='q"u\o'
	lan node-a
	ip -n "$ID-node-a" link set eth0 down
	ip -n "$ID-node-a" link set eth0 name "$odd"
	ip -n "$ID-node-a" link set "$odd" up
	start loader on node-a rollcall attach "$odd" --expiry 10m
	await is_loader_of 0 loader
	IFINDEX=$(ip -n "$ID-node-a" -j link show | jq '.[] | select(.ifname == "q\"u\\o") | .ifindex')
	add linklocal fe80::1 "$IFINDEX"
	add plain 10.77.0.8 "$IFINDEX"
	rollcall peers -j >"$T/json"
	jq -cj '"[\n", (.[:-1][] | tojson, ",\n"), (.[-1] | tojson), "\n]\n"' "$T/json" | cmp - "$T/json"
	diff <(jq -r '.[] | [.hostname, .address, .interface] | join("\t")' "$T/json") <(rollcall peers -f tsv | cut -f 1,3,5)
	[ "$(jq -r '.[0] | .address, .interface' "$T/json")" = "fe80::1%$odd"$'\n'"$odd" ]
}

@test "a name conflict has both addresses in -j and in -f tsv" {
	lan node-a node-b node-c
	attach_on node-a --expiry 10m
	announce_from node-b --hostname twin
	await lists twin
	announce_from node-c --hostname twin
	await counted moved 1
	[ "$(rollcall peers -j | jq -c '.[0] | [.address, .note, .other_address]')" = '["10.77.0.3","moved","10.77.0.2"]' ]
	announce_from node-b --hostname twin
	await counted moved 2
	[ "$(rollcall peers -j | jq -c '.[0] | [.address, .note, .other_address]')" = '["10.77.0.2","conflict","10.77.0.3"]' ]
	[ "$(rollcall peers -f tsv | cut -f 3,11,12)" = $'10.77.0.2\tconflict\t10.77.0.3' ]
}

# same_time SECONDS RFC3339
same_time() {
	local ms=$(($(date -d "$2" +%s%3N) - ${1/./}))
	((ms >= -2 && ms <= 2))
}

@test "odd bytes in a name break no line and no field of any format" {
	local name odd=($'tab\there' $'new\nline' $'esc\e[31mape' $'\xc3\xa4' 'quote"d' "it's" 'a b' '$(id)' '-rf' '#x'
		$'\x7f' ',"x":1')
	lan node-a
	attach_on node-a
	IFINDEX=$(index_of node-a eth0)
	for name in "${odd[@]}"; do add "$name" 10.77.0.7 "$IFINDEX"; done
	add fine 10.77.0.8 "$IFINDEX"
	rollcall peers -f tsv >"$T/tsv"
	[ "$(awk -F '\t' '{ print NF }' "$T/tsv" | sort | uniq -c | xargs)" = "$((${#odd[@]} + 1)) 12" ]
	rollcall peers >"$T/text"
	[ "$(awk '{ print NF }' "$T/text" | sort | uniq -c | xargs)" = "$((${#odd[@]} + 1)) 7 1 8" ] # the header has the column NOTE
	rollcall peers -j >"$T/json"
	[ "$(jq length "$T/json")" -eq $((${#odd[@]} + 1)) ]
	run ! env LC_ALL=C grep -qP '[^\t\x20-\x7e]' "$T/tsv" "$T/text" "$T/json"
	cut -f 1 "$T/tsv" | diff - <(jq -r '.[].hostname' "$T/json")
	[ "$(rollcall peers --format hosts --no-header)" = $'10.77.0.8\tfine' ]
}

@test "patterns and family select in every format" {
	local format
	a_mixed_table
	for format in text tsv hosts; do
		[ "$(rollcall peers --no-header --format "$format" 'host*' | grep -c host)" -eq 2 ]
		[ "$(rollcall peers --no-header --format "$format" -6 | grep -c alpha)" -eq 1 ]
		[ "$(rollcall peers --no-header --format "$format" -6 --sort none | wc -l)" -eq 1 ]
		[ "$(rollcall peers --no-header --format "$format" -4 'host*' --sort none | wc -l)" -eq 2 ]
	done
	[ "$(rollcall peers --format json 'host*' -4 | jq length)" -eq 2 ]
}

@test "formats that contradict each other are wrong usage, with a table or without" {
	fails_with 2 "^rollcall: choose one of --json and --format \(see 'rollcall peers --help'\)$" rollcall peers -jf tsv
	fails_with 2 "choose one of --json and --format" rollcall peers --format hosts --json
	fails_with 2 "unknown option '--oneline'" rollcall peers --oneline
	fails_with 2 "--format: 'xml' is not one of text, tsv, json, hosts, names, ansible" rollcall peers --format xml
	fails_with 2 "--sort: 'size' is not one of hostname, " rollcall peers --sort size
	fails_with 1 "no table in" rollcall peers -j --format json
}

@test "-f is the format and -o the file, in any order and spelling" {
	a_mixed_table
	rollcall peers -f hosts -o "$T/1" 'host*'
	rollcall peers "-o$T/2" 'host*' -fhosts
	rollcall peers 'host*' --format=hosts -4o "$T/3"
	rollcall peers --output "$T/4" --format hosts 'host*'
	[ "$(grep -c host10 "$T/1")" -eq 1 ]
	cmp "$T/1" "$T/2"
	cmp "$T/1" "$T/3"
	cmp "$T/1" "$T/4"
	rollcall peers -f tsv -o "$T/5" 'host*'
	[ "$(cut -f 1 "$T/5" | paste -sd' ')" = "host9 host10" ]
	rollcall peers -jo "$T/6" 'host*'
	[ "$(jq -r '.[].hostname' "$T/6" | paste -sd' ')" = "host9 host10" ]
	rollcall metrics -o "$T/7"
	grep -q '^rollcall_build_info' "$T/7"
	cd "$T"
	rollcall peers -f hosts -o - 'host*' | cmp "$T/1" -
	rollcall metrics -o - | grep -q '^rollcall_build_info'
	[ ! -e - ]
	rollcall peers -f hosts -o ./- 'host*'
	cmp "$T/1" ./-
	fails_with 2 "-o: a value is required" rollcall peers -o
	fails_with 2 "-o: a value is required" rollcall metrics -o
}
