# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Runs rollcall as a user other than root with some capabilities, as a systemd unit does. Pins and program are mounted
# where the user nobody can read them, because the path of this tree may not be readable.

# Call in setup_more.
caps_setup() {
	chown 65534:65534 "$T/bpf"
	ROLLCALL=$(type -P rollcall)
	PEER=$(type -P peer)
	# readers reject the pins of another user, also as root
	rollcall() { as_owner "$ROLLCALL" "$@"; }
	peer() { as_owner "$PEER" "$@"; }
}

# as_owner CMD...: run CMD as the owner of the pins, with the capabilities that a reader may require
as_owner() {
	local caps=+bpf,+perfmon,+net_admin,+sys_admin,+dac_override,+dac_read_search
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="$caps" --ambient-caps="$caps" "$@"
}

# with_caps CAPABILITY...: set WITH_CAPS to the words before a rollcall command on node-a that runs as nobody with only
# these capabilities. BOUNDS is the bounding set, if it differs.
with_caps() {
	local caps
	caps=-all$(printf ',+%s' "$@")
	WITH_CAPS=(unshare --mount sh -c 'mount -t tmpfs rollcall /mnt && mkdir /mnt/pins && mount --bind "$1" /mnt/pins &&
		install -m 755 "$2" /mnt/rollcall && shift 2 && exec "$@"' - "$T/bpf" "$ROLLCALL"
		setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set="${BOUNDS:-$caps}" --inh-caps="$caps"
		--ambient-caps="$caps" env ROLLCALL_PIN_DIR=/mnt/pins/rollcall /mnt/rollcall)
}

as_nobody() { on node-a "${WITH_CAPS[@]}" "$@"; }
