#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The cost of the BPF programs in the verifier, compared with the record in tests/verifier.txt.
#
# The record has a section per version of clang. A program may exceed the numbers of the section of this clang by a
# tenth. If there is no such section, it may be twice the largest number of all sections.

load helper

TABLE=$TOP/tests/verifier.txt

# clang_version: print the version of the installed clang
clang_version() { clang --version | sed -n '1s/.*version //p'; }

# versions: print the versions of the sections, as "14.0.6"
versions() { sed -nE 's/^# .*clang version ([0-9][^ ]*).*/\1/p' "$TABLE"; }

# section MAJOR: print the lines of a section
section() { awk -v major="$1" '/^# .*clang version / { own = $0 ~ "version " major "[.]" } own' "$TABLE"; }

# limits: write the numbers to compare with as one section, and set SLACK, the factor
limits() {
	local major
	major=$(clang_version)
	major=${major%%.*}
	SLACK=1.1
	section "$major" >"$T/limits"
	[ ! -s "$T/limits" ] || return 0
	SLACK=2
	awk '/^#program/ { title = $0; next }
		/^#/ { next }
		{ for (i = 2; i <= NF; i++) if ($i > most[$1, i]) most[$1, i] = $i; columns = NF; program[$1] = 1 }
		END { print title; for (p in program) { line = p; for (i = 2; i <= columns; i++) line = line " " most[p, i]; print line } }
	' "$TABLE" >"$T/limits"
}

# grown COLUMN... <NOW: print each number of these columns that is above SLACK times the limit
grown() {
	awk -v columns="$*" -v slack="$SLACK" '
		BEGIN { count = split(columns, column, " ") }
		/^#program/ { for (i = 1; i <= NF; i++) name[i] = $i; next }
		/^#/ { next }
		NR == FNR { for (i = 2; i <= NF; i++) was[$1, i] = $i; known[$1] = 1; next }
		!($1 in known) { print $1 ": not in the table"; next }
		{
			seen[$1] = 1
			for (i = 1; i <= count; i++)
				# small programs may grow by 16 instructions
				if ($column[i] > slack * was[$1, column[i]] + 16)
					print $1 ": " name[column[i]] " " $column[i] ", was " was[$1, column[i]]
		}
		END { for (program in known) if (!seen[program]) print program ": in the table alone" }
	' "$T/limits" -
}

# kernels: print the kernels of the sections to compare with, as "6.18.44 x86_64"
kernels() {
	if ((${SLACK/./} == 11)); then section "$(clang_version | cut -d. -f1)"; else cat "$TABLE"; fi | sed -n 's/^# kernel //p'
}

# series VERSION...: print the first two numbers of each version
series() { sed -E 's/^([0-9]+\.[0-9]+)[^ ]*/\1/' <<<"$*"; }

# by_now: the table iterator is compared only if this system, and the system that made the section, load iterators
by_now() {
	limits
	OBJECTS=(scan probe)
	if kernel_has iterator && grep -q '^rollcall_table ' "$T/limits"; then
		OBJECTS+=(table_iter)
	else
		sed -i '/^rollcall_table /d' "$T/limits"
	fi
	run verifier_table "${OBJECTS[@]}"
	[ "$status" -eq 0 ]
	NOW=$output
}

nothing_grew() {
	local found
	found=$(grown "$@" <<<"$NOW")
	[ -z "$found" ] && return
	printf '%s\n' "$found" "the table was made by clang $(versions | paste -sd' '), this is $(clang_version)" \
		"if it is worth it: make verifier-table"
	return 1
}

@test "no program has grown by more than a tenth in instructions" {
	by_now
	nothing_grew 2
}

@test "no program costs the verifier a tenth more, or takes a tenth more of stack or memory" {
	by_now
	kernels | while read -r kernel; do series "$kernel"; done | grep -qx "$(series "$(uname -rm)")" ||
		skip "the table was made on $(kernels | paste -sd,), this is $(uname -rm)"
	nothing_grew 3 4 5 6
}

@test "growth by more than a tenth is reported with program and number, growth by less is not" {
	by_now
	awk '/^rollcall_tc / { $3 = int($3 * 1.12) } /^rollcall_xdp / { $3 = int($3 * 1.08) } { print }' <<<"$NOW" >"$T/more"
	SLACK=1.1
	sed '/^# /d' <<<"$NOW" >"$T/limits"
	run grown 2 3 4 5 6 <"$T/more"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output =~ ^rollcall_tc:\ .*[0-9]+,\ was\ [0-9]+$ ]]
	run grown 2 < <(sed 's/^rollcall_tc /rollcall_new /' "$T/more")
	[ "${#lines[@]}" -eq 2 ]
	[[ $output = *"rollcall_new: not in the table"* ]]
	[[ $output = *"rollcall_tc: in the table alone"* ]]
}

@test "a clang that the table was not made with may need twice the largest number of all sections" {
	TABLE=$T/table
	printf '%s\n' '# X clang version 1.0.1' '# kernel 6.1 x' '#program b c d e f' 'one 100 1000 1 1 1' \
		'# Y clang version 2.0' '# kernel 6.1 x' '#program b c d e f' 'one 200 900 1 1 1' >"$TABLE"
	[ "$(versions | paste -sd' ')" = '1.0.1 2.0' ]
	limits
	[ "$SLACK" = 2 ]
	[ "$(tail -n 1 "$T/limits")" = 'one 200 1000 1 1 1' ]
	[ -z "$(grown 2 3 <<<'one 400 1900 1 1 1')" ]
	[ "$(grown 2 3 <<<'one 420 1500 1 1 1')" = 'one: b 420, was 200' ]
	sed -i "s/version 2.0/version $(clang_version)/" "$TABLE"
	limits
	[ "$SLACK" = 1.1 ]
	[ "$(tail -n 1 "$T/limits")" = 'one 200 900 1 1 1' ]
}
