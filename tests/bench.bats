#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The benchmark measures the requested subjects and prints complete results. No test checks absolute times.

load helper

bench=$TOP/tests/bench

# One round with the smaller sizes. The results are not written to the build directory.
short_bench() {
	mkdir "$T/build"
	ln -s "$BUILD"/{rollcall,bench} "$T/build"
	BUILD=$T/build BENCH_SHORT=1 BENCH_ROUNDS=1 "$bench/run" "$@"
}

rows() { jq ".rows | map(select($1)) | length" "$T/build/bench.json"; }

# 'make bench-check' measures all subjects; .ci/run runs a short one.
@test "what was asked for is measured, and only that; each row is complete, and has a line" {
	run -0 --separate-stderr short_bench cpus filter
	[ "$(rows true)" -ge 10 ]
	[ "$(rows '.figure | contains("two CPUs")')" -ge 1 ]
	[ "$(rows '.figure | test("flood|neighbour|sweep|loader")')" -eq 0 ]
	"$bench/check" "$T/build/bench.json"
	# one line of the table per row, and the header
	[ "${#lines[@]}" -eq $(($(rows true) + 1)) ]
	[[ ${lines[0]} == figure*ours*ratio*met ]]
}

@test "the check fails where rows are missing, or a row lacks a number" {
	short_bench cpus >/dev/null
	"$bench/check" "$T/build/bench.json" "$(rows true)"
	run -1 "$bench/check" "$T/build/bench.json" $(($(rows true) + 1))
	[ "$output" = "only $(rows true) rows, not $(($(rows true) + 1))" ]
	local field
	for field in .figure .unit .ours.median .rounds; do
		jq "del(.rows[0]$field)" "$T/build/bench.json" >"$T/b.json"
		run -1 "$bench/check" "$T/b.json"
		[ "${lines[0]}" = "incomplete:" ]
	done
}

@test "the check fails only where a ratio is more than twice its goal" {
	row() {
		jq -n "{ rows: [ { figure: \"f\", unit: \"ns\", rounds: 1, versus: \"v\", bare: {}, goal: \"$1\", met: true, at_most: 1.5,
			ratio: { min: $2, median: $3 }, ours: { min: 99, median: 99 } } ] }" >"$T/b.json"
	}
	row ratio 2.9 2.9
	"$bench/check" "$T/b.json"
	row ratio 3.1 2.9 # only one of minimum and median is too large: that is noise
	"$bench/check" "$T/b.json"
	row ratio 3.1 3.2
	run -1 "$bench/check" "$T/b.json"
	[[ $output == *"f: 3.1 x v, at most 1.5 x"* ]]
	row value 3.1 3.2
	"$bench/check" "$T/b.json"
}
