#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# librollcall as other programs use it: installed, by its header and its pkg-config file.

load helper

# make without the variables of the make that runs these tests; the build exists already
make() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$TOP" --no-print-directory BUILD="$BUILD" "$@"; }

install_library() {
	make -s install PREFIX="$T/usr" >/dev/null
	export PKG_CONFIG_PATH=$T/usr/lib/pkgconfig
	# a library with AddressSanitizer requires programs with AddressSanitizer
	SANITIZE=()
	! nm "$BUILD/librollcall.a" | grep -q __asan_ || SANITIZE=(-fsanitize=address,undefined)
}

# build SOURCE PROGRAM [OPTION...]: compile with the flags of pkg-config, and without warnings
build() {
	gcc -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror "${@:3}" "$1" \
		$(pkg-config --cflags --libs rollcall) "${SANITIZE[@]}" -o "$2"
}

columns() { awk '{ print $1, $2, $3 }' | sort; }

@test "the example, built against what was installed, lists what 'rollcall peers' lists" {
	lan node-a node-b
	install_library
	build "$TOP/examples/peers.c" "$T/example"
	attach_on node-a
	on node-b rollcall announce eth0 --count 1
	peer "$ROLLCALL_PIN_DIR" add $'bad\e[1mname' 10.77.0.7 4711
	await two_families
	"$T/example" "$ROLLCALL_PIN_DIR" | columns >"$T/example.txt"
	[ "$(wc -l <"$T/example.txt")" -eq 3 ]
	rollcall peers -a | tail -n +2 | columns | diff - "$T/example.txt"
	grep -q '^node-b fe80::.*%eth0 eth0$' "$T/example.txt"
	peer "$ROLLCALL_PIN_DIR" age node-b 36s
	[ "$("$T/example" "$ROLLCALL_PIN_DIR" | wc -l)" -eq 1 ]
}

two_families() { [ "$(rollcall peers -j node-b | jq length)" = 2 ]; }

@test "the example reports what failed where there is no table" {
	install_library
	build "$TOP/examples/peers.c" "$T/example"
	fails_with 1 '^peers: cannot read the table: No such file or directory$' "$T/example" "$T/bpf/none"
}

@test "the example is under 40 lines" {
	[ "$(wc -l <"$TOP/examples/peers.c")" -lt 40 ]
}

@test "every installed header compiles without others, in C and in C++, without a warning" {
	install_library
	local header standard
	for header in "$T"/usr/include/rollcall/*.h; do
		echo "#include <rollcall/${header##*/}>" >"$T/alone.c"
		cp "$T/alone.c" "$T/alone.cc"
		for standard in c99 c11 gnu17; do
			gcc -std=$standard -Wall -Wextra -Wconversion -Wshadow -Werror -fsyntax-only \
				$(pkg-config --cflags rollcall) "$T/alone.c"
		done
		for standard in c++11 c++20; do
			clang -std=$standard -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only \
				$(pkg-config --cflags rollcall) "$T/alone.cc"
		done
	done
}

@test "a program in C++ is linked with the library" {
	install_library
	cat >"$T/count.cc" <<'SOURCE'
#include <rollcall/rollcall.h>

static int count(const rollcall_entry *, void *n)
{
	++*static_cast<int *>(n);
	return 0;
}

int main(int argc, char **argv)
{
	rollcall_table table;
	int n = 0;

	if (argc != 2 || rollcall_open(&table, argv[1]))
		return 99;
	rollcall_each(&table, rollcall_now_ns(), count, &n);
	rollcall_close(&table);
	return n;
}
SOURCE
	clang -x c++ -std=c++11 -Wall -Wextra -Werror -c $(pkg-config --cflags rollcall) "$T/count.cc" -o "$T/count.o"
	gcc "$T/count.o" $(pkg-config --libs rollcall) "${SANITIZE[@]}" -o "$T/count"
	lan node-a
	attach_on node-a
	peer "$ROLLCALL_PIN_DIR" add one 10.77.0.7 1
	peer "$ROLLCALL_PIN_DIR" add two 10.77.0.8 1
	run "$T/count" "$ROLLCALL_PIN_DIR"
	[ "$status" -eq 2 ]
}

# build_find: make a program that looks up a name: find DIR NAME FAMILY ROOM
build_find() {
	install_library
	cat >"$T/find.c" <<'SOURCE'
#include <rollcall/rollcall.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	struct rollcall_entry found[ROLLCALL_FIND_MAX];
	char text[ROLLCALL_ADDRESS_TEXT];
	struct rollcall_table table;
	int count;

	if (argc < 5 || rollcall_open(&table, argv[1]))
		return 99;
	count = rollcall_find(&table, argv[2], atoi(argv[3]), found, atoi(argv[4]));
	for (int i = 0; i < count; i++)
		printf("%s ", rollcall_address_text(&found[i], "", text));
	rollcall_close(&table);
	return count < 0 ? 98 : count;
}
SOURCE
	build "$T/find.c" "$T/find"
}

# finds COUNT ADDRESSES NAME FAMILY ROOM
finds() {
	run --separate-stderr "$T/find" "$ROLLCALL_PIN_DIR" "${@:3}"
	[ "$status $output" = "$1 $2" ]
	[ -z "$stderr" ]
}

