#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The check of words that 'make lint' runs.

load helper

# a_copy: copy the checked texts to $T/copy
a_copy() {
	mkdir "$T/copy"
	(cd "$TOP" && tar -c README.md docs user bpf systemd scripts tests/*.bats tests/package/*.bats tests/segments/*.bats tests/browser/*.bats) | tar -C "$T/copy" -x
}

finds() { # FILE TEXT PATTERN: when TEXT is added to FILE of the copy
	cp "$T/copy/$1" "$T/before"
	printf '%s\n' "$2" >>"$T/copy/$1"
	run -1 "$T/copy/scripts/words"
	echo "$output"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output =~ ^$1:[0-9]+:\ $3$ ]]
	cp "$T/before" "$T/copy/$1"
}

@test "the texts have no word that is not to be used" {
	a_copy
	run -0 "$T/copy/scripts/words"
	[ -z "$output" ]
}

@test "a word is found in README, in a man page, in a message and in a test title, and not in code" {
	a_copy
	finds README.md 'A host that was heard is listed.' "'heard': write receive"
	finds docs/rollcall.8 'Nobody may write.' "'Nobody': write .*"
	finds user/view/write.c 'static const char *const text = "the name is refused";' "'refused': write reject"
	finds tests/peers.bats '@test "the loader tells it" { true; }' "'tells': write report, print, show"
	printf '%s\n' '`heard` and `who`' >>"$T/copy/README.md"
	run -0 "$T/copy/scripts/words"
}
