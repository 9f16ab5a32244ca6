#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# make test-package: the Debian packages are installed, used and purged, in a separate minimal Debian.

load ../helper
load installed

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
	run ! grep -vE '^/(\.|etc/rollcall|usr/(bin/rollcall|sbin/rollcall|sbin/rollcall-announce|sbin/rollcall-serve|lib/systemd/system/.*|lib/[a-z0-9_-]+-linux-gnu[a-z0-9]*/(rollcall|rollcall/.*\.bpf\.o|libnss_rollcall\.so\.2)|share/(man/man[78]|doc|lintian|bash-completion|fish|zsh)/.*))$' \
		<(in_root "$INSTALLED" dpkg -L rollcall rollcall-announce libnss-rollcall | while read -r file; do [ -d "$INSTALLED$file" ] || echo "$file"; done)
}

@test "an unprivileged user has the program in the PATH that Debian sets" {
	[ "$(readlink "$INSTALLED/usr/bin/rollcall")" = ../sbin/rollcall ]
	[ "$(in_root "$INSTALLED" su nobody -s /bin/sh -c 'exec env -i PATH=/usr/local/bin:/usr/bin:/bin rollcall --version')" = \
		"$(in_root "$INSTALLED" rollcall --version)" ]
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
	for unit in "$INSTALLED"/usr/lib/systemd/system/{*rollcall*.service,*rollcall*.socket,run-rollcall.mount}; do
		run in_root "$INSTALLED" systemd-analyze verify --man=no "${unit#"$INSTALLED"}"
		echo "$unit: $output"
		[ "$status" -eq 0 ] && [ -z "$output" ]
		units=$((units + 1))
	done
	[ "$units" -eq 7 ]
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

@test "what is purged leaves nothing behind, and nsswitch.conf as it was" {
	new_root "$DISK/base" "$ROOT"
	files_in "$ROOT" >"$T/before"
	cp "$ROOT/etc/nsswitch.conf" "$T/nsswitch.conf"
	install_in "$ROOT"
	run ! cmp "$T/nsswitch.conf" "$ROOT/etc/nsswitch.conf"
	in_root "$ROOT" systemctl enable rollcall@eth0 rollcall-announce rollcall-hook rollcall-record
	echo 'OPTIONS=--announce' >"$ROOT/etc/rollcall/eth0.conf"
	[ "$(diff "$T/before" <(files_in "$ROOT") | grep -c '^>')" -gt 20 ]
	apt_in "$ROOT" purge rollcall rollcall-announce libnss-rollcall
	apt_in "$ROOT" autoremove --purge
	diff "$T/before" <(files_in "$ROOT")
	cmp "$T/nsswitch.conf" "$ROOT/etc/nsswitch.conf"
}
