#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Linux itself is the oracle: in every mode the filter records what a socket receives.
#
# ORACLE_FRAMES and ORACLE_SEED change the length and the seed of the runs with random frames.
# bats file_tags=long

load helper

# heard_as MODE FILE [--jumbo]: each line of FILE has its expected result
heard_as() {
	grep -vE '^(#|$)' "$2" | awk '{ $1 = $1; print }' >"$T/wanted"
	cut -d' ' -f3- "$T/wanted" | oracle corpus "$1" "${@:3}" | awk '{ $1 = $1; print }' >"$T/said"
	[ -s "$T/wanted" ]
	diff --label "wanted by $1" --label said -U0 "$T/wanted" "$T/said"
}

# random MODE FRAMES [OPTION...]: a run with random frames. The exit status is 1 if filter and socket differ. A frame
# over which they differ is printed in the format of tests/frames.
random() { oracle random "$1" --seed "${ORACLE_SEED:-1}" --frames "${ORACLE_FRAMES:-$2}" "${@:3}"; }

# number PATTERN: print the number before PATTERN in the summary of the last run
number() { sed -nE "s/^seed .* ([0-9]+) $1.*/\1/p" <<<"$output"; }

# without FILE SED: build the filter with one line changed
without() {
	local file=$TREE/bpf/$1
	rm -rf "$TREE" "$T/build"
	mkdir "$TREE"
	cp -r "$TOP"/{Makefile,include,bpf,vmlinux,scripts} "$TREE"
	sed -i "$2" "$file"
	if cmp -s "$file" "$TOP/bpf/${file##*/}"; then return 1; fi
	# with less code clang may spill uninitialized variables, which the verifier rejects
	sed -i 's/struct frame frame;/struct frame frame = {};/' "$TREE/bpf/rollcall.bpf.c"
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s -C "$TREE" BUILD="$T/build" WERROR= "$T/build/rollcall.bpf.o" 2>&1
}

@test "socket and filter agree over frames with one field broken, by the same outcome in every mode" {
	local mode
	for mode in "${MODES[@]}"; do heard_as "$mode" "$TOP/tests/frames/agreed.txt"; done
	if awk '/^[^#]/ && $1 != "both" && $1 != "neither"' "$TOP/tests/frames/agreed.txt" | grep .; then return 1; fi
}

# native and generic XDP see the datagrams before they are merged
@test "of datagrams of one sender that GRO merges the first is recorded" {
	local feature mode
	for feature in rx-udp-gro-forwarding rx-gro-list; do
		for mode in "${MODES[@]}"; do
			echo "$feature $mode"
			heard_as "$mode" "$TOP/tests/frames/agreed.txt" --gro "$feature"
			case $mode in
			tcx | clsact) heard_as "$mode" "$TOP/tests/frames/merged.txt" --gro "$feature" ;;
			*) heard_as "$mode" <(sed -E '/^(#|$)/d; s/^(both|differ) +[a-z_]+/both several/; s/^neither +[a-z_]+/neither several/' \
				"$TOP/tests/frames/merged.txt") --gro "$feature" ;;
			esac
		done
	done
}

@test "where they differ it is a documented exception, and in its direction" {
	local mode
	for mode in "${MODES[@]}"; do heard_as "$mode" "$TOP/tests/frames/exceptions.txt"; done
}

# a UDP length of zero meant the IPv6 payload length until Linux 7.2; Linux 7.3 drops the datagram
@test "a UDP length of zero over IPv6 is recorded, whether or not the kernel's sockets still receive it" {
	local mode said sockets fields=("" " udp.slack=1" " pad=4" " offload=1")
	for mode in "${MODES[@]}"; do
		said=$(printf 'family=6 udp.len=0%s\n' "${fields[@]}" | oracle corpus "$mode")
		[[ $said = both* ]] && sockets=both || sockets=filter
		diff <(printf "$sockets joined family=6 udp.len=0%s\n" "${fields[@]}") <(awk '{ $1 = $1; print }' <<<"$said")
	done
}

@test "frames in several pieces are also recorded, in every mode" {
	local mode
	for mode in "${MODES[@]}"; do heard_as "$mode" "$TOP/tests/frames/jumbo.txt" --jumbo; done
}

# before tc the stack has removed one tag; XDP sees only the first buffer of a frame
@test "the modes differ over a fourth tag, and over an IP datagram of several pieces, and else not" {
	local mode
	for mode in native generic; do
		[ "$(oracle corpus $mode <<<"tags=4")" = "socket not_ours tags=4" ]
		run oracle corpus $mode --jumbo <<<"udp.slack=5000"
		# older kernels linearize a frame for generic XDP
		[ "$output" = "socket bad_ip_length udp.slack=5000" ] ||
			[ "$mode $output" = "generic both joined udp.slack=5000" ]
	done
	for mode in "${MODES[@]:2}"; do
		[ "$(oracle corpus $mode <<<"tags=4")" = "both joined tags=4" ]
		[ "$(oracle corpus $mode --jumbo <<<"udp.slack=5000")" = "both joined udp.slack=5000" ]
	done
}

