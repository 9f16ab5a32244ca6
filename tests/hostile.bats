#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Names in a table are escaped before they reach a terminal, a JSON document or a script. The filter records no such
# names, but another process with access to the map could write them.

load helper

# names with one byte each that must be escaped, and a name of only such bytes
HOSTILE=($'esc\e[2Jx' $'line\nbreak' $'cr\rx' $'tab\tx' $'bell\ax' 'sp ace' $'del\x7fx' $'c1\x9b2Jx' $'utf\xc3\xa9' $'cut\xc3'
	'quote"x' "apo'x" 'back\x' '$(id)' '`id`' '*' '<b>' '%s%n' $'\xff\xfe')

# begin [OPTION...]: attach node-a, and add all these names to its table
begin() {
	local name
	lan node-a node-b
	attach_on node-a "$@"
	for name in "${HOSTILE[@]}"; do peer "$ROLLCALL_PIN_DIR" add "$name" 10.77.0.7 "$(eth0)"; done
}

eth0() { ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex'; }

# is_clean FILE: FILE has only lines of printable ASCII
is_clean() { ! LC_ALL=C grep -an '[^ -~]' "$1"; }
# is_harmless FILE COLUMN: the names in COLUMN have no characters that are special for a shell, a terminal or a format
is_harmless() {
	is_clean "$1"
	[ "$(wc -l <"$1")" -eq "$3" ]
	! awk -v column="$2" '{ print $column }' "$1" | LC_ALL=C grep -anv '^[A-Za-z0-9._?-]*$'
}

@test "the table as text has nothing in it that acts on a terminal or a shell" {
	begin
	rollcall peers >"$T/peers"
	is_harmless "$T/peers" 1 $((${#HOSTILE[@]} + 1))
	grep -q '^esc??2Jx ' "$T/peers"
	awk 'NR > 1 && NF != 7 { exit 1 }' "$T/peers"
	# the columns are aligned
	[ "$(awk '{ print index($0, " 10.77.0.7 ") }' "$T/peers" | sed 1d | sort -u | wc -l)" = 1 ]
}

@test "the table as JSON is ASCII, and parses as that many entries" {
	begin
	rollcall peers -j >"$T/json"
	is_clean "$T/json"
	[ "$(jq length "$T/json")" = ${#HOSTILE[@]} ]
	[ "$(wc -l <"$T/json")" = $((${#HOSTILE[@]} + 2)) ]
	jq -e 'all(.[]; .hostname | test("^[A-Za-z0-9._?-]+$"))' "$T/json"
	jq -e 'any(.[]; .hostname == "line?break")' "$T/json"
}

# told [OPTION...]: write the output of a display to $T/told: all entries are present, and then expire
told() {
	stop loader-node-a HUP
	attach_on node-a "$@"
	await tells present
	local name
	for name in "${HOSTILE[@]}"; do peer "$ROLLCALL_PIN_DIR" age "$name" 40; done
	touch "$ROLLCALL_PIN_DIR/peers" # wakes the display, which waits for a later expiry
	await tells expired
	grep -av '^rollcall: eth0: attached ' "$(out loader-node-a)" >"$T/told"
}

tells() { [ "$(LC_ALL=C grep -ac "$1" "$(out loader-node-a)")" = ${#HOSTILE[@]} ]; }

@test "event lines have nothing in them that acts on a terminal or a shell" {
	begin
	told
	is_harmless "$T/told" 3 $((2 * ${#HOSTILE[@]}))
	awk 'NF != 6 { exit 1 }' "$T/told"
}

@test "event lines as JSON are ASCII, and parse one by one" {
	begin
	told -j
	is_clean "$T/told"
	[ "$(wc -l <"$T/told")" = $((2 * ${#HOSTILE[@]})) ]
	[ "$(jq -c . "$T/told" | wc -l)" = $((2 * ${#HOSTILE[@]})) ]
	jq -es 'all(.[]; .hostname | test("^[A-Za-z0-9._?-]+$"))' "$T/told"
}

@test "the table drawn in a terminal has nothing of theirs that acts on it" {
	begin
	stop loader-node-a HUP
	start terminal on node-a script -qefc 'rollcall attach eth0' "$T/typescript"
	await grep -q 'esc?' "$T/typescript"
	PIDS[in-terminal]=$(rollcall status -j | jq '.interfaces[0].loader')
	kill -INT "${PIDS[in-terminal]}"
	unset 'PIDS[in-terminal]'
	ends_with 0 terminal
	sed -i '/^Script /d' "$T/typescript"
	local name
	for name in "${HOSTILE[@]}"; do
		[[ $name = *[$' \x01-\x1f\x7f'\$\`\<%\"]* ]] || continue
		run ! grep -aqF -- "$name" "$T/typescript"
	done
	# remove the sequences of ncurses that move the cursor, also by backspaces and tabs, and set colours
	LC_ALL=C sed -E 's/\x1b(\[[?0-9;]*[A-Za-z]|\([B0]|[=>78M])//g; s/[\x08\t\r\x0e\x0f]//g; s/\xe2\x96[\x80-\x9f]//g' "$T/typescript" >"$T/rest"
	is_clean "$T/rest"
}

@test "the pin of the table, read with cat, has nothing in it that acts on a terminal or a shell" {
	needs_iterator
	begin
	cat "$ROLLCALL_PIN_DIR/table" >"$T/table"
	is_harmless "$T/table" 1 $((${#HOSTILE[@]} + 1))
	grep -q '^esc??2Jx ' "$T/table"
	awk 'NF != 8 { exit 1 }' "$T/table"
}

@test "get rejects a hostile name in one line, without its control characters" {
	begin
	local name
	for name in "${HOSTILE[@]}" 'esc??2Jx'; do
		fails_with 2 "^rollcall: '.*' is neither a hostname nor an address" rollcall get "$name"
		[ -z "$output" ]
		! LC_ALL=C grep -q '[[:cntrl:]]' <<<"$stderr"
	done
}

@test "an entry whose name fills the whole field is cut at its end" {
	begin
	local longest
	longest=$(printf 'x%.0s' {1..67})
	peer "$ROLLCALL_PIN_DIR" add "$longest" 10.77.0.8 "$(eth0)"
	rollcall peers -j | jq -e --arg name "$longest" 'map(select(.address == "10.77.0.8").hostname) == [$name[:66]]'
	[ "$(rollcall peers | awk '$2 == "10.77.0.8" { print length($1) }')" = 66 ]
	run -2 rollcall get "$longest"
	[ ! -r "$ROLLCALL_PIN_DIR/table" ] || [ "$(awk '$2 == "10.77.0.8" { print length($1) }' "$ROLLCALL_PIN_DIR/table")" = 66 ]
}

@test "the name of an interface cannot act on a terminal, and the interface is attached and detached by it" {
	lan node-a node-b
	local name=$'e\e[2J\x9b"\xc3'
	ip -n "$ID-node-a" link set dev eth0 down
	ip -n "$ID-node-a" link set dev eth0 name "$name" 2>/dev/null || skip "ip takes no such name"
	ip -n "$ID-node-a" link set dev "$name" up
	start loader on node-a rollcall attach "$name"
	await is_loader_of 0 loader
	on node-b rollcall announce eth0 --count 1
	await counted joined 2
	await has_line loader 'fe80::.*%e\?\[2J\?"\? e\?\[2J\?"\? announced'
	{
		cat "$(out loader)"
		if kernel_has iterator; then cat "$ROLLCALL_PIN_DIR/table"; fi
		rollcall peers
		rollcall peers -j
		rollcall get --all node-b
		rollcall status
		rollcall status -j
	} >"$T/all"
	is_clean "$T/all"
	local expected=6
	if kernel_has iterator; then expected=8; fi # the iterator prints both addresses
	[ "$(grep -cF 'e?[2J?"?' "$T/all")" = $((expected)) ]
	[ "$(peer_field node-b interface)" = 'e?[2J?"?' ]
	on node-a rollcall detach "$name"
	ends_with 0 loader
}

@test "an announcement of such a name is counted and leaves no entry" {
	lan node-a node-b
	attach_on node-a
	on node-b ip route add 239.0.0.0/8 dev eth0
	local name
	for name in "${HOSTILE[@]}"; do
		printf 'multitastic:%s' "$name" >"$T/payload"
		on node-b bash -c "dd if='$T/payload' bs=200 status=none >/dev/udp/239.2.3.4/49001"
	done
	announce_from node-b
	await lists node-b
	[ "$(peers)" = node-b ]
	[ "$(($(outcome name_bad_char) + $(outcome name_bad_start)))" = ${#HOSTILE[@]} ]
	[ "$(lines_with loader-node-a ' join ')" = 1 ]
	reported 0 loader-node-a
}