@test "a look-up has the primary address first, then the others in their order, up to the given number" {
	local one two
	build_find
	lan node-a
	ip -n "$ID-node-a" link add v0 type veth peer name v1
	ip -n "$ID-node-a" link set v0 up
	start loader on node-a rollcall attach eth0 v0
	await is_loader_of 1 loader
	one=$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')
	two=$(ip -n "$ID-node-a" -j link show v0 | jq '.[0].ifindex')
	finds 0 "" host 0 9
	peer "$ROLLCALL_PIN_DIR" add host 10.77.0.1 "$one" 20s
	peer "$ROLLCALL_PIN_DIR" add host 10.77.0.2 "$two" 10s
	peer "$ROLLCALL_PIN_DIR" add host 2001:db8::1 "$one" 1s
	peer "$ROLLCALL_PIN_DIR" add host 2001:db8::2 "$two" 5s
	peer "$ROLLCALL_PIN_DIR" add host 10.77.0.9 4711 # an interface that is not attached
	finds 4 "10.77.0.1 10.77.0.2 2001:db8::2 2001:db8::1 " host 0 9
	finds 3 "10.77.0.1 10.77.0.2 2001:db8::2 " host 0 3
	finds 1 "10.77.0.1 " host 0 1
	finds 1 "2001:db8::2 " host 6 1
	finds 2 "10.77.0.1 10.77.0.2 " host 4 9
	finds 0 "" host 0 0
	finds 1 "10.77.0.1 " HoST 0 1
	peer "$ROLLCALL_PIN_DIR" age host 16s # one entry expires
	finds 3 "10.77.0.2 2001:db8::2 2001:db8::1 " host 0 9
}

@test "a look-up of one address is one system call per interface" {
	build_find
	lan node-a
	attach_on node-a
	peer "$ROLLCALL_PIN_DIR" add host 10.77.0.1 "$(ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex')"
	strace -E ASAN_OPTIONS=detect_leaks=0 -e trace=bpf -o "$T/trace" "$T/find" "$ROLLCALL_PIN_DIR" host 0 1 || [ $? -eq 1 ]
	# one look-up is of the settings; the attachment table is read in batches
	[ "$(grep -c BPF_MAP_LOOKUP_ELEM "$T/trace")" -eq 2 ]
}

@test "the library requires only libc, and exports no other names than its own" {
	! nm "$BUILD/librollcall.a" | grep -q __asan_ || skip "under AddressSanitizer it brings that along"
	nm --defined-only -g "$BUILD/librollcall.a" | awk 'NF == 3 { print $3 }' >"$T/defined"
	grep -qx rollcall_open "$T/defined"
	run ! grep -v '^rollcall_' "$T/defined"
	echo 'int main(void) { return 0; }' >"$T/main.c"
	gcc "$T/main.c" -Wl,--whole-archive "$BUILD/librollcall.a" -Wl,--no-whole-archive -Wl,-z,defs -o "$T/main"
	[ "$(objdump -p "$T/main" | awk '$1 == "NEEDED" { print $2 }')" = libc.so.6 ]
}

@test "the pkg-config file has the version, and the directories that were installed to" {
	make -s install PREFIX=/usr LIBDIR=/usr/lib/some-triplet INCLUDEDIR=/usr/include/some DESTDIR="$T/root" >/dev/null
	export PKG_CONFIG_PATH=$T/root/usr/lib/some-triplet/pkgconfig
	[ "$(pkg-config --modversion rollcall)" = "$(rollcall --version | awk '{ print $2 }')" ]
	[ "$(pkg-config --variable=prefix rollcall)" = /usr ]
	[ "$(pkg-config --variable=libdir rollcall)" = /usr/lib/some-triplet ]
	[ "$(pkg-config --variable=includedir rollcall)" = /usr/include/some ]
	[ -f "$T/root/usr/lib/some-triplet/librollcall.a" ]
	[ -f "$T/root/usr/include/some/rollcall/rollcall.h" ]
}

@test "make install installs program, module, library and pages, and make uninstall removes them all" {
	local file
	make -s install DESTDIR="$T/root" PREFIX=/usr >/dev/null
	for file in sbin/rollcall lib/rollcall/rollcall.bpf.o lib/libnss_rollcall.so.2 lib/librollcall.a \
		lib/pkgconfig/rollcall.pc include/rollcall/rollcall.h share/man/man8/{rollcall,libnss_rollcall}.8; do
		[ -f "$T/root/usr/$file" ] || {
			echo "no $file"
			return 1
		}
	done
	[ "$(stat -c %a "$T/root/usr/lib/libnss_rollcall.so.2" "$T/root/usr/lib/pkgconfig/rollcall.pc" | paste -sd' ')" = "644 644" ]
	# the PATH of an unprivileged user has bin, and not sbin
	[ "$(readlink "$T/root/usr/bin/rollcall")" = ../sbin/rollcall ]
	[ "$("$T/root/usr/bin/rollcall" --version)" = "$(rollcall --version)" ]
	make -s uninstall DESTDIR="$T/root" PREFIX=/usr >/dev/null
	[ -z "$(find "$T/root" ! -type d)" ]
}

@test "no link replaces the program if the directories of programs are one" {
	make -s install DESTDIR="$T/root" PREFIX=/usr SBINDIR=/usr/bin >/dev/null
	[ -x "$T/root/usr/bin/rollcall" ] && [ ! -L "$T/root/usr/bin/rollcall" ]
	make -s uninstall DESTDIR="$T/root" PREFIX=/usr SBINDIR=/usr/bin >/dev/null
	[ -z "$(find "$T/root" ! -type d)" ]
	# as on Fedora, where sbin is a link
	ln -s bin "$T/root/usr/sbin"
	make -s install DESTDIR="$T/root" PREFIX=/usr >/dev/null
	[ -x "$T/root/usr/bin/rollcall" ] && [ ! -L "$T/root/usr/bin/rollcall" ]
	make -s uninstall DESTDIR="$T/root" PREFIX=/usr >/dev/null
	[ -z "$(find "$T/root/usr/bin/" ! -type d)" ]
}
