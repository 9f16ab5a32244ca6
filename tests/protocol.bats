#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# rollcall(7) agrees with the headers, with the BPF object, and with the pinned maps.

load helper

PAGE=$TOP/docs/rollcall.7

# printed_by C...: print the output of a program that includes the headers
printed_by() {
	{
		printf '#include <stdio.h>\n#include <arpa/inet.h>\n'
		printf '#include <rollcall/%s.h>\n' wire settings attachment
		printf 'int main(void)\n{\n%s\n}\n' "$1"
	} >"$T/print.c"
	gcc -std=gnu11 -Wall -Werror -I"$TOP/include" "$T/print.c" -o "$T/print"
	"$T/print"
}

# columns FROM TO: print the tables between these lines of the page, as "one|two|three"
columns() { sed -n "/^\.S[sh] $1/,/^\.$2/ s/^\.It //p" "$PAGE" | sed 's/ Ta /|/g'; }

@test "the constants of the wire are those of the header" {
	diff <(columns 'WIRE FORMAT' El) <(printed_by '
		unsigned char group4[] = ROLLCALL_GROUP4, group6[] = ROLLCALL_GROUP6;
		char text[64];

		printf("IPv4 group|%s\n", inet_ntop(AF_INET, group4, text, sizeof(text)));
		printf("IPv6 group|%s\n", inet_ntop(AF_INET6, group6, text, sizeof(text)));
		printf("UDP port|%d\n", ROLLCALL_PORT);
		printf("TTL, hop limit|%d\n", ROLLCALL_TTL);
		printf("prefix|%s\n", ROLLCALL_PREFIX);
		printf("longest prefix|%d\n", ROLLCALL_PREFIX_MAX);
		printf("longest hostname|%d\n", ROLLCALL_HOSTNAME_MAX);
		printf("interval|%llds\n", ROLLCALL_INTERVAL_NS / 1000000000);
		printf("expiry|%llds\n", ROLLCALL_EXPIRY_NS / 1000000000);')
}

@test "the announcement that the page shows is recorded with its name and addresses" {
	lan node-a node-b
	attach_on node-a
	local hex
	hex=$(sed -n '/^\.Bd/,/^\.Ed/ { /^[0-9a-f ]*$/p }' "$PAGE" | tr -d ' \n')
	grep -q '^Host node-b at 10.77.0.2, ' "$PAGE"
	on node-b inject eth0 "$hex"
	await lists node-b
	[ "$(peer_field node-b address)" = 10.77.0.2 ]
	[ "$(peer_field node-b lladdr)" = "$(sed 's/../&:/g; s/:$//' <<<"${hex:12:12}")" ]
}

# example NAME: print this part of the example of a message in the page, without blanks and line ends
example() {
	sed -n '/^key:  /,/^\.Ed/p' "$PAGE" | awk -v name="$1:" '/^[a-z]/ { wanted = $1 == name; $1 = "" } /^\./ { exit } wanted' | tr -d ' \n'
}

@test "the sealed announcement that the page shows has the seal of the header and of the example in Python" {
	local key input seal payload
	key=$(example key | sed 's/^1://' | base64 -d | od -An -v -tx1 | tr -d ' \n')
	input=$(example input) seal=$(example seal) payload=$(example payload)
	[ "${#key}" = 32 ]
	[ "$(siphash hash "$key" "$input")" = "$seal" ]
	[ "${payload:0:40}$seal${payload:56}" = "$payload" ]
	[ "$input" = "00000000000000000000ffff0a4d0002${payload:0:40}${payload:56}" ]
	[ "$((16#${payload:24:16}))" = "$(example sequence)" ]
	[ "$(TZ=UTC date -d @$(($(example sequence) / 1000000)) '+%B %d, %Y at %T')" = 'November 27, 2026 at 00:00:00' ]
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$TOP/examples python3 -c 'import sealed, sys; print(sealed.make(
		bytes.fromhex(sys.argv[1]), 1, 0, int(sys.argv[2]), "10.77.0.2", b"node-b").hex())' "$key" "$(example sequence)" >"$T/python"
	[ "$(cat "$T/python")" = "$payload" ]
}

