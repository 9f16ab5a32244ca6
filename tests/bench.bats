#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The benchmark measures what it says and tells it whole. How fast anything is, no test asks.

load helper

bench=$TOP/tests/bench

# One round of the smaller sizes; what is measured is left out of the directory of the build.
short_bench() {
	mkdir "$T/build"
	ln -s "$BUILD"/{rollcall,bench} "$T/build"
	BUILD=$T/build BENCH_SHORT=1 BENCH_ROUNDS=1 "$bench/run" "$@"
}

rows() { jq ".rows | map(select($1)) | length" "$T/build/bench.json"; }

@test "the short benchmark measures every subject, and each row is complete" {
	run -0 --separate-stderr short_bench
	[ "$(rows true)" -ge 40 ]
	[ "$(rows 'has("figure") and has("unit") and has("goal") and has("at_most")')" -eq "$(rows true)" ]
	# measured, with all the numbers there are, or said why not
	[ "$(rows '.not_run or (.rounds >= 1 and (.ours.min | type) == "number" and (.ours.median | type) == "number")')" -eq "$(rows true)" ]
	[ "$(rows '.not_run == null and .versus and (.bare == null or .ratio == null)')" -eq 0 ]
	[ "$(rows '.not_run == null and .goal and (.met | type) != "boolean"')" -eq 0 ]
	# a line of the table for each, and one above them
	[ "${#lines[@]}" -eq $(($(rows true) + 1)) ]
	[[ ${lines[0]} == figure*ours*ratio*met ]]
}

@test "only what was asked for is measured" {
	run -0 --separate-stderr short_bench cpus
	[ "$(rows true)" -ge 1 ]
	[ "$(rows '.figure | contains("two CPUs") | not')" -eq 0 ]
}

@test "the check fails where a ratio is more than twice its goal, and there alone" {
	row() { jq -n "{ rows: [ { figure: \"f\", versus: \"v\", goal: \"$1\", at_most: 1.5, ratio: { min: $2, median: $3 }, ours: { min: 99 } } ] }" >"$T/b.json"; }
	row ratio 2.9 2.9
	"$bench/check" "$T/b.json"
	row ratio 3.1 2.9 # once it was better: that was noise
	"$bench/check" "$T/b.json"
	row ratio 3.1 3.2
	run -1 "$bench/check" "$T/b.json"
	[[ $output == *"f: 3.1 x v, at most 1.5 x"* ]]
	row value 3.1 3.2
	"$bench/check" "$T/b.json"
}
