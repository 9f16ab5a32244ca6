#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Building, and the kernel types for a build.
# bats file_tags=long

load helper

# make without the variables of the make that runs these tests
make() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u BUILD make -C "${TREE:-$TOP}" --no-print-directory "$@"; }

# copy_tree: make a writable copy of the tree
copy_tree() {
	TREE=$T/tree
	mkdir "$TREE"
	cp -r "$TOP"/{Makefile,include,bpf,user,vmlinux,scripts} "$TREE"
}

header() { echo "$TREE/vmlinux/vmlinux.h"; }

with_btf() { [ -r /sys/kernel/btf/vmlinux ] || skip "this kernel has no BTF"; }
without_btf='{ [ ! -d /sys/kernel/btf ] || mount -t tmpfs none /sys/kernel/btf; } && [ ! -e /sys/kernel/btf/vmlinux ] && exec "$@"'

# One build for all tests, on a machine without kernel types, because a build takes as long as all these tests.
setup_file() {
	export BUILT=$BATS_FILE_TMPDIR
	local status=0
	unshare --mount sh -c "$without_btf" - env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u BUILD make -C "$TOP" \
		--no-print-directory BUILD="$BUILT/build" >"$BUILT/said" 2>"$BUILT/warned" || status=$?
	echo "$status" >"$BUILT/status" # the first test checks it
}

@test "make reports nothing but what it does: no warning of any tool" {
	cat "$BUILT/warned"
	[ "$(cat "$BUILT/status")" -eq 0 ]
	[ ! -s "$BUILT/warned" ]
	[ "$(wc -l <"$BUILT/said")" -gt 10 ]
	run ! grep -vE '^  (BPF|SKEL|CC|LINK|AR|GEN) +[^ ]+$' "$BUILT/said"
}

@test "make builds all of it without the types of the machine's own kernel" {
	"$BUILT/build/rollcall" --version
	local object
	for object in rollcall table_iter scan probe; do
		cmp "$BUILT/build/$object.bpf.o" "$BUILD/$object.bpf.o"
	done
}

