#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The pin `table`: the live table as a text file.

load helper

setup_more() {
	[[ $BATS_TEST_DESCRIPTION = *"without BTF"* ]] || needs_iterator
}

table() { cat "$ROLLCALL_PIN_DIR/table"; }
table_lists() { table | awk -v name="$1" '$1 == name { found = 1 } END { exit !found }'; }
in_map() { bpftool map dump pinned "$ROLLCALL_PIN_DIR/peers" | grep -qF "\"$1\""; }
misses() { ! table_lists "$1"; }
eth0_of() { ip -n "$ID-$1" -j link show eth0 | jq '.[0].ifindex'; }
peer() { command peer "$ROLLCALL_PIN_DIR" "$@"; }

# without_btf: hide the kernel's BTF in all places where libbpf looks for it
without_btf='for d in /sys/kernel/btf /boot /lib/modules /usr/lib/debug; do
	[ ! -d $d ] || mount -t tmpfs none $d; done; exec "$@"'

@test "reading the pin prints a header and the live peer with address, interface and times" {
	lan node-a node-b
	attach_on node-a
	[ "$(table | wc -l)" -eq 1 ]
	announce_from node-b
	await lists node-b
	run table
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} =~ ^HOSTNAME\ +ADDRESS\ +INTERFACE\ +AGE\ +EXPIRES\ +IFINDEX\ +FIRST_SEEN_NS\ +SEALED$ ]]
	[[ ${lines[1]} =~ ^node-b\ +10\.77\.0\.2\ +eth0\ +[0-9]+s\ +[0-9]+s\ +[0-9]+\ +[0-9]+\ +-$ ]]
}

@test "ages and seconds until expiry follow the entry's time and the table's expiry" {
	lan node-a
	attach_on node-a --expiry 10m
	peer add old-host 10.77.0.7 "$(eth0_of node-a)" 250s
	local before age expires after
	before=$(peer_field old-host age_ms)
	read -r _ _ _ age expires _ < <(table | grep old-host)
	after=$(peer_field old-host age_ms)
	((before / 1000 <= ${age%s} && ${age%s} <= after / 1000))
	# both are rounded down, so the sum may be one second less
	((${age%s} + ${expires%s} == 599 || ${age%s} + ${expires%s} == 600))
}

@test "an entry older than the expiry is left out while it is still in the map" {
	lan node-a node-b node-c
	attach_on node-a
	announce_from node-b
	announce_from node-c
	await lists node-b
	await lists node-c
	stop loader-node-a KILL || : # no sweeper
	table_lists node-b
	peer age node-b 36s
	in_map node-b
	run table
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[1]} = node-c* ]]
}

@test "a table whose only entry has expired prints only the header" {
	lan node-a
	attach_on node-a
	stop loader-node-a KILL || :
	peer add gone 10.77.0.7 "$(eth0_of node-a)" 36s
	in_map gone
	[ "$(table | wc -l)" -eq 1 ]
}

@test "a host that has sent a goodbye is left out" {
	lan node-a
	attach_on node-a
	peer add node-b 10.77.0.7 "$(eth0_of node-a)"
	peer add node-c 10.77.0.8 "$(eth0_of node-a)"
	table_lists node-b
	peer flag node-b 2
	misses node-b
	table_lists node-c
}

@test "in a table with keys the last column marks the entries with a seal" {
	lan node-a
	(umask 077 && echo '1:AAECAwQFBgcICQoLDA0ODw==' >"$T/key")
	attach_on node-a --key "$T/key" --accept-unsealed
	peer add node-b 10.77.0.7 "$(eth0_of node-a)"
	peer add node-c 10.77.0.8 "$(eth0_of node-a)"
	peer flag node-b 1
	[ "$(table | awk '{ print $1, $8 }' | sort | xargs)" = "HOSTNAME SEALED node-b yes node-c no" ]
}

@test "the table's own expiry decides, not the default" {
	lan node-a
	attach_on node-a --expiry 2m
	stop loader-node-a KILL || :
	peer add early 10.77.0.7 "$(eth0_of node-a)" 100s
	peer add late 10.77.0.8 "$(eth0_of node-a)" 121s
	table_lists early
	misses late
}

@test "the pin can still be read after the loader was killed, and has the hosts that are received then" {
	lan node-a node-b
	attach_on node-a
	stop loader-node-a KILL || :
	misses node-b
	announce_from node-b
	await table_lists node-b
}

@test "addresses read as in 'rollcall peers', IPv6 shortened and link-local ones with their interface" {
	lan node-a
	attach_on node-a
	local ifindex address n=0
	ifindex=$(eth0_of node-a)
	for address in 10.77.0.200 192.0.2.1 fe80::a00:27ff:fe4e:66a1 fe80::1 febf::1 fec0::1 2001:db8:: 2001:db8::1:0:0:1 \
		2001:db8:0:0:1:0:0:1 2001:0:0:1:0:0:0:1 1:2:3:4:5:6:7:8 1:0:2:0:3:0:4:0 0:0:1:2:3:4:5:6 \
		0:1:2:3:4:5:6:7 1:2:3:4:5:6:0:0 1:2:3:4:5:6:7:0 2001:db8:abcd:ef01:2345:6789:abcd:ef01 0a00:0b:c:0d00::0; do
		peer add "host$((++n))" "$address" "$ifindex"
	done
	table | awk 'NR > 1 { print $1, $2, $3 }' | sort >"$T/table"
	rollcall peers -j | jq -r '.[] | "\(.hostname) \(.address) \(.interface)"' | sort >"$T/peers"
	[ "$(wc -l <"$T/table")" -eq "$n" ]
	diff "$T/peers" "$T/table"
	grep -q '^host3 fe80::a00:27ff:fe4e:66a1%eth0 eth0$' "$T/table"
}