@test "the fields of a message are where the header has them" {
	diff <(columns Messages El | awk -F'|' '$1 ~ /^[0-9]+$/ { print $3, $1, $2 }') <(printed_by '
		#define FIELD(f) printf(#f " %zu %zu\n", __builtin_offsetof(struct rollcall_message, f), sizeof(((struct rollcall_message *)0)->f))
		FIELD(prefix); FIELD(flags); FIELD(key_id); FIELD(sequence); FIELD(seal);
		printf("hostname %zu 1..%d\n", sizeof(struct rollcall_message), ROLLCALL_HOSTNAME_MAX);')
}

# in_page: print the fields of every struct in the page, as "struct offset size field"
in_page() {
	awk '/^\.Ss / { struct = "" } /^\.Ss struct / { sub(/,$/, "", $3); struct = $3 }
		struct && /^\.It [0-9]+ Ta [0-9]+ Ta / { print struct, $2, $4, $6 }' "$PAGE" | sort
}

# in_object STRUCT...: print the same from the BTF of the object
in_object() {
	bpftool -j btf dump file "$BUILD/rollcall.bpf.o" format raw | jq -r --arg wanted "$*" '
		(.types | map({ key: (.id | tostring), value: . }) | from_entries) as $types |
		def bytes: $types[tostring] |
			if .kind == "ARRAY" then .nr_elems * (.type_id | bytes)
			elif .kind == "TYPEDEF" or .kind == "CONST" or .kind == "VOLATILE" then .type_id | bytes
			else .size end;
		.types[] | select(.kind == "STRUCT" and (.name | IN($wanted | split(" ")[]))) |
		.name as $struct | .members[] | "\($struct) \(.bits_offset / 8) \(.type_id | bytes) \(.name)"' | sort
}

# structs_read: print the structs in READERS_MAPS
structs_read() { sed -n '/^#define READERS_MAPS/,/[^\\]$/p' "$TOP/user/lib/maps.h" | grep -o 'rollcall_[a-z_]*' | sort -u; }

@test "every field of every map is where the page reports, of that size" {
	local structs
	mapfile -t structs < <(structs_read)
	[ "${#structs[@]}" -eq 8 ]
	in_object "${structs[@]}" >"$T/object"
	[ "$(wc -l <"$T/object")" -gt 40 ]
	diff <(in_page) "$T/object"
}

@test "the comparison with the object sees a field that moved, grew, was renamed or is missing" {
	local change
	in_object rollcall_peer >"$T/object"
	for change in 's/40 8 last/48 8 last/' 's/16 16 ipv6/16 8 ipv6/' 's/rival/other/' '/flags/d'; do
		run ! diff <(in_page | grep '^rollcall_peer ' | sed "$change") "$T/object"
	done
	diff <(in_page | grep '^rollcall_peer ') "$T/object"
}

@test "outcomes and modes have the numbers that the page reports" {
	diff <(sed -n '/^The outcomes are explained/,/^\.El/ s/^\.It //p' "$PAGE" | sed 's/ Ta / /') \
		<(bpftool -j btf dump file "$BUILD/rollcall.bpf.o" format raw | jq -r '.types[] | select(.name == "rollcall_outcome") |
			.values[] | select(.name != "ROLLCALL_OUTCOME_COUNT") | "\(.val) \(.name | ltrimstr("ROLLCALL_") | ascii_downcase)"')
	diff <(sed -n '/^Modes/,/^\.El/ s/^\.It //p' "$PAGE" | sed 's/ Ta / /') <(printed_by "$(
		sed -n '/^enum rollcall_mode {/,/^}/ s/^\t\(ROLLCALL_MODE_\)\([A-Z]*\),.*/printf("%d \L\2\E\\n", \1\2);/p' \
			"$TOP/include/rollcall/attachment.h"
	)")
}

@test "the layout's number is the one in force, wherever the page names it" {
	local layout
	layout=$(printed_by 'printf("%d\n", ROLLCALL_LAYOUT);')
	grep -q "^\.It 0 Ta 4 Ta layout Ta $layout, " "$PAGE"
	grep -q "raises the layout, which is $layout\\." "$PAGE"
}

@test "the maps that are pinned are of the types and sizes that the page reports" {
	local map type key value entries
	lan node-a
	attach_on node-a
	columns TABLE El | tail -n +2 >"$T/maps"
	diff <(cut -d'|' -f1 "$T/maps" | sort) \
		<(sed -n '/^#define READERS_MAPS/,/[^\\]$/p' "$TOP/user/lib/maps.h" | sed -nE 's/^\tX\(([a-z]+),.*/\1/p' | sort)
	while IFS='|' read -r map type key value entries; do
		bpftool -j map show pinned "$ROLLCALL_PIN_DIR/$map" >"$T/map.json"
		[ "$(jq -r '"\(.name) \(.type) \(.bytes_key) \(.bytes_value)"' "$T/map.json")" = "$map $type $key $value" ]
		if [ "$map" = peers ] || [ "$map" = sources ]; then
			[ "$(jq .max_entries "$T/map.json")" -gt 16384 ]
		else
			[ "$(jq .max_entries "$T/map.json")" = "$entries" ]
		fi
	done <"$T/maps"
}

@test "the ways to read with bpftool work as they are printed" {
	local command runs=0
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	sed -n '/^\.Ss Reading/,/^\.Ed/ { /^\./d; p }' "$PAGE" | sed -n '/^bpftool/,$p' | sed ':a; /|$/ { N; s/\n//; ba }' |
		sed "s|/sys/fs/bpf/rollcall|$ROLLCALL_PIN_DIR|" >"$T/commands"
	while read -r command; do
		echo "$command" # with what it prints, for the report of a failure
		bash -c "$command" 2>&1 | tee "$T/read.out"
		[ "${PIPESTATUS[0]}" -eq 0 ]
		case $command in
		*settings*) grep -q '"expiry_ns": 35000000000' "$T/read.out" ;;
		*outcomes*) grep -q '"last_ns"' "$T/read.out" ;;
		*jq*) [ "$(cat "$T/read.out")" = node-b ] ;;
		*) grep -q '"hostname": "node-b"' "$T/read.out" ;;
		esac
		runs=$((runs + 1))
	done <"$T/commands"
	[ "$runs" -eq 4 ]
}

# make without the variables of the make that runs these tests
make() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u BUILD make -C "$TOP" --no-print-directory "$@"; }

@test "every man page is clean, and installed in the directory that man reads" {
	local page
	mkdir "$T/root"
	make install BUILD="$BUILD" DESTDIR="$T/root" PREFIX=/usr >"$T/install.out"
	for page in "$TOP"/docs/*.[78]; do
		mandoc -Tlint -Wwarning "$page"
		cmp "$page" "$T/root/usr/share/man/man${page##*.}/${page##*/}"
	done
	make uninstall BUILD="$BUILD" DESTDIR="$T/root" PREFIX=/usr >"$T/install.out"
	[ -z "$(find "$T/root" ! -type d)" ]
}
