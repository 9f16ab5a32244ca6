#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Completion: the words that each shell offers are compared with --help.

load helper

COMPLETION=$TOP/scripts/completion

setup_more() {
	mapfile -t COMMANDS < <(rollcall --help | sed -nE '/^Commands:/,/^$/s/^  ([a-z]+) +.*/\1/p')
	[ "${#COMMANDS[@]}" -ge 7 ]
}

options_of() { rollcall "$1" --help | grep -oE '^  [ -].[, ] --[a-z0-9-]+' | grep -oE -- '--?[a-z0-9A-Z]+[a-z0-9-]*' | sort; }

# offered WORD...: print the words that bash offers after these words; the last WORD is the beginning of a word, or
# empty
offered() {
	bash -c '
		. "$1"
		shift
		COMP_WORDS=(rollcall "$@") COMP_CWORD=$#
		$(complete -p rollcall | sed "s/.*-F \([a-z_]*\) .*/\1/") rollcall "${*: -1}" "${COMP_WORDS[COMP_CWORD - 1]}"
		((!${#COMPREPLY[@]})) || printf "%s\n" "${COMPREPLY[@]}"
	' - "$COMPLETION/bash" "$@" 2>&1 | sort
}

# offers WORD... : OFFER...: bash offers exactly these words
offers() {
	local words=()
	while [ "$1" != : ]; do
		words+=("$1")
		shift
	done
	shift
	diff <((($#)) && printf '%s\n' "$@" | sort) <(offered "${words[@]}")
}

interfaces() { on node-a ls /sys/class/net; }

@test "bash: the commands, and what begins as one" {
	offers '' : "${COMMANDS[@]}"
	offers a : attach announce
	offers nothing :
}

@test "bash: every option of every command, and no more" {
	local command
	for command in "${COMMANDS[@]}"; do
		echo "$command"
		diff <(options_of "$command") <(offered "$command" -)
	done
	offers - : --help --pin-dir --verbose --version -V -h -v
	offers attach --mo : --mode
	offers peers --nothing :
}

# choices_of COMMAND OPTION: print the values of OPTION that the program lists in its error message, if the values are
# words
choices_of() {
	run --separate-stderr rollcall "$1" eth0 "$2" NOT-A-VALUE --no-such-option
	sed -nE "s/^rollcall: --[a-z-]*: 'NOT-A-VALUE' is not one of (([a-z]+, )+[a-z]+) \\(.*/\\1/p" <<<"$stderr" |
		sed 's/, /\n/g' | sort
}

# each_choice OFFERED: for each option with words as values, OFFERED COMMAND OPTION prints exactly these words
each_choice() {
	local command option words count=0
	for command in "${COMMANDS[@]}"; do
		for option in $(options_of "$command"); do
			words=$(choices_of "$command" "$option")
			[ -n "$words" ] || continue
			echo "$command $option"
			diff <(echo "$words") <("$1" "$command" "$option")
			count=$((count + 1))
		done
	done
	((count >= 4)) # --mode, --sort, -f and --format
}

bash_offers_value() { offered "$1" "$2" ''; }

@test "bash: exactly the words that a value must be one of" {
	each_choice bash_offers_value
	offers attach --mode n : native
	offers attach eth0 --mode = n : native
	offers attach eth0 --mode = : auto native generic tc tcx clsact
	offers peers -f h : hosts
	fails_with 2 "--sort: 'name address' is not one of" rollcall peers --sort 'name address'
}

# takes_value COMMAND OPTION: OPTION takes a value, as in the help line "-o, --output FILE"
takes_value() { rollcall "$1" --help | grep -E -- "^ .*$2[, ]" | grep -qE -- ' --[a-z0-9-]+ [A-Z]'; }

@test "bash: an option that takes a value is known as such" {
	local command option
	for command in "${COMMANDS[@]}"; do
		for option in $(options_of "$command"); do
			takes_value "$command" "$option" || continue
			[[ $option != -i && $option != --interface ]] || continue
			# options, commands, hosts and interfaces are not offered as its value
			run ! grep -xE -- '-.*|lo|attach' <(offered "$command" "$option" '')
		done
	done
}

@test "bash: nothing for values that are free" {
	offers attach --port '' :
	offers announce --hostname = :
}

@test "bash: files and directories" {
	mkdir "$T/place" "$T/place/sub dir"
	touch "$T/place/file"
	offers peers --output "$T/place/" : "$T/place/file" "$T/place/sub dir"
	offers peers --pin-dir "$T/place/" : "$T/place/sub dir"
	offers --pin-dir "$T/pl" : "$T/place"
}

@test "bash: interfaces for those that take some" {
	local command
	# the interfaces of the namespace of this suite
	for command in attach detach announce; do
		offers $command l : lo
		offers $command -v lo '' : $(find /sys/class/net -type l -printf '%f\n')
	done
	[ -n "$(offered attach '')" ]
}

@test "bash: hosts that are here, of the table that the line names" {
	local command
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	announce_from node-b --hostname other
	await lists node-b
	await lists other
	for command in peers get; do
		offers $command n : node-b
		offers $command oth : other
	done
	offers peers nothing :
	peer "$ROLLCALL_PIN_DIR" add only-there 10.77.0.9 2
	local dir=$ROLLCALL_PIN_DIR
	unset ROLLCALL_PIN_DIR
	offers get only :
	offers get --pin-dir "$dir" only : only-there
	offers get --pin-dir = "$dir" only : only-there
	offers --pin-dir "$dir" get only : only-there
	export ROLLCALL_PIN_DIR=$dir # for teardown
}

@test "bash: without a table no host is offered, and nothing is printed" {
	offers get '' :
	offers peers x :
}

@test "fish: commands, every option of every command, interfaces, hosts" {
	local command option
	type -P fish >/dev/null || skip "fish is not installed"
	fish_offers() { HOME=$T fish --no-config -c "source '$COMPLETION/fish'; complete -C '$1'" | cut -f1 | sort; }
	diff <(printf '%s\n' "${COMMANDS[@]}" | sort) <(fish_offers 'rollcall ')
	for command in "${COMMANDS[@]}"; do
		for option in $(options_of "$command" | grep -- '^--'); do
			fish_offers "rollcall $command $option" | grep -qx -e "$option" -e "$option=" || {
				echo "$command $option: $(fish_offers "rollcall $command $option")"
				return 1
			}
		done
	done
	for command in "${COMMANDS[@]}"; do
		# fish offers exactly these options, after one dash and after two
		diff <(options_of "$command") \
			<({ fish_offers "rollcall $command --"; fish_offers "rollcall $command -"; } | sed 's/=$//' | grep -E '^(-.|--.+)$' | sort -u)
	done
	fish_offers_value() { fish_offers "rollcall $1 $2 "; }
	each_choice fish_offers_value
	fish_offers 'rollcall announce ' | grep -qx lo
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	[ "$(fish_offers 'rollcall get node')" = node-b ]
}

# zsh_offers LINE: print the words that zsh offers after LINE, by a shell in a pseudo-terminal
zsh_offers() {
	: >"$T/offered"
	mkdir -p "$T/functions"
	cp "$COMPLETION/zsh" "$T/functions/_rollcall"
	cp "$COMPLETION/announce.zsh" "$T/functions/_rollcall-announce"
	cat >"$T/inside.zsh" <<-'END'
		fpath=($T/functions $fpath)
		autoload -U compinit
		compinit -u -D
		compadd() {
			local -a found
			if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
				builtin compadd -A found "$@"
				print -rl -- $found >>$T/offered
			fi
			builtin compadd "$@"
		}
		zle -C offer complete-word offer
		offer() { _main_complete; print END >>$T/offered }
		bindkey '^I' offer
	END
	cat >"$T/outside.zsh" <<-'END'
		zmodload zsh/zpty
		zpty -b ask 'zsh -f -i'
		zpty -w ask "source $T/inside.zsh"
		zpty -w -n ask "$1"$'\t'
		integer turns=0
		until grep -qx END $T/offered; do
			while zpty -r -t ask said; do :; done # read the output, so that the shell is not blocked
			sleep 0.02
			((++turns < 1500)) || exit 1
		done
		zpty -d ask
	END
	T=$T zsh -f "$T/outside.zsh" "$1" || return 1
	sed -E '/^(END|)$/d; s/=$//' "$T/offered" | sort -u
}

@test "zsh: commands, every option of every command, interfaces, hosts" {
	local command
	type -P zsh >/dev/null || skip "zsh is not installed"
	diff <(printf '%s\n' "${COMMANDS[@]}" | sort) <(zsh_offers 'rollcall ')
	for command in "${COMMANDS[@]}"; do
		echo "$command"
		diff <(options_of "$command") <(zsh_offers "rollcall $command -")
	done
	zsh_offers_value() { zsh_offers "rollcall $1 $2 "; }
	each_choice zsh_offers_value
	zsh_offers 'rollcall announce ' | grep -qx lo
	lan node-a node-b
	attach_on node-a
	announce_from node-b
	await lists node-b
	zsh_offers 'rollcall get node' | grep -qx node-b
}

@test "rollcall-announce: every option, interfaces, and nothing for values that are free" {
	local options
	options=$(rollcall-announce --help | grep -oE '^  [ -].[, ] --[a-z0-9-]+' | grep -oE -- '--?[a-z0-9A-Z]+[a-z0-9-]*' | sort)
	announcer_offers() {
		bash -c '
			. "$1"
			shift
			COMP_WORDS=(rollcall-announce "$@") COMP_CWORD=$#
			_rollcall_announce
			((!${#COMPREPLY[@]})) || printf "%s\n" "${COMPREPLY[@]}"
		' - "$COMPLETION/announce.bash" "$@" | sort
	}
	diff <(echo "$options") <(announcer_offers -)
	[ "$(announcer_offers -v l)" = lo ]
	[ -z "$(announcer_offers --port '')" ]
	[ -z "$(announcer_offers --hostname = '')" ]
	type -P fish >/dev/null || skip "fish is not installed"
	fish_offers() { HOME=$T fish --no-config -c "source '$COMPLETION/announce.fish'; complete -C '$1'" | cut -f1; }
	diff <(echo "$options") <({ fish_offers 'rollcall-announce --'; fish_offers 'rollcall-announce -'; } | sed 's/=$//' | grep -E '^(-.|--.+)$' | sort -u)
	fish_offers 'rollcall-announce l' | grep -qx lo
	type -P zsh >/dev/null || skip "zsh is not installed"
	diff <(echo "$options") <(zsh_offers 'rollcall-announce -')
}