@test "the announcer's rooms require libc and no other library" {
	local objects=("$BUILT"/build/user/announce/*.o "$BUILT"/build/user/net/{addresses,netdev,netlink,netwatch,routes}.o) defined
	[ -e "${objects[0]}" ]
	objects+=("$BUILT"/build/user/base/{clock,keyfile,keywatch,message,nodename,nowait,output,parse,signals,text}.o "$BUILT/build/user/lib/clock.o")
	defined=$(nm --defined-only "${objects[@]}" | awk 'NF == 3 { print $3 }')
	nm --undefined-only "${objects[@]}" | awk 'NF == 2 { print $2 }' | sort -u | grep -vxFf <(echo "$defined") >"$T/asked"
	run ! grep -vxFf <(nm --dynamic --defined-only --without-symbol-versions \
		$(ldd "$BUILD/rollcall" | awk '/libc\./ { print $3 }') | awk 'NF == 3 { print $3 }') "$T/asked"
	grep -qx sendmsg "$T/asked"
}

@test "make again has nothing to do" {
	[ "$(make BUILD="$BUILT/build")" = "make: Nothing to be done for 'all'." ]
}

@test "a skeleton for a machine of another byte order has the bytes of the object for that machine" {
	mkdir "$T/src" # $T/bpf is a file system
	head -c 5001 /dev/urandom >"$T/src/object" # its content does not matter
	"$TOP/scripts/skeleton" rollcall_bpf "$T/src/object" "$BUILD/rollcall.bpf.o" >"$T/src/rollcall.skel.h"
	cat >"$T/src/program.c" <<-'END'
		#include <rollcall/rollcall.h>
		#include <stdio.h>
		#include "rollcall.skel.h"

		int main(void)
		{
			size_t bytes;
			const void *object = rollcall_bpf__elf_bytes(&bytes);

			return fwrite(object, 1, bytes, stdout) != bytes;
		}
	END
	gcc -I"$TOP/include" -I"$T/src" "$T/src/program.c" -lbpf -o "$T/src/program"
	"$T/src/program" | cmp - "$T/src/object"
	# all other lines are those of bpftool
	"$TOP/scripts/skeleton" rollcall_bpf "$BUILD/rollcall.bpf.o" >"$T/src/native.skel.h"
	but_bytes() { grep -vE 'sz = |^\\|^";' "$1"; }
	diff <(but_bytes "$T/src/native.skel.h") <(but_bytes "$T/src/rollcall.skel.h")
}

@test "the filter's object asks for no kernel types, the iterator's for some" {
	bpftool btf dump file "$BUILD/rollcall.bpf.o" >"$T/btf"
	run ! grep -E 'bpf_iter|seq_file' "$T/btf"
	bpftool btf dump file "$BUILD/table_iter.bpf.o" | grep -q "STRUCT 'bpf_iter__bpf_map_elem'"
}

@test "make vmlinux reproduces the header that is checked in, and reports that nothing changed" {
	with_btf
	copy_tree
	run --separate-stderr make vmlinux
	[ "$status" -eq 0 ]
	[ "$output" = "vmlinux/vmlinux.h: unchanged" ]
	cmp "$TOP/vmlinux/vmlinux.h" "$(header)"
	rm "$(header)"
	make vmlinux
	cmp "$TOP/vmlinux/vmlinux.h" "$(header)"
}

@test "make vmlinux corrects a header that differs from the kernel, and reports what changed" {
	with_btf
	copy_tree
	sed -i '/index;/d; s/void \*key;/void *kex;/' "$(header)"
	run --separate-stderr make vmlinux
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "vmlinux/vmlinux.h: changed" ]
	[ "$(grep -E '^[+-][^+-]' <<<"$output")" = $'+\tloff_t index;\n-\tvoid *kex;\n+\tvoid *key;' ]
	cmp "$TOP/vmlinux/vmlinux.h" "$(header)"
}

@test "make vmlinux takes in what the list of types asks for, with its typedefs" {
	with_btf
	copy_tree
	sed -i 's/^struct bpf_iter_meta.*/& session_id/' "$TREE/vmlinux/types"
	echo 'struct net_device ifindex name mtu' >>"$TREE/vmlinux/types"
	make vmlinux
	grep -qP '^\tu64 session_id;$' "$(header)"
	[ "$(sed -n '/^struct net_device {/,/^};/p' "$(header)")" = \
		$'struct net_device {\n\tint ifindex;\n\tchar name[16];\n\tunsigned int mtu;\n};' ]
	gcc -fsyntax-only -Wno-unknown-pragmas -x c "$(header)"
}

@test "make vmlinux names a type and a member that the kernel lacks, and does not change the header" {
	with_btf
	copy_tree
	sed -i 's/^struct seq_file.*/& kolor/; $a struct no_such_type x' "$TREE/vmlinux/types"
	run --separate-stderr "$TREE/scripts/vmlinux"
	[ "$status" -eq 1 ]
	[ "${stderr_lines[0]}" = 'vmlinux: this kernel has no member "kolor" in struct seq_file' ]
	[ "${stderr_lines[1]}" = 'vmlinux: this kernel has no struct no_such_type' ]
	cmp "$TOP/vmlinux/vmlinux.h" "$(header)"
}

@test "make vmlinux takes no member of a named member for one of the struct" {
	with_btf
	copy_tree
	# only bpf_link_info.cgroup, a named inner struct, has the member cgroup_id
	echo 'struct bpf_link_info cgroup_id' >>"$TREE/vmlinux/types"
	fails_with 1 'no member "cgroup_id" in struct bpf_link_info$' "$TREE/scripts/vmlinux"
}

@test "make vmlinux on a kernel without BTF fails with one line that reports that" {
	copy_tree
	fails_with 1 "no kernel types in '/sys/kernel/btf/vmlinux'.*CONFIG_DEBUG_INFO_BTF" \
		unshare --mount sh -c "$without_btf" - "$TREE/scripts/vmlinux"
	cmp "$TOP/vmlinux/vmlinux.h" "$(header)"
}

@test "make vmlinux of a file that holds no types reports that in one line" {
	copy_tree
	BTF=$T/nothing fails_with 1 "no kernel types in '.*/nothing'" "$TREE/scripts/vmlinux"
	echo nonsense >"$T/nonsense"
	BTF=$T/nonsense fails_with 1 "cannot read '.*/nonsense'" "$TREE/scripts/vmlinux"
	cmp "$TOP/vmlinux/vmlinux.h" "$(header)"
}

# without TOOL...: set a PATH that has all programs of this machine except these
without() {
	mkdir "$T/bin"
	ln -s /usr/sbin/* /usr/bin/* "$T/bin" 2>/dev/null || true # it fails for names that are in both directories
	(cd "$T/bin" && rm -f "$@")
	printf '%s\n' "$T/bin"
}

# stops_with PATTERN MAKE-ARGUMENT...: make fails and prints only one line, which matches PATTERN
stops_with() {
	local pattern=$1
	shift
	fails_with 2 "^Makefile:[0-9]+: \*\*\* $pattern\.  Stop\.$" make BUILD="$T/build" "$@"
	[ -z "$output" ]
}

@test "tools and libraries that are missing are named in one line, with the command that installs them" {
	local path
	path=$(without clang llvm-strip)
	PATH=$path stops_with "missing: clang llvm-strip: run 'make deps'"
	PATH=$path stops_with "missing: nosuch clang llvm-strip: run 'make deps'" CC=nosuch
	rm "$path/pkg-config"
	PATH=$path stops_with "missing: clang llvm-strip pkg-config: run 'make deps'"
	stops_with "missing: no-such-library: run 'make deps'" LIBS='libcap-ng no-such-library'
}

@test "a clang and a libbpf that are too old are named in one line, with the oldest version that will do" {
	printf '%s\n' '#!/bin/sh' 'echo 11.0.1' >"$T/clang"
	chmod +x "$T/clang"
	stops_with "clang 11\.0\.1 is too old: rollcall requires clang 14 or newer .*" CLANG="$T/clang"
	printf '%s\n' 'Name: libbpf' 'Description: old' 'Version: 0.3.0' >"$T/libbpf.pc"
	PKG_CONFIG_PATH=$T stops_with "libbpf 0\.3\.0 is too old: rollcall requires libbpf 1\.1 or newer"
}

# fake NAME LINE...: make a shell script called NAME
fake() {
	printf '%s\n' '#!/bin/sh' "${@:2}" >"$T/bin/$1.new"
	chmod +x "$T/bin/$1.new"
	mv "$T/bin/$1.new" "$T/bin/$1"
}

@test "deps installs what is there only for another architecture, and names what it would install where it may not" {
	local path
	type -P dpkg >/dev/null || skip "this is not Debian"
	path=$(without sudo)
	fake dpkg 'echo amd64'
	fake dpkg-query 'for p; do case $p in -*) ;; gcc) echo "installed i386 gcc" ;; make) echo "config-files amd64 make" ;;
		bats) echo "installed all bats" ;; *) echo "installed amd64 $p" ;; esac; done'
	fake apt-get 'echo "$@" >>"$0.log"'
	PATH=$path "$TOP/scripts/deps" >"$T/out"
	[ "$(cat "$T/out")" = 'installing: gcc make' ]
	[ "$(tail -n 1 "$path/apt-get.log")" = 'install -y -qq --no-install-recommends gcc make' ]
	fake id 'echo 1000'
	PATH=$path fails_with 1 '^deps: .* requires root, and sudo is not installed: run as root: apt-get install .* gcc make$' \
		"$TOP/scripts/deps"
}

# rejects LINE CMD...: CMD exits with 2 and prints only LINE
rejects() {
	run --separate-stderr "${@:2}"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$stderr" = "$1" ] || { echo "$stderr"; return 1; }
}

@test "a variable of a target with an unknown value, or none, is reported in one line that has the known ones" {
	local value known='arm64 armhf i386 ppc64el riscv64 s390x' line
	export BUILD=$T/build
	for value in '' nosuch; do
		rejects "deps: ARCH='$value' is not one of: $known" "$TOP/scripts/deps" cross "$value"
	done
	rejects "deps: ARCH='' is not one of: $known" "$TOP/scripts/deps" cross
	rejects "run: 'nosuch' in ARCHES is not one of: $known" "$TOP/tests/cross/run" arm64 nosuch
	run --separate-stderr "$TOP/tests/bench/run" filter nosuch
	[ "$status" -eq 2 ]
	[[ $stderr =~ ^"run: 'nosuch' in BENCH is not one of: filter "[a-z\ ]+$ ]]
	rejects "run: FUZZ_SECONDS='1m' is not a number of seconds" "$TOP/tests/fuzz/run" 1m
	rejects "plot: no measurement in '$T/none': run 'make bench'" "$TOP/tests/bench/plot" "$T/none" "$T/svg"
	[ ! -e "$T/build" ]
	for value in SOAK_SECONDS=1m SOAK_SECONDS=0 SEGMENTS=11 SEGMENTS=many; do
		line="^Makefile:[0-9]+: \*\*\* ${value/=/=\'}' is not a number of at least [12]+\.  Stop\.$"
		case $value in
		SOAK*) fails_with 2 "$line" make -n soak "$value" ;;
		SEGMENTS*) fails_with 2 "$line" make -n test-segments "$value" ;;
		esac
	done
	make -n soak test-segments SEGMENTS=12 >/dev/null
}

@test "paths of an installation that the recipes cannot use are rejected before anything is built or removed" {
	local goal
	for goal in install uninstall; do
		fails_with 2 "^Makefile:[0-9]+: \*\*\* BINDIR='usr/bin' is not an absolute path without spaces: set PREFIX or BINDIR\.  Stop\.$" \
			make "$goal" PREFIX=usr BUILD="$T/build"
		fails_with 2 "^Makefile:[0-9]+: \*\*\* UNITDIR='/a b' is not an absolute path" make "$goal" UNITDIR='/a b' BUILD="$T/build"
		fails_with 2 "^Makefile:[0-9]+: \*\*\* DESTDIR='$T/a b' has a space\.  Stop\.$" make "$goal" DESTDIR="$T/a b" BUILD="$T/build"
	done
	[ ! -e "$T/build" ] && [ ! -e "$T/a" ]
}

@test "warnings are errors with WERROR=1 only" {
	run ! grep -e -Werror <(WERROR= make -n BUILD="$T/build")
	run ! grep -e -Werror <(make -n BUILD="$T/build" WERROR=0)
	grep -q -e -Werror <(make -n BUILD="$T/build" WERROR=1)
}

@test "completion for zsh is installed in the directory that zsh reads" {
	type -P zsh >/dev/null || skip "zsh is not installed"
	zsh -f -c 'print -l $fpath' | grep -x "$(make -s install DESTDIR="$T/root" BUILD="$BUILT/build" >/dev/null &&
		cd "$T/root" && find . -name _rollcall -printf '/%P\n' | xargs dirname)"
}
