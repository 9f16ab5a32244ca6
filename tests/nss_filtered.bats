#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Look-ups in a process whose system-call filter kills it on bpf(2): the module reads the text of the pinned iterator.

load helper
load nss

setup_more() {
	nss_setup
	UNDER=(nobpf kill)
}

with_pin() { [ -e "$ROLLCALL_PIN_DIR/table" ] || needs_iterator; }

# with_text LINE...: make a table of these lines
with_text() { printf '%s\n' "$@" >"$T/text"; }

# text_has NAME|ADDRESS: print what the module reads from the text
text_has() { nss_text "$1" <"$T/text"; }

@test "bpf(2) ends a process under such a filter" {
	run asking nobpf kill nss_call ask name4 node-b # this program calls bpf(2) itself
	[ "$status" -eq 0 ]
	run asking nobpf kill rollcall peers
	[ "$status" -eq 159 ] # SIGSYS
}

@test "under a filter names and addresses are answered from the pinned iterator" {
	with_pin
	know node-b 10.77.0.7
	know node-b 2001:db8::7
	know near fe80::7
	[ "$(addresses node-b)" = "10.77.0.7 2001:db8::7" ]
	[ "$(scoped near)" = "fe80::7%eth0" ]
	[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = node-b ]
	[ "$(ask hosts 2001:db8::7 | awk '{ print $2 }')" = node-b ]
	[ "$(ask hosts fe80::7 | awk '{ print $2 }')" = near ]
	absent ahosts nobody-here
	peer age node-b 10h
	absent ahosts node-b
	absent hosts 10.77.0.7
}

@test "under a filter the policy of names is the same" {
	with_pin
	know wpad 10.77.0.7
	know with.dots 10.77.0.8
	know small 10.77.0.9
	absent ahosts wpad
	absent hosts 10.77.0.7
	absent ahosts with.dots
	absent hosts 10.77.0.8
	[ "$(addresses SMALL)" = 10.77.0.9 ]
}

