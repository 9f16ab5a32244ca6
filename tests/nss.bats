#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Hosts by name through libc: libnss_rollcall.so.2, called by getent and getaddrinfo.
# bats file_tags=long

load helper
load nss

setup_more() { nss_setup; }

@test "a host that announced itself is found by its name and by its address, over both families" {
	local link_local
	lan_join node-b
	await is_settled node-b eth0
	on node-b rollcall announce eth0 --count 1
	await lists node-b
	await peer_is_ipv6
	[ "$(ask hosts node-b)" = "10.77.0.2       node-b" ]
	[ "$(ask hosts 10.77.0.2)" = "10.77.0.2       node-b" ]
	link_local=$(ip -n "$ID-node-b" -j addr show dev eth0 scope link | jq -r '.[].addr_info[] | select(.family == "inet6").local')
	[ "$(scoped node-b)" = "10.77.0.2 $link_local%eth0" ]
	[ "$(ask hosts "$link_local" | awk '{ print $2 }')" = node-b ]
}

peer_is_ipv6() { [ "$(rollcall peers -j -6 | jq length)" = 1 ]; }

@test "a name has its addresses of either family, whichever is asked for" {
	know both 10.77.0.7
	know both 2001:db8::7
	[ "$(addresses both)" = "10.77.0.7 2001:db8::7" ]
	[ "$(addresses both ahostsv4)" = 10.77.0.7 ]
	[ "$(addresses both ahostsv6)" = 2001:db8::7 ]
	[ "$(ask hosts both | awk '{ print $1, $2 }')" = "2001:db8::7 both" ] # getent looks up IPv6 first
}

@test "an address has its name in either family, a link-local one too" {
	know four 10.77.0.7
	know six 2001:db8::7
	know near fe80::7
	[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = four ]
	[ "$(ask hosts 2001:db8::7 | awk '{ print $2 }')" = six ]
	[ "$(ask hosts fe80::7 | awk '{ print $2 }')" = near ]
	absent hosts 10.77.0.8
	absent hosts 2001:db8::8
}

@test "of several names an address has the one that was received last" {
	know early 10.77.0.7 "$IFINDEX" 3m
	know late 10.77.0.7 "$IFINDEX" 1m
	know middle 10.77.0.7 "$IFINDEX" 2m
	[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = late ]
}

@test "a link-local address comes with the interface that it was received on" {
	local second
	second_lan node-a
	second=$(ip -n "$ID-node-a" -j link show eth1 | jq '.[0].ifindex')
	attach_numbers "$second"
	know near fe80::7
	know near fe80::7 "$second"
	[ "$(scoped near)" = "fe80::7%eth0 fe80::7%eth1" ]
}

@test "where no scope can be returned, a host has its link-local address only if it has no other" {
	know near fe80::7
	know near fe80::7 "$((IFINDEX + 1))"
	[ "$(call ask name2-inet6 near)" = "SUCCESS - 0 near fe80::7" ]
	know near 10.77.0.7
	[ "$(call ask name2-inet6 near)" = "NOTFOUND ENOENT HOST_NOT_FOUND" ]
	[ "$(ask hosts near | awk '{ print $1 }')" = 10.77.0.7 ]
	know near 2001:db8::7
	[ "$(call ask name2-inet6 near)" = "SUCCESS - 0 near 2001:db8::7" ]
}

@test "the primary address comes first, then the others in their order, an address received on two interfaces once" {
	know many 2001:db8::1 1 1m
	know many 10.77.0.3 1 4m
	know many 10.77.0.1 2 2m
	know many 10.77.0.2 3 3m
	know many 10.77.0.3 4 1m
	know many fe80::1 5 5m
	attach_numbers {1..5}
	[ "$(call ask name4 many | sed 's/ ttl .*//')" = \
		"SUCCESS - 0 many 10.77.0.3 0 10.77.0.2 0 10.77.0.1 0 2001:db8::1 0 fe80::1 5" ]
	[ "$(call ask name many)" = "SUCCESS - 0 many 10.77.0.3 10.77.0.2 10.77.0.1" ]
}

