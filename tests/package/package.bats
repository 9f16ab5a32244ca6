#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# make test-package: the Debian packages are installed, used, run by systemd, and purged, in a separate minimal Debian.
#
# Debian is unpacked once, below $BATS_FILE_TMPDIR/disk, and not changed: each root is an overlay of it.

load ../helper

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

apt_in() { in_root "$1" apt-get -qq -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 "${@:2}" >"$DISK/log" 2>&1 || { cat "$DISK/log"; false; }; }

install_in() {
	local debs=("$DISK"/debs/*.deb)
	apt_in "$1" install --no-install-recommends "${debs[@]/#"$DISK/debs"//mnt}"
}

# files_in ROOT: list all files, without the caches, lists and logs of apt
files_in() { (cd "$1" && find . -xdev -path ./var/cache -prune -o -path ./var/log -prune -o -path ./var/lib/apt -prune -o -print | sort); }

hosts_line() { grep '^hosts:' "$1/etc/nsswitch.conf"; }

@test "lintian finds no error in the packages, and nothing to warn of" {
	run lintian --allow-root --fail-on error,warning "$BUILD"/deb/*.changes
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the packages have the version that the program prints" {
	local version
	version=$(in_root "$INSTALLED" rollcall --version)
	[ "$version" = "rollcall $(dpkg-deb -f "$DISK"/debs/rollcall_*.deb Version)" ]
	[ -z "$(in_root "$INSTALLED" dpkg --verify rollcall rollcall-announce libnss-rollcall)" ]
}

@test "every file of the packages is in a directory that Debian has for it" {
	run ! grep -vE '^/(\.|etc/rollcall|usr/(sbin/rollcall|sbin/rollcall-announce|lib/systemd/system/.*|lib/[a-z0-9_-]+-linux-gnu[a-z0-9]*/(rollcall|rollcall/.*\.bpf\.o|libnss_rollcall\.so\.2)|share/(man/man[78]|doc|lintian|bash-completion|fish|zsh)/.*))$' \
		<(in_root "$INSTALLED" dpkg -L rollcall rollcall-announce libnss-rollcall | while read -r file; do [ -d "$INSTALLED$file" ] || echo "$file"; done)
}

@test "man pages are installed and read well" {
	local page
	for page in "$TOP"/docs/*.[1-8]; do
		page=${page##*/}
		gzip -dc "$INSTALLED/usr/share/man/man${page##*.}/$page.gz" | mandoc -Tutf8 | sed 's/.\x08//g' >"$T/page"
		grep -q "^NAME$" "$T/page"
		grep -q "${page%.*}" "$T/page"
	done
}

@test "completion is in the directories that the shells read" {
	bash -n "$INSTALLED/usr/share/bash-completion/completions/rollcall"
	[ -s "$INSTALLED/usr/share/fish/vendor_completions.d/rollcall.fish" ]
	[ -s "$INSTALLED/usr/share/zsh/vendor-completions/_rollcall" ]
	bash -n "$INSTALLED/usr/share/bash-completion/completions/rollcall-announce"
	[ -s "$INSTALLED/usr/share/fish/vendor_completions.d/rollcall-announce.fish" ]
	[ -s "$INSTALLED/usr/share/zsh/vendor-completions/_rollcall-announce" ]
}

@test "systemd-analyze has no finding for the installed units" {
	local unit units=0
	for unit in "$INSTALLED"/usr/lib/systemd/system/{*rollcall*.service,run-rollcall.mount}; do
		run in_root "$INSTALLED" systemd-analyze verify --man=no "${unit#"$INSTALLED"}"
		echo "$unit: $output"
		[ "$status" -eq 0 ] && [ -z "$output" ]
		units=$((units + 1))
	done
	[ "$units" -eq 4 ]
}

@test "rollcall-announce is installed without rollcall: it requires only libc, announces, and is purged" {
	new_root "$DISK/base" "$ROOT"
	files_in "$ROOT" >"$T/before"
	in_root "$ROOT" dpkg-query -W -f '${Package}\n' | sort >"$T/packages"
	apt_in "$ROOT" install --no-install-recommends "/mnt/$(cd "$DISK/debs" && echo rollcall-announce_*.deb)"
	diff <(echo rollcall-announce) <(in_root "$ROOT" dpkg-query -W -f '${Package}\n' | sort | comm -13 "$T/packages" -)
	[[ $(dpkg-deb -f "$DISK"/debs/rollcall-announce_*.deb Depends) =~ ^libc6\ \([^,|]*\)$ ]]
	[ "$(stat -c %s "$ROOT/usr/sbin/rollcall-announce")" -le 100000 ]
	lan node-a node-b
	attach_on node-a
	chroot_on node-b rollcall-announce eth0 --count 1 --hostname small
	await lists small
	[ -f "$ROOT/usr/lib/systemd/system/rollcall-announce.service" ]
	in_root "$ROOT" systemctl enable rollcall-announce
	echo 'ANNOUNCE_OPTIONS="--hostname small"' >"$ROOT/etc/rollcall/announce.conf"
	apt_in "$ROOT" purge rollcall-announce
	diff "$T/before" <(files_in "$ROOT")
}