@test "under a filter the order, and how long an answer may be kept, are as without" {
	with_pin
	know many 2001:db8::1 1 100s
	know many 10.77.0.1 1 300s
	know many 10.77.0.2 2 200s
	know many 10.77.0.1 3 100s
	[ "$(call ask name4 many | sed 's/ ttl .*//')" = "SUCCESS - 0 many 10.77.0.1 0 10.77.0.2 0 2001:db8::1 0" ]
	know early 10.77.0.5 1 35999s
	know late 10.77.0.5 1 35900s
	local answer
	answer=$(call ask addr2 10.77.0.5)
	[[ $answer = "SUCCESS - 0 late 10.77.0.5 ttl "* ]]
	((${answer##* } <= 100))
}

@test "under a filter a table longer than one read is read to its end" {
	with_pin
	local i
	for i in {1..400}; do know "host-$i" "10.77.$((1 + i / 250)).$((i % 250))"; done
	for i in 1 133 400; do
		[ "$(addresses "host-$i")" = "10.77.$((1 + i / 250)).$((i % 250))" ]
	done
}

@test "a line is whole wherever one read of the text ends" {
	local i lines=()
	for i in {1..120}; do lines+=("$(printf '%-*s' "$((100 + i))" many) 10.77.1.$i eth0 1s 9s 2 $((200 - i)) -"); done
	with_text "${lines[@]}"
	[ "$(text_has many)" = "many $(printf '10.77.1.%s 0 ' {120..1})ttl 9" ]
}

@test "under a filter an unprivileged user, also one without access to the maps, gets the same answers" {
	with_pin
	know node-b 10.77.0.7
	chmod 755 "$ROLLCALL_PIN_DIR"
	UNDER=(setpriv --reuid=65534 --regid=65534 --clear-groups nobpf kill)
	[ "$(addresses node-b)" = 10.77.0.7 ]
	chmod 400 "$ROLLCALL_PIN_DIR/peers"
	UNDER=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	[ "$(addresses node-b)" = 10.77.0.7 ]
}

@test "under a filter without the pinned iterator the look-up fails, and the process goes on" {
	know node-b 10.77.0.7
	rm -f "$ROLLCALL_PIN_DIR/table"
	[ "$(call ask name4 node-b)" = "UNAVAIL ENOENT NO_RECOVERY" ]
	[ "$(call ask addr 10.77.0.7)" = "UNAVAIL ENOENT NO_RECOVERY" ]
	absent ahosts node-b
}

@test "under a filter no descriptor stays open, and threads do not meet" {
	with_pin
	know node-b 10.77.0.7
	know node-b fe80::7
	asking nobpf kill nss_call fds 300 node-b
	know alone 10.77.0.8
	[ "$(asking nobpf kill resolve 8 100 alone 10.77.0.8)" = "800 rounds, 0 wrong" ]
}

@test "lines that are not of the table are ignored, and hide no other" {
	local good='good  10.77.0.7  eth0  1s  2s  2  7  -' line
	for line in '' ' ' 'bad' 'bad 10.77.0.8' 'bad 10.77.0.8 eth0 1s' 'bad 10.77.0.8 eth0 1s 2s' 'bad 10.77.0.8 eth0 1s 2s 3s 7 -' \
		'bad 10.77.0.8 eth0 1s 2s 0 7 -' 'bad 10.77.0.8 eth0 1s 2s 9999999999 7 -' 'bad 10.77.0.8 eth0 1s 2s 2' 'bad 10.77.0.8 eth0 1s 2s 2 7' 'bad 10.77.0.8 eth0 1s 2s 2 7 maybe' 'bad 10.77.0.8 eth0 1s 2s 2 7 - 7' 'bad 10.77.0.8 eth0 1s 2s 2 -7 -' \
		'bad 10.77.0.8 eth0 1s 2s 2 100000000000000000000 -' \
		'bad 10.77.0.8 eth0 1 2s 2 7 -' 'bad 10.77.0.8 eth0 -1s 2s 2 7 -' 'bad 10.77.0.8 eth0 1s 99999999999999999999s 2 7 -' \
		'bad 10.77.0.8 eth0 s 2s 2 7 -' 'bad 10.77.0.256 eth0 1s 2s 2 7 -' 'bad ADDRESS eth0 1s 2s 2 7 -' 'bad :: eth0 1s 2 7 -' \
		'bad 10.77.0.8%eth0:0 eth0 1s 2s 2 7 -' "$(printf 'n%.0s' {1..300}) 10.77.0.7 eth0 0s 2s 2 7 -" $'bad \x01 eth0 1s 2s 2 7 -'; do
		with_text 'HOSTNAME ADDRESS INTERFACE AGE EXPIRES IFINDEX FIRST_SEEN_NS SEALED' "$line" "$good" "$line"
		[ "$(text_has good)" = "good 10.77.0.7 0 ttl 2" ]
		[ "$(text_has bad)" = "bad" ] || {
			echo "$line is answered"
			return 1
		}
		[ "$(text_has 10.77.0.7)" = "good 10.77.0.7 0 ttl 2" ]
	done
}

@test "a name that the table's text repeats without end has as many addresses as a host can have" {
	local i lines=()
	for i in {1..200}; do lines+=("many 10.77.1.$i eth0 1s 9s 2 $((200 - i)) -" "many 10.77.1.$i eth0 1s 9s 2 $((400 - i)) -"); done
	with_text "${lines[@]}"
	[ "$(text_has many | tr ' ' '\n' | grep -c '^10.77.1')" -eq 128 ]
}

@test "text without an end of line is no table, and one that ends in a line's middle lacks that line" {
	head -c 100000 /dev/zero | tr '\0' x >"$T/text"
	run text_has good
	[ "$status $output" = "1 EBADMSG" ]
	printf 'good 10.77.0.7 eth0 1s 2s 2 7 -\ncut 10.77.0.8 eth0 1s 2s ' >"$T/text"
	[ "$(text_has good)" = "good 10.77.0.7 0 ttl 2" ]
	[ "$(text_has cut)" = "cut" ]
}

@test "a link-local address in the text has the number of its interface, whatever its name" {
	with_text 'near fe80::7%eth0 eth0 1s 2s 4711 7 -' 'far fe80::8%if5 if5 1s 2s 6 7 -' 'none fe80::9%eth0 eth0 1s 2s 0 7 -'
	[ "$(text_has near)" = "near fe80::7 4711 ttl 2" ]
	[ "$(text_has far)" = "far fe80::8 6 ttl 2" ]
	[ "$(text_has none)" = "none" ]
}

@test "a file that is no pin of root's is not read as the table's text" {
	TABLE=$T/plain
	mkdir -p "$TABLE"
	echo 'node-b 10.77.0.7 eth0 1s 2s 2 7 -' >"$TABLE/table"
	[ "$(call ask name4 node-b)" = "UNAVAIL EPERM NO_RECOVERY" ]
}

@test "of a name with lines with and without a seal, those with a seal are read, in any order" {
	local sealed='node-b 10.77.0.7 eth0 1s 5s 2 9 yes' plain='node-b 10.77.0.8 eth0 1s 2s 2 7 no'
	with_text "$plain" "$sealed"
	[ "$(text_has node-b)" = "node-b 10.77.0.7 0 ttl 5" ]
	with_text "$sealed" "$plain"
	[ "$(text_has node-b)" = "node-b 10.77.0.7 0 ttl 5" ]
	with_text "$plain"
	[ "$(text_has node-b)" = "node-b 10.77.0.8 0 ttl 2" ]
}

@test "under a filter entries without a seal do not add to a host with sealed ones, nor take its addresses" {
	needs_iterator
	nss_mixed
	nss_shadows
}

@test "under a filter only sealed entries are answered if nss.conf requires it" {
	with_pin
	nss_sealed_only
}
