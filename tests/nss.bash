# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Look-ups on node-a by whatever asks libc, in a mount namespace where /etc and /run are the test's: the
# module is there, and the test's table where readers look for it.

# Call in setup_more. node-a has a table of long expiry and nobody sweeps it, so that tests enter
# peers, and take as long as they like.
nss_setup() {
	lan node-a "$@"
	mkdir "$T/etc"
	echo 'hosts: files rollcall' >"$T/etc/nsswitch.conf"
	echo '127.0.0.1 localhost' >"$T/etc/hosts"
	READERS_DIR=/run/rollcall
	attach_on node-a --expiry 10h
	stop loader-node-a KILL || :
	IFINDEX=$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')
	# a module under AddressSanitizer wants it first in every process; what that leaks is not ours
	SANITIZER=$(sanitizer)
}

peer() { command peer "$ROLLCALL_PIN_DIR" "$@"; }

# know NAME ADDRESS [IFINDEX [SPAN]]: an entry of the table
know() { peer add "$1" "$2" "${3:-$IFINDEX}" "${@:4}"; }

asking='mount --bind "$1" /etc && mount -t tmpfs none /sys/fs/bpf && mount -t tmpfs -o mode=755 none /run &&
	mkdir -p "$3" && { [ ! -d "$2" ] || mount --bind "$2" "$3"; } && mkdir /run/lib &&
	cp "$4/libnss_rollcall.so.2" /run/lib && export LD_LIBRARY_PATH=/run/lib && shift 4 && exec "$@"'

# asking CMD...: CMD there; TABLE: a directory instead of the test's table
asking() {
	on node-a unshare --mount sh -c "$asking" - "$T/etc" "${TABLE:-$ROLLCALL_PIN_DIR}" "$READERS_DIR" "$BUILD" "$@"
}

# ask DATABASE KEY: what getent says
ask() { asking "${UNDER[@]}" env LD_PRELOAD="$SANITIZER" ASAN_OPTIONS=detect_leaks=0 getent "$@"; }

# addresses NAME [DATABASE]: those that getaddrinfo gives, sorted
addresses() { ask "${2:-ahosts}" "$1" | awk '{ print $1 }' | sort -u | paste -sd' '; }

# the same with the scopes, which getent does not show
scoped() { asking "${UNDER[@]}" resolve "$1" | sort | paste -sd' '; }

absent() {
	run --separate-stderr ask "$@"
	[ "$status" -eq 2 ] && [ -z "$output$stderr" ]
}

# call MODE FUNCTION WHAT: nss_call there, its lines one
call() { asking "${UNDER[@]}" nss_call "$@" | paste -sd' '; }
