#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# What the programs cost the verifier, against what is on record (tests/verifier.txt).

load helper

TABLE=$TOP/tests/verifier.txt

# grown COLUMN... <NOW: tells each number of these columns that is more than a tenth above TABLE
grown() {
	awk -v columns="$*" '
		BEGIN { count = split(columns, column, " ") }
		/^#program/ { for (i = 1; i <= NF; i++) name[i] = $i; next }
		/^#/ { next }
		NR == FNR { for (i = 2; i <= NF; i++) was[$1, i] = $i; known[$1] = 1; next }
		!($1 in known) { print $1 ": not in the table"; next }
		{
			seen[$1] = 1
			for (i = 1; i <= count; i++)
				if ($column[i] > 1.1 * was[$1, column[i]])
					print $1 ": " name[column[i]] " " $column[i] ", was " was[$1, column[i]]
		}
		END { for (program in known) if (!seen[program]) print program ": in the table alone" }
	' "$TABLE" -
}

# about WORD: what the table says it was made with
about() { sed -n "s/^# .*$1 //p" "$TABLE"; }

# series VERSION...: the first two numbers
series() { sed -E 's/^([0-9]+\.[0-9]+)[^ ]*/\1/' <<<"$*"; }

# the table iterator is compared where the system loads one
setup_more() {
	OBJECTS=(rollcall scan)
	if kernel_has iterator; then
		OBJECTS+=(table_iter)
	else
		sed '/^rollcall_table /d' "$TABLE" >"$T/recorded"
		TABLE=$T/recorded
	fi
}

by_now() {
	run verifier_table "${OBJECTS[@]}"
	[ "$status" -eq 0 ]
	NOW=$output
}

nothing_grew() {
	local found
	found=$(grown "$@" <<<"$NOW")
	[ -z "$found" ] && return
	printf '%s\n' "$found" "the table was made by clang $(about version), on kernel $(about kernel)" \
		"if it is worth it: make verifier-table"
	return 1
}

@test "no program has grown by more than a tenth in instructions" {
	local version
	version=$(clang --version | sed -n '1s/.*version //p')
	[ "${version%%.*}" = "$(about version | cut -d. -f1)" ] ||
		skip "the table was made by clang $(about version), this is $version"
	by_now
	nothing_grew 2
}

@test "no program costs the verifier a tenth more, or takes a tenth more of stack or memory" {
	[ "$(series "$(about kernel)")" = "$(series "$(uname -rm)")" ] ||
		skip "the table was made on $(about kernel), this is $(uname -rm)"
	by_now
	nothing_grew 3 4 5 6
}

@test "growth by more than a tenth is told by program and number, growth by less is not" {
	by_now
	awk '/^rollcall_tc / { $3 = int($3 * 1.12) } /^rollcall_xdp / { $3 = int($3 * 1.08) } { print }' <<<"$NOW" >"$T/more"
	sed '/^#/d' <<<"$NOW" >"$T/table"
	TABLE=$T/table
	run grown 2 3 4 5 6 <"$T/more"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output =~ ^rollcall_tc:\ .*[0-9]+,\ was\ [0-9]+$ ]]
	run grown 2 < <(sed 's/^rollcall_tc /rollcall_new /' "$T/more")
	[ "${#lines[@]}" -eq 2 ]
	[[ $output = *"rollcall_new: not in the table"* ]]
	[[ $output = *"rollcall_tc: in the table alone"* ]]
}
