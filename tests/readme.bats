#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The documents agree with the program: the commands of README are run as they are printed.

load helper
load sealed

# readme_commands: print the commands of README's console blocks, one per line, without comments
readme_commands() {
	sed -n '/^```console$/,/^```$/ s/^\$ //p' "$TOP/README.md" | sed 's/  *#.*//; s/^sudo //'
}

has_history() { rollcall history | grep -q node-b; }
teardown_more() { if mountpoint -q /var/lib; then umount /var/lib; fi; }

@test "every command of README works as printed" {
	local command runs=0
	lan node-a node-b
	# the paths of README: the default pin directory, in the BPF file system at /sys/fs/bpf
	unset ROLLCALL_PIN_DIR
	mount --bind "$T/bpf" /sys/fs/bpf
	UNMOUNT=/sys/fs/bpf
	mount -t tmpfs lib /var/lib # for the history
	start announcer on node-b rollcall announce eth0 --hostname node-b --interval 100ms

	while read -r command; do
		echo "README: $command"
		case $command in
		'make demo' | 'make test' | 'make install')
			# 'make test' runs this suite; the other targets have their own tests
			make -C "$TOP" --dry-run "${command#make }" >/dev/null
			;;
		*rollcall-record)
			start recorder on node-a rollcall record # as the unit does
			await has_history
			;;
		'rollcall serve')
			start server on node-a rollcall serve
			await on node-a curl -sf http://127.0.0.1:49001/healthz
			[ "$(on node-a curl -sf http://127.0.0.1:49001/names)" = node-b ]
			;;
		'rollcall attach'* | 'rollcall announce'*)
			# these commands run until they are stopped; README has shell words
			eval "start background-$((++runs)) on node-a $command"
			[[ $command != *attach* ]] || await rollcall get node-b
			kill -0 "${PIDS[background-$runs]}"
			;;
		*)
			[[ $command != 'cat '*/table ]] || kernel_has iterator || continue
			eval "on node-a $command" >"$T/readme.out" 2>&1
			case $command in
			*detach*) ;;
			*'get node-b') [ "$(cat "$T/readme.out")" = 10.77.0.2 ] ;;
			*wait* | *missing*) [ ! -s "$T/readme.out" ] ;;
			*--check) [ ! -s "$T/readme.out" ] ;;
			*status*) grep -qE "^  filter +mode $TC" "$T/readme.out" ;;
			*) grep -q 'node-b' "$T/readme.out" ;;
			esac
			;;
		esac
		runs=$((runs + 1))
	done < <(readme_commands)
	[ "$runs" -ge 10 ]
}

@test "README names every command, and none that is not there" {
	local documented real
	documented=$(sed -nE 's/^\| `([a-z]+)[ `].*/\1/p' "$TOP/README.md" | sort)
	real=$(rollcall --help | sed -nE '/^Commands:/,/^$/s/^  ([a-z]+) +.*/\1/p' | sort)
	[ "$documented" = "$real" ]
}

@test "README has at most 150 lines" {
	[ "$(wc -l <"$TOP/README.md")" -le 150 ]
}

# packages_listed COMMAND: print the packages in the block that begins with COMMAND
packages_listed() { sed -n "/^    $1 /,/^\$/p" "$TOP/docs/platforms.md" | sed "s/^    $1//; s/ \\\\$//" | xargs -n 1; }

@test "the packages of each distribution are listed as in scripts/deps" {
	local name command
	while read -r name command; do
		diff <(sed -n "/^$name=(/,/)/p" "$TOP/scripts/deps" | sed "s/^$name=(//; s/)//" | xargs -n 1) <(packages_listed "$command")
	done <<-'END'
		debian apt-get install
		fedora dnf install
		arch pacman -S --needed
	END
	# all lines but the last of a command are continued
	run -0 awk '/^    / && before ~ /^    .*[^\\]$/ && /^        [a-z]/ { print before } { before = $0 }' "$TOP/docs/platforms.md"
	[ -z "$output" ]
	for name in $(sed -nE '/^static\)/ { s/[a-z]+\+=\(([a-z-]+)\)/\1/g; s/static\) (.*) ;;/\1/p }' "$TOP/scripts/deps"); do
		grep -F "\`$name\`" "$TOP/docs/platforms.md"
	done
}

