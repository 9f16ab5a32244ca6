# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Look-ups on node-a through libc, in a mount namespace where /etc and /run are those of the test: the module is
# installed, and the table of the test is at the directory for unprivileged users.

# Call in setup_more. node-a has a table with a long expiry and without a sweeper: tests add entries, and they do not
# expire.
nss_setup() {
	lan node-a "$@"
	mkdir "$T/etc"
	echo 'hosts: files rollcall' >"$T/etc/nsswitch.conf"
	echo '127.0.0.1 localhost' >"$T/etc/hosts"
	READERS_DIR=/run/rollcall
	attach_on node-a --expiry 10h
	stop loader-node-a KILL || :
	IFINDEX=$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')
	# a module with AddressSanitizer requires its library first in every process; leaks of those processes are
	# ignored
	SANITIZER=$(sanitizer)
}

peer() { command peer "$ROLLCALL_PIN_DIR" "$@"; }

# know NAME ADDRESS [IFINDEX [SPAN]]: add an entry to the table
know() { peer add "$1" "$2" "${3:-$IFINDEX}" "${@:4}"; }

asking='mount --bind "$1" /etc && mount -t tmpfs none /sys/fs/bpf && mount -t tmpfs -o mode=755 none /run &&
	mkdir -p "$3" && { [ ! -d "$2" ] || mount --bind "$2" "$3"; } && mkdir /run/lib &&
	cp "$4/libnss_rollcall.so.2" /run/lib && export LD_LIBRARY_PATH=/run/lib && shift 4 && exec "$@"'

# asking CMD...: run CMD in that mount namespace; TABLE is another directory than the table of the test
asking() {
	on node-a unshare --mount sh -c "$asking" - "$T/etc" "${TABLE:-$ROLLCALL_PIN_DIR}" "$READERS_DIR" "$BUILD" "$@"
}

# ask DATABASE KEY: run getent
ask() { asking "${UNDER[@]}" env LD_PRELOAD="$SANITIZER" ASAN_OPTIONS=detect_leaks=0 getent "$@"; }

# addresses NAME [DATABASE]: print the addresses of getaddrinfo, sorted
addresses() { ask "${2:-ahosts}" "$1" | awk '{ print $1 }' | sort -u | paste -sd' '; }

# scoped NAME: the same with scopes, which getent does not print
scoped() { asking "${UNDER[@]}" resolve "$1" | sort | paste -sd' '; }

absent() {
	run --separate-stderr ask "$@"
	[ "$status" -eq 2 ] && [ -z "$output$stderr" ]
}

# call MODE FUNCTION WHAT: run nss_call, and print its output as one line
call() { asking "${UNDER[@]}" nss_call "$@" | paste -sd' '; }

# nss_mixed: the table of node-a is replaced by a mixed one
nss_mixed() {
	(umask 077 && echo '1:AAECAwQFBgcICQoLDA0ODw==' >"$T/key")
	attach_on node-a --expiry 10h --replace --key "$T/key" --accept-unsealed
	stop loader-node-a KILL || :
}

# nss_shadows: in a mixed table entries without a seal neither add addresses to a host with sealed ones, nor give it
# the names of other addresses
nss_shadows() {
	know node-b 10.77.0.7
	[ "$(addresses node-b)" = 10.77.0.7 ]
	[ "$(ask hosts 10.77.0.7 | awk '{ print $2 }')" = node-b ]
	know node-b 2001:db8::7
	peer flag node-b 1
	know node-b 10.77.0.8
	[ "$(addresses node-b)" = 2001:db8::7 ]
	absent hosts 10.77.0.8
	[ "$(ask hosts 2001:db8::7 | awk '{ print $2 }')" = node-b ]
	know other 10.77.0.8 "$IFINDEX" 1m
	peer flag other 1
	[ "$(ask hosts 10.77.0.8 | awk '{ print $2 }')" = other ]
	# of several names of one address, the last one with a seal
	know plain 10.77.0.8
	[ "$(ask hosts 10.77.0.8 | awk '{ print $2 }')" = other ]
	know another 10.77.0.8 "$IFINDEX" 30s
	peer flag another 1
	[ "$(ask hosts 10.77.0.8 | awk '{ print $2 }')" = another ]
}

# nss_sealed_only: with the setting, entries without a seal are not answered
nss_sealed_only() {
	local conf
	mkdir "$T/etc/rollcall"
	know node-b 10.77.0.7
	for conf in 'sealed-only no' 'dots no' '#sealed-only yes' $'sealed-only yes\nsealed-only no' $'sealed-only=no\r' \
		' Sealed_Only = no # for now' "sealed-only no$(printf '%1010s')"; do
		printf '%s' "$conf" >"$T/etc/rollcall/nss.conf"
		[ "$(addresses node-b)" = 10.77.0.7 ]
	done
	for conf in 'sealed-only yes' $' sealed-only\tyes # in front of dns' $'dots yes\nsealed-only yes\n' \
		'sealed-only true' 'Sealed-Only YES' 'sealed-only=yes' 'sealed-only' 'sealed_only yes' 'sealed-only yes please' \
		'sealed-only no thanks' 'sealed-only No' $'\xef\xbb\xbfsealed-only yes' $'dots no\rsealed-only yes' \
		"sealed-only no$(printf '%1011s')"; do
		printf '%s' "$conf" >"$T/etc/rollcall/nss.conf"
		absent ahosts node-b
		absent hosts 10.77.0.7
	done
	printf 'sealed-only no\n\0\nsealed-only yes\n' >"$T/etc/rollcall/nss.conf"
	absent ahosts node-b
}
