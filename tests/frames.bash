# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Frames and their expected outcomes: the BPF object of the build is run over bytes in memory, by both programs
# (tests/tools/testrun.c). A frame is the announcement known from the wire, with the named fields changed. Its lengths
# and checksums are valid (tests/tools/frame.h).

# A frame of an existing sender.
WIRE=01005e0203040e874e057e3c0800\
4500002e26bd4000011156ad0a4d0002ef020304\
bf69bf69001a07e5\
6d756c7469746173746963\
3a6e6f64652d62

# in_turn [OPTION...]: check each line of standard input, for xdp and tc
#
#	OUTCOME [FIELD=VALUE...]	the frame has that outcome, and the verdict matches
#	+ STEP				a step of testrun
#	= OUTCOME WHAT			the output of that step, with the verdict of OUTCOME
#	peer NAME ..., total N		a step, and its output
in_turn() {
	local hook pass drop said
	cat >"$T/table"
	for hook in xdp tc; do
		if [ "$hook" = xdp ]; then pass=2 drop=1; else pass=-1 drop=2; fi
		[[ " $* " = *" --consume "* ]] || drop=$pass
		awk -v pass="$pass" -v drop="$drop" -v steps="$T/steps" -v wanted="$T/wanted" '
			BEGIN { printf "" >steps; printf "" >wanted }
			function verdict(outcome) {
				return outcome ~ /^(joined|refreshed|moved|returned|left|own)$/ ? drop : pass
			}
			{ $1 = $1 }
			$1 == "+" { sub(/^\+ /, ""); print >steps; next }
			$1 == "=" { sub(/^= /, ""); print verdict($1), $0 >wanted; next }
			$1 == "peer" { print $1, $2 >steps; print >wanted; next }
			$1 == "total" { print $1 >steps; print >wanted; next }
			{ print verdict($1), $0 >wanted; $1 = "frame"; print >steps }
		' "$T/table"
		testrun "$hook" "$@" <"$T/steps" >"$T/said"
		diff --label "wanted of $hook" --label said -U0 "$T/wanted" "$T/said"
	done
}

# The same, with each frame independent: it finds no entry of its name.
judged() { in_turn --anew "$@"; }
