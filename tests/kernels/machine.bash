# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What the targets share that test in emulated machines: getting a kernel, booting it, and reading the result.
# Logs and results are files in $BUILD/kernels.

kernels=$BUILD/kernels
machines=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
seconds=${KERNEL_SECONDS:-1500} # a machine is stopped after this time
mkdir -p "$kernels"

version() { sed -n 's/^== kernel //p' "$1" | tr -d '\r'; }
# sum FIELD LOG...: of the lines that end suites
sum() { awk -v field="$1" '/^[0-9]+ passed, [0-9]+ failed/ { n += $field } END { print n + 0 }' "${@:2}"; }

# with_parent CMD...: it ends when what started it ends, in whatever way
with_parent() { setpriv --pdeathsig TERM "$@"; }

# get_kernel NAME SUITE PACKAGE [ARCH [MODULE...]]: a kernel of an earlier run is used if there is no newer one to be had
get_kernel() { "$machines/fetch" "$@" >"$kernels/$1.fetch.log" 2>&1 || [ -e "$kernels/$1/version" ]; }

# not_fetched NAME SUITE PACKAGE: the line for a kernel that cannot be had
not_fetched() { echo "$1: not run: cannot be had from ${*:2} ($(tail -n 1 "$kernels/$1.fetch.log"))"; }

# boot KERNEL LOG WORDS [QEMU-OPTION...]: a machine of the architecture in $arch, by default amd64, with WORDS on the
# kernel's command line, started by the command NETWORK if there is one
NETWORK=()
boot() {
	local machine console options
	read -r machine console options < <(sed -n "s/^${arch:-amd64} //p" "$machines/machines")
	with_parent timeout "$seconds" "${NETWORK[@]}" "${QEMU:-qemu-system-$machine}" -accel tcg,thread=single -smp 2 -m 768 $options \
		-nodefaults -no-user-config -display none -nic none -no-reboot -serial stdio \
		-kernel "$kernels/$1/vmlinuz" -initrd "$kernels/$1/root.cpio" "${@:4}" \
		-append "console=$console panic=-1 quiet no_timer_check mitigations=off rcupdate.rcu_expedited=1 $3" </dev/null >"$2" 2>&1
}

# verdict LOG: of tests/kernels/init; qemu's exit status is also 0 when the kernel has crashed
verdict() { sed -n 's/^== verdict //p' "$1" | tr -d '\r'; }

# failures LOG: a machine that did not pass has failed at least once
failures() {
	local failed
	failed=$(sum 3 "$1")
	if [ "$(verdict "$1")" != 0 ] && ((failed == 0)); then failed=1; fi
	echo "$failed"
}

# machine NAME KERNEL IMAGE WORDS [QEMU-OPTION...]: boot IMAGE and the modules of KERNEL, a second time if there was no
# verdict; print the result, and write it to $kernels/NAME.result.
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
		if ((status == 124)); then break; fi # the time was over: it would be again
	done
	rm -f "$kernels/$2/root.cpio"
	printf '%d %d %d\n' "$(sum 1 "$log")" "$(failures "$log")" "$(sum 5 "$log")" >"$kernels/$name.result"
	read -r passed failed skipped <"$kernels/$name.result"
	echo "$name: Linux $(version "$log"): $passed passed, $failed failed, $skipped skipped, $((SECONDS - begin)) s"
	awk '/^not ok / && !printed[$0]++ { print "  " $0 }' "$log"
}

# total: of results on standard input, the last line of a target and its exit status
total() {
	awk '{ passed += $1; failed += $2; skipped += $3 }
		END { printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
		      exit failed || !passed }'
}