@test "'make help' names the targets that install no packages" {
	local target targets
	make() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -C "$TOP" --no-print-directory "$@"; }
	targets=$(make help | grep -oE 'make [a-z-]+' | sed 's/make //; /^make$/d' | sort -u)
	[ "$(wc -w <<<"$targets")" -ge 25 ]
	for target in $targets; do
		make -n "$target" BUILD="$BUILD" SUDO= ARCH=arm64 2>&1 | grep 'scripts/deps' >/dev/null || echo "$target"
	done | diff <(printf '%s\n' clean fuzz-corpus install uninstall) -
	make help | grep -F 'except make, fuzz-corpus, install, uninstall, clean and help.'
}

@test "the man page has every option that --help has" {
	local option command
	for command in attach detach peers top get watch wait announce genkey status record history missing serve metrics; do
		for option in $(rollcall $command --help | sed -nE 's/^.*  --([a-z0-9-]+).*/\1/p; s/^.*, --([a-z0-9-]+).*/\1/p'); do
			grep -qE "^\.It Fl .*-$option\b|, -$option\b" "$TOP/docs/rollcall.8" || {
				echo "$command --$option is not in rollcall(8)"
				return 1
			}
		done
	done
}

# item PAGE OPTION: print the text of the option in the man page
item() { sed -n "/^\.It Fl -$2\b/,/^\.\(It\|El\)/p" "$TOP/docs/$1" | sed '1d;$d'; }

@test "the man pages have the range of each duration that a command accepts, and --help that of expiry and interval" {
	local arguments option range page pages=0
	while read -r arguments; do
		option=${arguments##*--}
		run ! rollcall $arguments nonsense
		range=$(sed -nE "s/.*: 'nonsense' is not a duration in ([0-9a-z]+)\.\.([0-9a-z]+),.*/\1 to \2/p" <<<"$output")
		echo "$arguments: $range"
		[ -n "$range" ]
		for page in rollcall.8 rollcall-announce.8; do
			[ -n "$(item "$page" "$option")" ] || continue
			item "$page" "$option" | grep "The range is $range\b"
			pages=$((pages + 1))
		done
		case $option in
		expiry | interval) rollcall ${arguments%% *} --help | grep -F -- "--$option T" | grep -F "${range/ to /..}" ;;
		esac
	done <<-'END'
		attach lo --expiry
		attach lo --announce --interval
		announce lo --interval
		attach lo --max-skew
		watch --exec-timeout
		wait lo --timeout
		record --retain
	END
	[ "$pages" -eq 9 ]
}

@test "the man page has every outcome" {
	local outcome
	for outcome in $(sed -nE 's/^\tX\([A-Z0-9_]+, +([a-z0-9_]+),.*/\1/p' "$TOP/include/rollcall/outcome.h"); do
		grep -qE "^\.It .*\b$outcome\b" "$TOP/docs/rollcall.8" || {
			echo "$outcome is not in rollcall(8)"
			return 1
		}
	done
}

@test "the man page has every family of metrics, and no other" {
	lan node-a node-b
	attach_with_keys node-a --accept-unsealed # only such a table has all families
	announce_from node-b
	await lists node-b
	diff <(rollcall metrics | sed -n 's/^# TYPE \([a-z_]*\) .*/\1/p' | sort) \
		<(sed -n '/^\.Sh METRICS/,/^\.El/p' "$TOP/docs/rollcall.8" | grep '^\.It' | grep -o 'rollcall_[a-z_]*' | sort)
}
