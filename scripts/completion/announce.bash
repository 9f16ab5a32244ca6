# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# rollcall-announce: completion for bash. tests/completion.bats compares it with the program's own options.

_rollcall_announce() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} word
	local values='--key --hostname --group --group6 --port --prefix --interval --count --exclude'
	local flags='-4 --ipv4 -6 --ipv6 --also-plain --all-links -q --quiet -v --verbose -h --help -V --version'
	COMPREPLY=()
	if [[ $prev = --key ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return 0
	fi
	[[ $prev != = && $cur != = && " $values " != *" $prev "* ]] || return 0
	if [[ $cur = -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$values $flags" -- "$cur")
	else
		for word in /sys/class/net/"$cur"*; do [[ ! -L $word ]] || COMPREPLY+=("${word##*/}"); done
	fi
}

complete -F _rollcall_announce rollcall-announce