@test "an interface that is not attached is shown by its number" {
	lan node-a
	attach_on node-a
	peer add elsewhere fe80::1 4711
	[ "$(table | awk '$1 == "elsewhere" { print $2, $3 }')" = "fe80::1%if4711 if4711" ]
}

@test "a hostname of 64 characters is printed whole" {
	lan node-a
	attach_on node-a
	local name
	name=$(printf 'n%.0s' {1..64})
	peer add "$name" 10.77.0.7 "$(eth0_of node-a)"
	table_lists "$name"
}

@test "a table larger than a read's buffer comes whole, under one header" {
	lan node-a
	attach_on node-a --expiry 10h # longer than the test takes on a slow machine
	local ifindex i
	ifindex=$(eth0_of node-a)
	for i in {1..600}; do peer add "host-$i" "10.77.1.$((i % 256))" "$ifindex"; done
	table >"$T/whole"
	[ "$(stat -c %s "$T/whole")" -gt $((32 * 1024)) ]
	[ "$(grep -c '^HOSTNAME ' "$T/whole")" -eq 1 ]
	[ "$(grep -c '^host-' "$T/whole")" -eq 600 ]
	[ "$(awk '{ print $1 }' "$T/whole" | sort -u | wc -l)" -eq 601 ]
}

@test "reading byte by byte prints the same" {
	lan node-a
	attach_on node-a --expiry 10h
	peer add some-host 10.77.0.7 "$(eth0_of node-a)" 2h
	dd if="$ROLLCALL_PIN_DIR/table" bs=1 2>/dev/null | awk '{ print $1, $2, $3 }' >"$T/bytes"
	table | awk '{ print $1, $2, $3 }' | diff - "$T/bytes"
	[ "$(wc -l <"$T/bytes")" -eq 2 ]
}

@test "an unprivileged user may read the pin and not write it" {
	lan node-a
	attach_on node-a
	chmod o+x "$T/bpf"
	as_nobody() {
		unshare --mount sh -c 'mount --bind "$1" /mnt && shift && exec setpriv --reuid=65534 --regid=65534 \
			--clear-groups sh -c "$1"' - "$ROLLCALL_PIN_DIR" "$1"
	}
	[[ $(as_nobody 'cat /mnt/table') = HOSTNAME* ]]
	run as_nobody 'echo >/mnt/table'
	[ "$status" -ne 0 ]
	[[ $output = *"Permission denied"* ]]
}

@test "a stop removes the pin with the table" {
	lan node-a
	attach_on node-a
	[ -e "$ROLLCALL_PIN_DIR/table" ]
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "a table kept by --keep keeps the pin, and detach removes both" {
	lan node-a
	attach_on node-a --keep
	stop loader-node-a
	[ "$(table | wc -l)" -eq 1 ]
	on node-a rollcall detach --all
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "--replace makes the pin for the new table" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await table_lists node-b
	stop loader-node-a KILL || :
	attach_on node-a --replace --expiry 1m
	misses node-b
	announce_from node-b
	await table_lists node-b
	peer age node-b 40s
	table_lists node-b
}

@test "an attach that finds a table without the pin makes it, and one with the pin leaves it" {
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await table_lists node-b
	stop loader-node-a KILL || :
	rm "$ROLLCALL_PIN_DIR/table" # as if a loader was killed before it made this pin
	attach_on node-a
	table_lists node-b
	local before
	before=$(stat -c %i "$ROLLCALL_PIN_DIR/table")
	stop loader-node-a KILL || :
	attach_on node-a
	[ "$(stat -c %i "$ROLLCALL_PIN_DIR/table")" = "$before" ]
	table_lists node-b
}

@test "on a kernel without BTF everything but the pin exists, without a message" {
	lan node-a node-b
	start loader-node-a on node-a unshare --mount sh -c "$without_btf" - rollcall attach eth0 -j
	await loader_is_in_place node-a
	[ ! -e "$ROLLCALL_PIN_DIR/table" ]
	[ "$(ls "$ROLLCALL_PIN_DIR" | paste -sd' ')" = "interfaces keys links lock outcomes own_addresses own_names peers settings sources state" ]
	announce_from node-b
	await lists node-b
	await has_line loader-node-a '"join"'
	[ "$(lines_with loader-node-a '"event"')" -eq 1 ]
	reported 0 loader-node-a
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR" ]
}

@test "on a kernel without BTF a table is taken over without a word" {
	lan node-a
	start loader-node-a on node-a unshare --mount sh -c "$without_btf" - rollcall attach eth0
	await loader_is_in_place node-a
	stop loader-node-a KILL || :
	start loader-node-a on node-a unshare --mount sh -c "$without_btf" - rollcall attach eth0
	await loader_is_in_place node-a
	[ ! -e "$ROLLCALL_PIN_DIR/table" ]
	reported 0 loader-node-a
}

@test "on a kernel without BTF -v reports why the pin is missing" {
	lan node-a
	start loader-node-a on node-a unshare --mount sh -c "$without_btf" - rollcall attach eth0 -v
	await loader_is_in_place node-a
	has_line loader-node-a "^rollcall: cannot make '.*/table', the table as text: .*BTF"
}
