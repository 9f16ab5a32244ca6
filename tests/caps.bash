# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rollcall as a user who is not root and has some capabilities, as a systemd unit gives them. Pins and
# program are where the user nobody can reach them, wherever this tree lies.

# Call in setup_more.
caps_setup() {
	chown 65534:65534 "$T/bpf"
	ROLLCALL=$(type -P rollcall)
	PEER=$(type -P peer)
	# root does not read the pins of another user
	rollcall() { as_owner "$ROLLCALL" "$@"; }
	peer() { as_owner "$PEER" "$@"; }
}

# as_owner CMD...: as the user who owns the pins, but with what a reader may need of root's capabilities
as_owner() {
	local caps=+bpf,+perfmon,+net_admin,+sys_admin,+dac_override,+dac_read_search
	setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps="$caps" --ambient-caps="$caps" "$@"
}

# Fills WITH_CAPS: the words in front of a rollcall command on node-a that runs as nobody, with
# these capabilities alone; BOUNDS: the bounding set, if it is to be another.
with_caps() {
	local caps
	caps=-all$(printf ',+%s' "$@")
	WITH_CAPS=(unshare --mount sh -c 'mount -t tmpfs rollcall /mnt && mkdir /mnt/pins && mount --bind "$1" /mnt/pins &&
		install -m 755 "$2" /mnt/rollcall && shift 2 && exec "$@"' - "$T/bpf" "$ROLLCALL"
		setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set="${BOUNDS:-$caps}" --inh-caps="$caps"
		--ambient-caps="$caps" env ROLLCALL_PIN_DIR=/mnt/pins/rollcall /mnt/rollcall)
}

as_nobody() { on node-a "${WITH_CAPS[@]}" "$@"; }
