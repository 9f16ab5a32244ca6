#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Look-ups of entries with and without a seal, through libc.

load helper
load nss

setup_more() { nss_setup; }

@test "only sealed entries are answered if nss.conf requires it" { nss_sealed_only; }

@test "if nss.conf requires it, sealed entries are answered among others without a seal, by name and by address" {
	nss_mixed
	mkdir "$T/etc/rollcall"
	echo 'sealed-only yes' >"$T/etc/rollcall/nss.conf"
	know sealed 10.77.0.7 "$IFINDEX" 1m
	peer flag sealed 1
	know plain 10.77.0.7
	[ "$(addresses sealed)" = 10.77.0.7 ]
	absent ahosts plain
	[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = sealed ]
	peer remove sealed
	absent hosts 10.77.0.7
	rm "$T/etc/rollcall/nss.conf"
	[ "$(addresses plain)" = 10.77.0.7 ]
	[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = plain ]
}

@test "in front of another service, an entry without a seal does not win if nss.conf requires one" {
	mkdir "$T/etc/rollcall"
	echo 'sealed-only yes' >"$T/etc/rollcall/nss.conf"
	echo 'hosts: rollcall files' >"$T/etc/nsswitch.conf"
	echo '10.1.1.1 server' >>"$T/etc/hosts"
	know server 10.77.0.7
	[ "$(addresses server)" = 10.1.1.1 ]
	peer flag server 1
	[ "$(addresses server)" = 10.77.0.7 ]
}

@test "if nss.conf cannot be read, only sealed entries are answered" {
	know plain 10.77.0.7
	know sealed 10.77.0.8
	peer flag sealed 1
	mkdir -p "$T/etc/rollcall/nss.conf"
	absent ahosts plain
	[ "$(addresses sealed)" = 10.77.0.8 ]
	rmdir "$T/etc/rollcall/nss.conf"
	(umask 077 && echo 'sealed-only no' >"$T/etc/rollcall/nss.conf")
	UNDER=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	chmod 755 "$ROLLCALL_PIN_DIR"
	chmod 444 "$ROLLCALL_PIN_DIR"/{peers,settings,interfaces}
	absent ahosts plain
	[ "$(addresses sealed)" = 10.77.0.8 ]
	# nor if it is not known whether there is a file
	rm "$T/etc/rollcall/nss.conf"
	[ "$(addresses plain)" = 10.77.0.7 ]
	chmod 700 "$T/etc/rollcall"
	absent ahosts plain
	[ "$(addresses sealed)" = 10.77.0.8 ]
}

@test "entries without a seal do not add to a host with sealed ones, nor take its addresses" {
	nss_mixed
	nss_shadows
}