# attach_numbers IFINDEX...: add interfaces to the attachment table, where the library looks up a host
attach_numbers() {
	local number slot=0
	for number; do
		bpftool map update pinned "$ROLLCALL_PIN_DIR/interfaces" key "$((++slot))" 0 0 0 \
			value $((number & 255)) $((number >> 8)) 0 0 $(printf '0 %.0s' {1..124})
	done
}

@test "absent names are not found, by any function" {
	local way
	for way in hosts ahosts ahostsv4 ahostsv6; do
		absent "$way" nobody-here
	done
	[ "$(call ask name4 nobody-here)" = "NOTFOUND ENOENT HOST_NOT_FOUND" ]
	[ "$(call ask name2-inet nobody-here)" = "NOTFOUND ENOENT HOST_NOT_FOUND" ]
	[ "$(call ask addr 10.77.0.8)" = "NOTFOUND ENOENT HOST_NOT_FOUND" ]
}

@test "an expired entry is not answered, though it is still in the table" {
	know gone 10.77.0.7
	[ "$(addresses gone)" = 10.77.0.7 ]
	peer age gone 10h
	bpftool map dump pinned "$ROLLCALL_PIN_DIR/peers" | grep -qF '"gone"'
	absent ahosts gone
	absent hosts 10.77.0.7
}

@test "an answer may be kept no longer than its entry lives" {
	local ttl
	know old 10.77.0.7 "$IFINDEX" 595m
	know old 2001:db8::7 "$IFINDEX" 1m
	know second 10.77.0.8 "$IFINDEX" 1m
	know second 2001:db8::8 "$IFINDEX" 595m
	for way in 'name4 old' 'name4 second' 'name3-inet old' 'addr2 10.77.0.7'; do
		ttl=$(call ask $way | sed -n 's/.* ttl //p')
		((ttl >= 0 && ttl < 300))
	done
}

@test "names that software looks up without being asked are rejected in any case, as any label, although they are in the table" {
	local name
	mkdir "$T/etc/rollcall"
	echo 'dots yes' >"$T/etc/rollcall/nss.conf"
	: >"$T/etc/hosts" # otherwise libc answers localhost from this file
	for name in localhost wpad isatap LocalHost WPAD isaTAP wpad.corp localhost.localdomain some.localhost isatap.example.; do
		know "$name" 10.77.0.7
		absent ahosts "$name" || {
			echo "$name is answered"
			return 1
		}
	done
	absent hosts 10.77.0.7
	for name in localhost2 wpa isatapper my-wpad; do
		know "$name" 10.77.0.8
		[ "$(addresses "$name")" = 10.77.0.8 ]
	done
}

@test "what reads as an address, is too long, or no announcement can carry is rejected" {
	local name long
	long=$(printf 'n%.0s' {1..65})
	for name in 10.1 4711 99999999999 0x7f000001 "$long" _name -name 'na me' $'na\tme' 'nä' 'name%eth0' 'na:me'; do
		know "$name" 10.77.0.7
		[ "$(call ask name4 "$name")" = "NOTFOUND ENOENT HOST_NOT_FOUND" ] || {
			echo "$name is answered"
			return 1
		}
	done
	[ "$(call ask name4 '')" = "NOTFOUND ENOENT HOST_NOT_FOUND" ]
	[ "$(call ask addr 10.77.0.7)" = "NOTFOUND ENOENT HOST_NOT_FOUND" ]
	know "${long:1}" 10.77.0.8
	[ "$(addresses "${long:1}")" = 10.77.0.8 ]
}

@test "an address whose latest name is never answered has the next one" {
	know good 10.77.0.7 "$IFINDEX" 2m
	know wpad 10.77.0.7 "$IFINDEX" 1m
	know a.b 10.77.0.7
	[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = good ]
}

@test "names with dots are rejected until nss.conf allows them" {
	local conf
	know node-b.example 10.77.0.7
	absent ahosts node-b.example
	absent hosts 10.77.0.7
	mkdir "$T/etc/rollcall"
	for conf in 'dots no' 'dots' 'dots yes please' '#dots yes' 'nodots yes' $'dots yes\ndots no' ''; do
		echo "$conf" >"$T/etc/rollcall/nss.conf"
		absent ahosts node-b.example
	done
	for conf in 'dots yes' $' dots\tyes # all of them' $'# dots no\n\nother thing\ndots yes\n'; do
		printf '%s' "$conf" >"$T/etc/rollcall/nss.conf"
		[ "$(addresses node-b.example)" = 10.77.0.7 ]
		[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = node-b.example ]
	done
}

