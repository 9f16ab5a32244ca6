# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The Debian packages, installed in a separate minimal Debian: for the suites of 'make test-package'. Debian is unpacked
# once per suite, below $BATS_FILE_TMPDIR/disk, and not changed: each root is an overlay of it.

setup_file() {
	export DISK=$BATS_FILE_TMPDIR/disk CANNOT=
	export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
	mkdir "$DISK"
	mount -t tmpfs package "$DISK"
	mkdir "$DISK/base" "$DISK/debs" "$BATS_FILE_TMPDIR/installed"
	if ! "$TOP/tests/package/base" "$DISK/base" >"$DISK/log" 2>&1; then
		CANNOT="no Debian to install into: $(tail -n 1 "$DISK/log")"
		return
	fi
	mkdir -p "$BUILD/package/archives/partial" # downloaded once
	cp "$BUILD"/deb/{rollcall,rollcall-announce,libnss-rollcall}_*.deb "$DISK/debs"
	new_root "$DISK/base" "$BATS_FILE_TMPDIR/installed"
	install_in "$BATS_FILE_TMPDIR/installed"
}

teardown_file() {
	if mountpoint -q "$BATS_FILE_TMPDIR/installed"; then umount -R "$BATS_FILE_TMPDIR/installed"; fi
	umount -R "$DISK"
}

setup_more() {
	[ -z "$CANNOT" ] || skip "$CANNOT"
	INSTALLED=$BATS_FILE_TMPDIR/installed
	ROOT=$T/root
	mkdir "$ROOT"
}

teardown_more() {
	if mountpoint -q "$T/root"; then umount -R "$T/root"; fi
	if mountpoint -q "$T/cgroup"; then
		await empty_cgroup
		umount "$T/cgroup"
	fi
}

# new_root LOWER WHERE: mount a writable copy of LOWER at WHERE
new_root() {
	local own
	own=$(mktemp -d -p "$DISK")
	mkdir "$own/upper" "$own/work"
	mount -t overlay -o "lowerdir=$1,upperdir=$own/upper,workdir=$own/work" overlay "$2"
	mount --bind "$BUILD/package/archives" "$2/var/cache/apt/archives"
}

# in_root ROOT CMD...: run CMD in ROOT, with the mounts that the tools of Debian require
in_root() {
	local root=$1
	shift
	unshare --mount --pid --fork --kill-child bash -c '
		mount -t proc proc "$1/proc" && mount --bind "$2" "$1/mnt" && exec chroot "$1" "${@:3}"
	' - "$root" "$DISK/debs" "$@"
}

# Two suites use the directory of the archives at the same time. All archives were downloaded before, so it is not locked.
apt_in() { in_root "$1" apt-get -qq -o Debug::NoLocking=1 -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 "${@:2}" >"$DISK/log" 2>&1 || { cat "$DISK/log"; false; }; }

install_in() {
	local debs=("$DISK"/debs/*.deb)
	apt_in "$1" install --no-install-recommends "${debs[@]/#"$DISK/debs"//mnt}"
}

# files_in ROOT: list all files, without /run, and the caches, lists and logs of apt
files_in() { (cd "$1" && find . -xdev -path ./run -prune -o -path ./var/cache -prune -o -path ./var/log -prune -o -path ./var/lib/apt -prune -o -print | sort); }

hosts_line() { grep '^hosts:' "$1/etc/nsswitch.conf"; }

# inside CMD...: run CMD as root in the namespaces of systemd
inside() { nsenter --target "$INIT" --mount --pid --uts --ipc --net --cgroup --root -- env -u ROLLCALL_PIN_DIR "$@"; }
inside_nobody() { inside setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }

empty_cgroup() { find "$T/cgroup/$ID" -depth -type d -exec rmdir {} + 2>/dev/null; [ ! -e "$T/cgroup/$ID" ]; }

is_up() {
	INIT=$(ps -o pid= --ppid "${PIDS[boot]}") && inside systemctl is-active -q basic.target
}

# boot_on HOST: boot the installed Debian with systemd, in the network namespace of HOST
boot_on() {
	new_root "$INSTALLED" "$ROOT"
	echo "$1" >"$ROOT/etc/hostname"
	mkdir "$T/cgroup"
	mount -t cgroup2 cgroup "$T/cgroup"
	mkdir "$T/cgroup/$ID"
	start boot on "$1" "$TOP/tests/package/boot" "$ROOT" "$T/cgroup/$ID"
	await is_up
}

main_pid() { inside systemctl show -P MainPID "$1"; }
inside_lists() { inside_nobody rollcall get "$1"; }
first_seen() { inside_nobody rollcall peers -j node-b | jq -r '.[] | select(.family == 4).first_seen'; }
heard() { inside_nobody rollcall peers -j node-b | jq '[.[].announcements] | add'; }
# restarted UNIT PID: UNIT is active, with another pid than PID
restarted() { inside systemctl is-active -q "$1" && [ "$(main_pid "$1")" -gt 0 ] && [ "$(main_pid "$1")" != "$2" ]; }

start_unit() {
	# print the journal if it fails
	inside systemctl start "$1" || { inside journalctl --no-pager -u "$1"; return 1; }
}
