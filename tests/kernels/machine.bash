# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for the targets that test in emulated machines: they get a kernel, boot it, and read the result. Logs and
# results are files in $BUILD/kernels.

kernels=$BUILD/kernels
machines=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
seconds=${KERNEL_SECONDS:-1500} # a machine is stopped after this time
mkdir -p "$kernels"

version() { sed -n 's/^== kernel //p' "$1" | tr -d '\r'; }
# sum FIELD LOG...: print the sum of FIELD in the last lines of suites
sum() { awk -v field="$1" '/^[0-9]+ passed, [0-9]+ failed/ { n += $field } END { print n + 0 }' "${@:2}"; }

# with_parent CMD...: run CMD; it is terminated when its parent process ends
with_parent() { setpriv --pdeathsig TERM "$@"; }

# get_kernel NAME SUITE PACKAGE [ARCH [MODULE...]]: get a kernel; if that fails, the kernel of an earlier run is used
get_kernel() { "$machines/fetch" "$@" >"$kernels/$1.fetch.log" 2>&1 || [ -e "$kernels/$1/version" ]; }

# not_fetched NAME SUITE PACKAGE: print the line for a kernel that is not available
not_fetched() { echo "$1: not run: cannot be had from ${*:2} ($(tail -n 1 "$kernels/$1.fetch.log"))"; }

# boot KERNEL LOG WORDS [QEMU-OPTION...]: boot a machine of the architecture $arch, by default amd64, with WORDS on the
# kernel's command line. If NETWORK is set, that command starts qemu.
NETWORK=()
boot() {
	local machine console options
	read -r machine console options < <(sed -n "s/^${arch:-amd64} //p" "$machines/machines")
	with_parent timeout "$seconds" "${NETWORK[@]}" "${QEMU:-qemu-system-$machine}" -accel tcg,thread=single -smp 2 -m 768 $options \
		-nodefaults -no-user-config -display none -nic none -no-reboot -serial stdio \
		-kernel "$kernels/$1/vmlinuz" -initrd "$kernels/$1/root.cpio" "${@:4}" \
		-append "console=$console panic=-1 quiet no_timer_check mitigations=off rcupdate.rcu_expedited=1 $3" </dev/null >"$2" 2>&1
}

# verdict LOG: print the verdict of tests/kernels/init. The exit status of qemu is 0 also if the kernel crashed.
verdict() { sed -n 's/^== verdict //p' "$1" | tr -d '\r'; }

# failures LOG: print the number of failures; it is at least 1 if the verdict is not 0
failures() {
	local failed
	failed=$(sum 3 "$1")
	if [ "$(verdict "$1")" != 0 ] && ((failed == 0)); then failed=1; fi
	echo "$failed"
}

# machine NAME KERNEL IMAGE WORDS [QEMU-OPTION...]: boot IMAGE with the modules of KERNEL, and a second time if there
# was no verdict. Print the result, and write it to $kernels/NAME.result.
machine() {
	local name=$1 attempt status log begin=$SECONDS passed failed skipped
	rm -f "$kernels/$name".[12].log "$kernels/$name.result"
	(cd "$kernels/$2" && find modules | sort | cpio --quiet -o -H newc -R 0:0) |
		cat "$3" - >"$kernels/$2/root.cpio"
	for attempt in 1 2; do
		log=$kernels/$name.$attempt.log
		boot "$2" "$log" "${@:4}"
		status=$?
		[ -z "$(verdict "$log")" ] || break
		echo "$name: no verdict (qemu's exit status $status), see $log"
		if ((status == 124)); then break; fi # a timeout: a second attempt would also time out
	done
	rm -f "$kernels/$2/root.cpio"
	printf '%d %d %d\n' "$(sum 1 "$log")" "$(failures "$log")" "$(sum 5 "$log")" >"$kernels/$name.result"
	read -r passed failed skipped <"$kernels/$name.result"
	echo "$name: Linux $(version "$log"): $passed passed, $failed failed, $skipped skipped, $((SECONDS - begin)) s"
	awk '/^not ok / && !printed[$0]++ { print "  " $0 }' "$log"
}

# total: print the sum of the results on standard input, the last line of a target, and return its exit status
total() {
	awk '{ passed += $1; failed += $2; skipped += $3 }
		END { printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
		      exit failed || !passed }'
}