@test "nss.conf is read only for names with dots, and once for a host without a seal" {
	# opens NAME: print how often nss.conf is opened in a look-up of NAME
	opens() {
		ASAN_OPTIONS=detect_leaks=0 asking strace -f -e trace=open,openat -o "$T/trace" nss_call ask name4 "$1" >&2
		grep -q libnss_rollcall "$T/trace"
		grep -c nss.conf "$T/trace" || :
	}
	know node-b 10.77.0.7
	know node-b 2001:db8::7
	[ "$(opens nobody-here)" = 0 ]
	[ "$(opens node-b)" = 1 ]
	[ "$(opens node-b.example)" = 1 ]
	peer flag node-b 1
	[ "$(opens node-b)" = 0 ]
}

@test "a host that has sent a goodbye is not answered" {
	know node-b 10.77.0.7
	peer flag node-b 2
	absent ahosts node-b
	absent hosts 10.77.0.7
}

@test "a name is looked up in lower case, as the filter records it" {
	know small 10.77.0.7
	[ "$(addresses SMALL)" = 10.77.0.7 ]
	[ "$(addresses Small)" = 10.77.0.7 ]
	[ "$(ask ahosts Small | awk 'NR == 1 { print $3 }')" = small ]
	absent ahosts SMALLER
}

@test "it comes after files, and lets others answer after it" {
	echo '10.1.1.1 node-b' >>"$T/etc/hosts"
	know node-b 10.77.0.7
	[ "$(addresses node-b)" = 10.1.1.1 ]
	echo '10.1.1.2 node-c' >>"$T/etc/hosts"
	echo 'hosts: rollcall files' >"$T/etc/nsswitch.conf"
	[ "$(addresses node-b)" = 10.77.0.7 ]
	[ "$(addresses node-c)" = 10.1.1.2 ]
}

@test "a buffer that is too small is reported, and nothing is written behind any" {
	local way what said
	for i in {1..64}; do know crowd "10.77.1.$i" "$i"; done
	for i in {1..64}; do know crowd "2001:db8::$i" "$i"; done
	attach_numbers {1..63}
	for way in name4 name3-inet name3-inet6 name2-inet name2-inet6 name addr2 addr; do
		what=crowd
		[[ $way != addr* ]] || what=10.77.1.5
		run asking nss_call room "$way" "$what"
		[ "$status" -eq 0 ] || {
			echo "$way: $output"
			return 1
		}
		[ "$(grep -c '^SUCCESS - 0$' <<<"$output")" -eq 2 ] # with a buffer at an even and at an odd address
		[[ $way != name4 ]] || [ "$(grep -cE '^(10|2001)' <<<"$output")" -eq $((2 * 126)) ]
	done
	[ "$(addresses crowd | wc -w)" -eq 126 ] # libc calls again with a larger buffer
}

@test "thousands of look-ups by eight threads at once are all right" {
	know busy 10.77.0.7
	know other 10.77.0.8
	[ "$(asking resolve 8 500 busy 10.77.0.7)" = "4000 rounds, 0 wrong" ]
}

@test "no look-up leaves a descriptor open" {
	know node-b 10.77.0.7
	know node-b fe80::7
	mkdir "$T/empty"
	asking nss_call fds 1000 node-b
	asking nss_call fds 100 nobody-here
	asking nss_call fds 100 with.dots
	TABLE=$T/empty asking nss_call fds 100 node-b
	rm "$ROLLCALL_PIN_DIR/interfaces" # an incomplete table
	asking nss_call fds 100 node-b
}

@test "families other than IP are not served" {
	know node-b 10.77.0.7
	[ "$(call ask name2-unix node-b)" = "UNAVAIL EAFNOSUPPORT NO_RECOVERY" ]
}

@test "without a table the service is unavailable, and libc goes on to the next" {
	mkdir "$T/empty"
	TABLE=$T/empty
	[ "$(call ask name4 node-b)" = "UNAVAIL ENOENT NO_RECOVERY" ]
	[ "$(call ask addr 10.77.0.7)" = "UNAVAIL ENOENT NO_RECOVERY" ]
	absent ahosts node-b
	absent hosts 10.77.0.7
	echo '10.1.1.2 node-b' >>"$T/etc/hosts"
	echo 'hosts: rollcall files' >"$T/etc/nsswitch.conf"
	[ "$(addresses node-b)" = 10.1.1.2 ]
}