@test "frames over which they once differed make them differ no more" {
	local mode
	for mode in "${MODES[@]}"; do
		run oracle corpus "$mode" < <(cat "$TOP"/tests/frames/*.hex)
		[ "$status" -eq 0 ]
		[ "${#lines[@]}" -eq "$(cat "$TOP"/tests/frames/*.hex | wc -l)" ]
		if grep -vE '^(both|neither) ' <<<"$output"; then return 1; fi
	done
}

@test "they agree over random frames: native" { agree_over native 300000; }
@test "they agree over random frames: generic" { agree_over generic 100000; }
@test "they agree over random frames: tcx" {
	needs_tcx
	agree_over tcx 100000
}
@test "they agree over random frames: clsact" { agree_over clsact 100000; }

@test "they agree over random messages in a table with a key, in every mode" {
	local mode
	for mode in "${MODES[@]}"; do agree_over "$mode" 50000 --sealed; done
}

@test "they agree over random frames, many of them in pieces, in every mode" {
	local mode
	for mode in "${MODES[@]}"; do agree_over "$mode" 50000 --jumbo; done
}

# agree_over: filter and socket agree, and enough frames of both families are received for the test to be meaningful
agree_over() {
	local heard frames
	run random "$@"
	echo "$output"
	[ "$status" -eq 0 ]
	frames=$(number frames)
	for heard in "$(number 'over IPv4')" "$(number 'over IPv6')"; do
		((heard > frames / 10))
	done
}

@test "the frames of a seed are the same each time, and others than those of another seed" {
	local one
	one=$(oracle random "$TC" --frames 3000 --seed 5)
	[ "$(oracle random "$TC" --frames 3000 --seed 5)" = "$one" ]
	[ "$(oracle random "$TC" --frames 3000 --seed 6 | sed 's/^seed 6/seed 5/')" != "$one" ]
}

# differs_without FILE SED [MODE...]: without this check of the filter, the oracle finds a difference
differs_without() {
	without "$1" "$2"
	BUILD=$T/build run oracle random "${@:3}" --frames 30000 --keep "$T/kept"
	echo "without, in $*: ${lines[-1]}"
	[ "$status" -eq 1 ]
	[ "$(number differed)" -gt 0 ]
}

@test "a filter without its test of the UDP checksum differs, and the frames are kept" {
	TREE=$T/tree
	mkdir "$T/kept"
	# not 'true': if the sum is not computed, the verifier does not know its bounds
	differs_without udp.bpf.h 's/checksum_is_ones(sum)/checksum_fold(sum) != 1/' native
	[ "$(ls "$T/kept" | wc -l)" -eq "$(number differed)" ]
	# the frames are kept in the format of the corpus: the changed filter differs over each, the real filter over
	# none
	[ "$(cat "$T"/kept/*.hex | BUILD=$T/build oracle corpus native | grep -c ^filter)" -eq "$(number differed)" ]
	[ "$(cat "$T"/kept/*.hex | oracle corpus native | grep -cE '^(both|neither)')" -eq "$(number differed)" ]
}

@test "a filter without any other one of its tests differs" {
	TREE=$T/tree
	mkdir "$T/kept"
	differs_without ipv4.bpf.h 's/if (!ipv4_checksum_good(ip))/if (0)/' native
	differs_without ipv4.bpf.h 's/if (ipv4_source_impossible(.*/if (0)/' native
	differs_without ipv4.bpf.h 's/ip_bytes < sizeof(\*ip) || (const void \*)ip + ip_bytes > payload.end/ip_bytes < sizeof(*ip)/' native
	differs_without ipv6.bpf.h 's/if (ipv6_source_impossible(.*/if (0)/' native
	differs_without ipv6.bpf.h 's/if (at_udp.pos + ip_bytes > c.end)/if (0)/' native
	differs_without ipv6.bpf.h 's/if (\*(const __u8 \*)ip >> 4 != 6)/if (0)/' native
	differs_without ipv6.bpf.h 's/f->udp->len ? length_told(f->udp->len) : ip_bytes/length_told(f->udp->len)/' native
	differs_without udp.bpf.h 's/ || udp_bytes > ip_bytes//' native
	differs_without hostname.bpf.h 's/return w | upper >> 2;/return w + upper * 0;/' native
	differs_without udp.bpf.h 's/return f->family == ROLLCALL_FAMILY_IPV4;/return true;/' native
	differs_without link.bpf.h 's/if (outcome_is_ours(outcome) && vlans/if (false \&\& vlans/' native
	differs_without link.bpf.h 's/tags < VLAN_TAGS/tags < 0/' native
	differs_without rollcall.bpf.c 's/if (outcome == PROCEED && is_for_other_host(frame.eth))/if (0)/' native
	differs_without rollcall.bpf.c 's/ctx->pkt_type == PACKET_OTHERHOST/0/' "$TC"
	differs_without rollcall.bpf.c 's/if (ctx->vlan_present.*)/if (0)/' clsact
	differs_without message.bpf.h 's/if (flags & ~ROLLCALL_MESSAGE_GOODBYE)/if (0)/' native
	differs_without key.bpf.h 's/if (!seal_good(f, a, key))/if (0)/' native --sealed
	differs_without key.bpf.h 's/return seal_skewed(a, s, now_ns) ? ROLLCALL_STALE : PROCEED;/return PROCEED;/' native --sealed
	differs_without key.bpf.h 's/a->sequence < SEQUENCE_MOST \&\&/1 \&\&/' native --sealed
	differs_without rollcall.bpf.c 's/pulls <= 2/pulls <= 0/' "$TC" --jumbo
}
