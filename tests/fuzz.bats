#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The headers of the filter, compiled for this machine (tests/fuzz/native.h): they run under AddressSanitizer, and are
# compared with the BPF object in the kernel. `make fuzz` takes longer.
# bats file_tags=long

load helper

CORPUS=$TOP/tests/fuzz/corpus.hex

# replay FRAME_FUZZ: run each input of the corpus once
replay() {
	"$TOP/tests/fuzz/corpus" unpack "$T/corpus" <"$CORPUS"
	"$1" -runs=0 -max_len=512 -artifact_prefix="$T/" "$T/corpus"
}

# copy_tree SED FILE: copy the sources, and change FILE
copy_tree() {
	TREE=$T/tree
	mkdir -p "$TREE/tests"
	cp -r "$TOP"/{Makefile,include,bpf,user,vmlinux,scripts} "$TREE"
	cp -r "$TOP/tests/fuzz" "$TREE/tests"
	sed -i "$1" "$TREE/$2"
	run ! cmp "$TOP/$2" "$TREE/$2"
}

make() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u BUILD make -s -C "$TREE" BUILD="$T/build" "$@"; }

@test "the corpus runs under AddressSanitizer, and what is let through is an announcement" {
	replay "$BUILD/fuzz/frame_fuzz"
	[ "$(find "$T/corpus" -type f | wc -l)" -gt 50 ]
}

@test "a read of one byte too much is found by the corpus" {
	copy_tree 's/if (here + bytes > c->end)/if (here + bytes > c->end + 1)/' bpf/cursor.bpf.h
	make "$T/build/fuzz/frame_fuzz"
	run replay "$T/build/fuzz/frame_fuzz"
	[ "$status" -ne 0 ]
	[[ $output = *"AddressSanitizer: heap-buffer-overflow"* ]]
}

@test "a wrong judgement of a name is found by the corpus" {
	copy_tree "s/bytes_between(ascii, '_', '_')/bytes_between(ascii, '\\\\\\\\', '_')/; s/'a', 'z')/'\`', 'z')/" bpf/hostname.bpf.h
	make "$T/build/fuzz/frame_fuzz"
	run "$T/build/fuzz/frame_fuzz" -seed=1 -runs=200000 -max_len=512 -artifact_prefix="$T/" "$T"
	[ "$status" -ne 0 ]
	[[ $output = *"not so: "* ]]
}

@test "a fold that changes another byte, or leaves a letter, is found by the corpus" {
	local fold
	for fold in 'w + upper * 0' '(w + upper * 0) | EACH_BYTE(0x20)'; do
		rm -rf "$T/tree" "$T/build"
		copy_tree "s/return w | upper >> 2;/return $fold;/" bpf/hostname.bpf.h
		make "$T/build/fuzz/frame_fuzz"
		run "$T/build/fuzz/frame_fuzz" -seed=1 -runs=200000 -max_len=512 -artifact_prefix="$T/" "$T"
		[ "$status" -ne 0 ]
		[[ $output = *"not so: "* ]]
	done
}

@test "a wrong seal is found by the corpus: a rotation, the end of the name, the address" {
	local change
	for change in 's/rotate(s->v3, 21)/rotate(s->v3, 20)/ include/rollcall/seal.h' \
		's/if (rest >= 4)/if (rest > 4)/ bpf/seal.bpf.h' 's/0xffff0000ULL/0xfffe0000ULL/ bpf/seal.bpf.h'; do
		rm -rf "$T/tree" "$T/build"
		copy_tree "${change% *}" "${change##* }"
		make "$T/build/fuzz/frame_fuzz"
		run "$T/build/fuzz/frame_fuzz" -seed=1 -runs=200000 -max_len=512 -artifact_prefix="$T/" "$T"
		[ "$status" -ne 0 ]
		[[ $output = *"not so: n->seal_good"* ]]
	done
}

@test "the kernel runs the filter to the same outcome as this machine does, over 200,000 frames" {
	run fuzz_compare --frames 200000 "$CORPUS"
	echo "$output"
	[ "$status" -eq 0 ]
	# each outcome before the table is read occurs often
	local refusal
	for refusal in $(sed -nE 's/^\tX\((BAD|IP|FRAG|FOREIGN|OTHER|NAME)[A-Z0-9_]*, *([a-z0-9_]+),.*/\2/p' "$TOP/include/rollcall/outcome.h" | grep -vx bad_seal) not_ours accepted; do
		awk -v outcome="$refusal" '$1 == outcome && $2 >= 100 { found = 1 } END { exit !found }' <<<"$output"
	done
}

@test "the same seed makes the same frames" {
	local seed
	for seed in 7 7 8; do
		fuzz_compare --frames 2000 --seed "$seed" "$CORPUS" | sed '/^frames/d' >>"$T/$seed"
	done
	[ "$(head -n $(($(wc -l <"$T/7") / 2)) "$T/7")" = "$(tail -n $(($(wc -l <"$T/7") / 2)) "$T/7")" ]
	run ! diff -q <(head -n "$(wc -l <"$T/8")" "$T/7") "$T/8"
}

@test "a filter without the test of the UDP checksum is reported from the one this machine runs" {
	copy_tree 's/return checksum_is_ones(sum) || /return sum || /' bpf/udp.bpf.h
	make "$T/build/rollcall.bpf.o"
	BUILD=$T/build run fuzz_compare --frames 20000 "$CORPUS"
	[ "$status" -eq 1 ]
	[[ $output = *"xdp: native bad_udp_checksum, joined"* ]]
	[[ $output = *"tc: native bad_udp_checksum, "* ]]
}