@test "a table that is only where loaders pin it is also found" {
	know node-b 10.77.0.7
	READERS_DIR=/sys/fs/bpf/rollcall
	[ "$(addresses node-b)" = 10.77.0.7 ]
}

@test "an unprivileged user gets the same answers" {
	know node-b 10.77.0.7
	know node-b fe80::7
	chmod 755 "$ROLLCALL_PIN_DIR"
	chmod 444 "$ROLLCALL_PIN_DIR"/{peers,settings,interfaces,state,outcomes,sources}
	rm -f "$ROLLCALL_PIN_DIR/table"
	UNDER=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	[ "$(scoped node-b)" = "10.77.0.7 fe80::7%eth0" ]
	[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = node-b ]
	absent ahosts nobody-here
	chmod 400 "$ROLLCALL_PIN_DIR/peers"
	absent ahosts node-b
}

# takes_little_stack NAME: every function runs in a thread with a stack of 32 KiB
takes_little_stack() {
	asking "${UNDER[@]}" nss_call stack 32768 "$1" >"$T/stack"
	[ "$(wc -l <"$T/stack")" -eq 9 ]
	awk '$2 > 12288 { print "too much:", $0; wrong = 1 } END { exit wrong }' "$T/stack"
}

@test "no function takes more than 12 KiB of stack" {
	[ -z "$SANITIZER" ] || skip "AddressSanitizer takes more"
	know node-b 10.77.0.7
	know node-b fe80::7
	takes_little_stack node-b
	takes_little_stack with.dots
	rm "$ROLLCALL_PIN_DIR/peers" # then the module reads the text of the iterator
	takes_little_stack node-b
}

no_doubt() { [ "$(bpftool -j map lookup pinned "$ROLLCALL_PIN_DIR/state" key 0 0 0 0 | jq .formatted.value.recount)" = 0 ]; }

# takes_a_millisecond ADDRESS: in one of several attempts a look-up takes at most a millisecond; others may be
# interrupted
takes_a_millisecond() {
	local ns
	ns=$(asking nss_call time 20 "$1")
	echo "$1 takes $ns" >>"$T/times"
	[ "${ns%% *}" -lt 1000000 ]
}

@test "among 16,000 peers an address that no peer has is looked up in a millisecond, and one that a peer has is found" {
	[ -z "$SANITIZER" ] || skip "AddressSanitizer takes longer"
	on node-a rollcall detach --all
	attach_on node-a --expiry 10h
	on node-a crowd eth0 16000 0
	await no_doubt
	await takes_a_millisecond 192.0.2.1
	[ "$(asking nss_call time 5 10.77.0.7 | wc -l)" -eq 1 ]
	[[ $(asking nss_call ask addr2 "$(rollcall get node-1)") = "SUCCESS - 0"*node-1* ]]
}

@test "the module exports only its functions for libc, and requires only libc" {
	local module=$BUILD/libnss_rollcall.so.2
	[ -z "$SANITIZER" ] || skip "under AddressSanitizer it brings that along"
	[ "$(nm -D --defined-only "$module" | awk '{ print $3 }' | sed 's/^_nss_rollcall_//' | paste -sd' ')" = \
		"gethostbyaddr2_r gethostbyaddr_r gethostbyname2_r gethostbyname3_r gethostbyname4_r gethostbyname_r" ]
	[ "$(objdump -p "$module" | awk '$1 == "SONAME" || $1 == "NEEDED" { print $2 }' | sort | paste -sd' ')" = \
		"libc.so.6 libnss_rollcall.so.2" ]
	run ! grep -vE '@GLIBC_[0-9.]+$|^(_ITM_(de)?registerTMCloneTable|__gmon_start__)$' \
		<<<"$(nm -D --undefined-only "$module" | awk '{ print $2 }')"
	# no variables that threads would share, except those of the compiler
	[ -z "$(nm "$module" | awk '$2 ~ /^[BDbd]$/ && $3 !~ /^(completed\.|_)/')" ]
}