@test "the configuration stays as long as one of both packages is there" {
	new_root "$INSTALLED" "$ROOT"
	echo OPTIONS= >"$ROOT/etc/rollcall/eth0.conf"
	apt_in "$ROOT" purge rollcall
	[ -x "$ROOT/usr/sbin/rollcall-announce" ]
	[ -s "$ROOT/etc/rollcall/eth0.conf" ]
	apt_in "$ROOT" purge rollcall-announce
	[ ! -e "$ROOT/etc/rollcall" ]
}

@test "the example of the development package is built with only pkg-config, and reads the table" {
	local sysroot=$T/sysroot flags
	dpkg-deb -x "$BUILD"/deb/librollcall-dev_*.deb "$sysroot"
	flags=$(PKG_CONFIG_SYSROOT_DIR=$sysroot PKG_CONFIG_LIBDIR=$(echo "$sysroot"/usr/lib/*/pkgconfig) \
		pkg-config --cflags --libs rollcall)
	# apart from this tree's headers
	(cd "$T" && gcc -Wall -Werror "$sysroot/usr/share/doc/librollcall-dev/examples/peers.c" $flags -o "$T/example")
	unset ROLLCALL_PIN_DIR
	default_pins
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	"$T/example" | grep -q node-b
}

# default_pins: mount the BPF file system of the test at the default path
default_pins() {
	unset ROLLCALL_PIN_DIR
	mount --bind "$T/bpf" /sys/fs/bpf
	UNMOUNT=/sys/fs/bpf
}

# chroot_on HOST CMD...: run CMD in $ROOT, on HOST
chroot_on() { on "$1" chroot "$ROOT" "${@:2}"; }

as_nobody() { chroot_on node-a setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }

nobody_lists() { as_nobody rollcall peers "$1" | grep -q "^$1 "; }

@test "without a service manager the installed program attaches, announces and lists, and the module resolves" {
	new_root "$INSTALLED" "$ROOT"
	lan node-a node-b
	on node-a mount -t sysfs sysfs "$ROOT/sys"
	mount -t bpf -o mode=700 bpf "$ROOT/sys/fs/bpf"
	mount -t proc proc "$ROOT/proc"
	start listener on node-b listener eth0
	await has_line listener listening
	unset ROLLCALL_PIN_DIR
	start loader on node-a chroot "$ROOT" rollcall attach eth0 --announce
	await has_line listener ': multitastic:node-a$'
	start announcer on node-b chroot "$ROOT" rollcall announce eth0
	await nobody_lists node-b
	[ "$(as_nobody rollcall get node-b)" = 10.77.0.2 ]
	[ "$(as_nobody getent ahostsv4 node-b | awk '{ print $1 }' | sort -u)" = 10.77.0.2 ]
	[ "$(chroot_on node-a getent hosts 10.77.0.2 | awk '{ print $2 }')" = node-b ]
	run chroot_on node-a getent hosts node-c
	[ "$status" -eq 2 ]
	stop announcer
	stop loader
	[ "$(ls -A "$ROOT/sys/fs/bpf" | grep -cv '\.debug$')" -eq 0 ]
	export ROLLCALL_PIN_DIR=$T/bpf/rollcall
}

# script postinst|prerm ARG...: run that script of the package of the NSS module, in $ROOT
script() {
	local path=("$ROOT"/var/lib/dpkg/info/libnss-rollcall*."$1")
	in_root "$ROOT" "${path#"$ROOT"}" "${@:2}"
}

@test "the module is entered after dns or before resolve, keeps what users wrote, and is removed wherever it is" {
	local before entered taken conf=$ROOT/etc/nsswitch.conf
	new_root "$INSTALLED" "$ROOT"
	grep -q 'hosts:  *files dns rollcall' <(hosts_line "$INSTALLED")
	while IFS='|' read -r before entered taken; do
		echo "$before" | tee "$conf"
		script postinst configure ''
		[ "$(cat "$conf")" = "$entered" ]
		script prerm remove
		[ "$(cat "$conf")" = "${taken:-$before}" ]
	done <<-'END'
		hosts:          files dns|hosts:          files dns rollcall
		hosts: files|hosts: files rollcall
		hosts: files mdns4_minimal [NOTFOUND=return] dns|hosts: files mdns4_minimal [NOTFOUND=return] dns rollcall
		hosts: files dns [NOTFOUND=continue] wins|hosts: files dns [NOTFOUND=continue] rollcall wins
		hosts: files mymachines resolve [!UNAVAIL=return] dns|hosts: files mymachines rollcall resolve [!UNAVAIL=return] dns
		hosts: files rollcall dns|hosts: files rollcall dns|hosts: files dns
		hosts: files rollcall [NOTFOUND=return] dns|hosts: files rollcall [NOTFOUND=return] dns|hosts: files dns
		hosts: dns|hosts: dns rollcall
		passwd: files|passwd: files
	END
	# an administrator removed it: an upgrade does not add it again
	echo 'hosts: files dns' >"$conf"
	script postinst configure 0.0.9
	[ "$(cat "$conf")" = 'hosts: files dns' ]
	rm "$conf"
	script postinst configure ''
	script prerm remove
	[ ! -e "$conf" ]
}

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

@test "systemd: an unprivileged user lists, restarts and a crash lose no peer, and a stop removes everything" {
	local before first pid way
	lan node-a node-b
	before=$(state_of node-a)
	start listener on node-b listener eth0
	await has_line listener listening
	boot_on node-a
	echo 'OPTIONS="--announce --max-peers 99"' >"$ROOT/etc/rollcall/eth0.conf"
	inside systemctl enable rollcall@eth0
	start_unit rollcall@eth0
	# READY=1 was sent, so the filter is attached
	[ "$(inside rollcall status -j | jq -r '.interfaces[0].mode')" = tcx ]
	await has_line listener ': multitastic:node-a$'
	announce_from node-b
	await inside_lists node-b
	[ "$(inside_nobody getent ahostsv4 node-b | awk '{ print $1 }' | sort -u)" = 10.77.0.2 ]
	first=$(first_seen)
	for way in 'systemctl restart rollcall@eth0' 'systemctl kill -s KILL rollcall@eth0' upgrade; do
		pid=$(main_pid rollcall@eth0)
		if [ "$way" = upgrade ]; then
			cp "$DISK"/debs/rollcall_*.deb "$ROOT/tmp"
			inside sh -c 'dpkg -i /tmp/rollcall_*.deb'
		else
			inside $way
		fi
		await restarted rollcall@eth0 "$pid"
		[ "$(first_seen)" = "$first" ]
	done
	announce_from node-b
	inside_nobody rollcall get node-b
	[ "$(first_seen)" = "$first" ]
	inside systemctl stop rollcall@eth0
	inside sh -c '! test -e /sys/fs/bpf/rollcall && mountpoint -q /run/rollcall'
	[ "$(state_of node-a)" = "$before" ]
	run ! inside systemctl is-failed rollcall@eth0
	# no messages apart from those of the start, also none of libraries
	inside journalctl --no-pager -o cat -u rollcall@eth0 >"$T/journal"
	run grep -E 'rollcall: |libcap-ng' <(grep -vE 'rollcall: (eth0: attached|announcing node-a every) ' "$T/journal")
	[ -z "$output" ]
}

# scanned N: the loader has scanned the table more than N times
scanned() { [ "$(inside rollcall metrics | sed -n 's/^rollcall_sweeps_total //p')" -gt "$1" ]; }

@test "systemd: what a loader that was started by hand has mounted is not unmounted under it" {
	lan node-a node-b
	boot_on node-a
	inside sh -c 'rollcall attach eth0 --expiry 2s >/tmp/loader.out 2>&1 & echo $! >/tmp/loader.pid'
	await inside mountpoint -q /run/rollcall
	await inside systemctl is-active run-rollcall.mount
	[ "$(inside systemctl show -P StopWhenUnneeded run-rollcall.mount)" = no ]
	# some seconds, in which systemd would unmount it if StopWhenUnneeded were set
	await scanned 3
	inside mountpoint -q /run/rollcall
	inside_nobody rollcall status | grep -q eth0
	inside sh -c 'kill $(cat /tmp/loader.pid)'
	await inside sh -c '! test -e /sys/fs/bpf/rollcall'
	inside mountpoint -q /run/rollcall
	fails_with 1 "no table" inside rollcall detach --all
	inside sh -c '! mountpoint -q /run/rollcall'
	# and the unit mounts it again
	start_unit rollcall@eth0
	inside_nobody rollcall status | grep -q eth0
	inside systemctl stop rollcall@eth0
}

JOURNAL=(systemd-journald.socket systemd-journald-dev-log.socket systemd-journald.service)

@test "systemd: a loader outlives journald, which takes its output away, and so do filter and table" {
	local pid way
	lan node-a node-b
	boot_on node-a
	start_unit rollcall@eth0
	pid=$(main_pid rollcall@eth0)
	for way in stop start; do
		inside systemctl "$way" "${JOURNAL[@]}"
		announce_from node-b --hostname "at-$way"
		await inside_lists "at-$way"
		[ "$(main_pid rollcall@eth0)" = "$pid" ]
		[ "$(inside rollcall status -j | jq '.interfaces[0].loader')" = "$pid" ]
		inside systemctl is-active -q rollcall@eth0
	done
	inside systemctl stop rollcall@eth0
	inside sh -c '! test -e /sys/fs/bpf/rollcall'
	run ! inside systemctl is-failed rollcall@eth0
}

@test "systemd: removing the package stops its units and takes the filter off" {
	local before
	lan node-a node-b
	before=$(state_of node-a)
	boot_on node-a
	start_unit rollcall@eth0
	inside apt-get -qq -o Dpkg::Use-Pty=0 remove rollcall >"$T/removal" 2>&1
	[ "$(state_of node-a)" = "$before" ]
	inside sh -c '! test -e /sys/fs/bpf/rollcall && ! mountpoint -q /run/rollcall'
}

@test "systemd: an interface that is not there yet is waited for" {
	lan node-a node-b
	boot_on node-a
	inside systemctl start --no-block rollcall@eth7
	await inside sh -c 'journalctl -u rollcall@eth7 | grep -q "no interface .eth7."'
	ip -n "$ID-node-a" link add eth7 type veth peer name peer7
	ip -n "$ID-node-a" link set eth7 up
	await inside systemctl is-active rollcall@eth7
	inside rollcall status | grep -q '^eth7: '
}

@test "systemd: the announcer announces on every suitable interface, as an unprivileged user without a capability" {
	local pid
	lan node-a node-b
	boot_on node-a
	start listener on node-b listener eth0
	await has_line listener listening
	echo 'ANNOUNCE_OPTIONS="--hostname called-so"' >"$ROOT/etc/rollcall/announce.conf"
	start_unit rollcall-announce
	await has_line listener ': multitastic:called-so$'
	pid=$(main_pid rollcall-announce)
	[ "$(inside awk '$1 == "CapEff:" { print $2 }' "/proc/$pid/status")" = 0000000000000000 ]
	[ "$(inside awk '$1 == "Uid:" { print ($2 > 60000) }' "/proc/$pid/status")" = 1 ]
}

hook_said() { inside journalctl --no-pager -o cat -u rollcall-hook | grep -qx "$1"; }

@test "systemd: the hook runs for each event, unprivileged, in either order of start" {
	lan node-a node-b
	boot_on node-a
	inside systemctl start rollcall-hook # /etc/rollcall/hook does not exist yet, so the unit does not start
	run ! inside systemctl is-active -q rollcall-hook
	printf '%s\n' '#!/bin/sh' 'echo "$ROLLCALL_EVENT $ROLLCALL_NAME $ROLLCALL_ADDRESS, $(id -u | wc -c)"' >"$ROOT/etc/rollcall/hook"
	chmod 755 "$ROOT/etc/rollcall/hook"
	start_unit rollcall-hook
	start_unit rollcall@eth0
	announce_from node-b --hostname early
	await hook_said 'join early 10.77.0.2, 6' # an id of five digits
	inside systemctl restart rollcall-hook
	announce_from node-b --hostname late
	await hook_said 'join late 10.77.0.2, 6'
	inside systemctl stop rollcall@eth0
	await hook_said 'leave late 10.77.0.2, 6'
	inside systemctl is-active -q rollcall-hook
}

@test "what is purged leaves nothing behind, and nsswitch.conf as it was" {
	new_root "$DISK/base" "$ROOT"
	files_in "$ROOT" >"$T/before"
	cp "$ROOT/etc/nsswitch.conf" "$T/nsswitch.conf"
	install_in "$ROOT"
	run ! cmp "$T/nsswitch.conf" "$ROOT/etc/nsswitch.conf"
	in_root "$ROOT" systemctl enable rollcall@eth0 rollcall-announce rollcall-hook
	echo 'OPTIONS=--announce' >"$ROOT/etc/rollcall/eth0.conf"
	[ "$(diff "$T/before" <(files_in "$ROOT") | grep -c '^>')" -gt 20 ]
	apt_in "$ROOT" purge rollcall rollcall-announce libnss-rollcall
	apt_in "$ROOT" autoremove --purge
	diff "$T/before" <(files_in "$ROOT")
	cmp "$T/nsswitch.conf" "$ROOT/etc/nsswitch.conf"
}
