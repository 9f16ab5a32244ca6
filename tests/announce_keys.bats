#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Key files of announcers while they run: changes are taken up, and keys are not disclosed.

load helper
load announced

setup_more() {
	lan node-a node-b
	start listener on node-b listener eth0
	await has_line listener listening
	mkdir "$T/etc"
	key_file etc/key 1
	KEY=$T/etc/key
	cp "$KEY" "$T/all"
}

# new_key ID: print a line with a new key, which the listener also knows
new_key() { rollcall genkey | sed "s/^1:/$1:/" | tee -a "$T/all"; }
seals_with() { received listener "$T/all" "key $1 good"; }
announces_on() { start announcer on node-a "$@" eth0 -4 --key "$KEY" --interval 100ms; await seals_with 1; }
said() { has_line announcer "^[a-z-]+: $1"; }
taken_up() { await said "key file '$KEY': read again: $1" && await said "announcements are sealed with key $2" && await seals_with "$2"; }
# announces_again: wait for an announcement that was not begun yet
announces_again() {
	local before
	before=$(messages_of listener "$T/all" | wc -l)
	await eval "[ \$(messages_of listener \"\$T/all\" | wc -l) -gt $((before + 1)) ]"
}
# faults PATTERN: the announcer reports PATTERN once, and goes on with key 1
faults() {
	await said "key file '$KEY': the previous keys stay in use: $1"
	announces_again
	messages_of listener "$T/all" | tail -1 | grep -q 'key 1 good'
}

@test "a key file that is replaced is taken up without a restart" {
	local program
	for program in 'rollcall announce' rollcall-announce; do
		announces_on $program
		(umask 077; { new_key 2; cat "$KEY"; } >"$T/etc/.key.swp")
		mv "$T/etc/.key.swp" "$KEY"
		taken_up '2 keys' 2
		stop announcer
		reported 2 announcer
		await received listener "$T/all" 'goodbye key 2 good'
		sed -i 1d "$KEY"
		stop listener || :
		start listener on node-b listener eth0
		await has_line listener listening
	done
}

@test "a key file that is written in place, also through another name, is taken up" {
	mkdir "$T/data"
	mv "$KEY" "$T/data/real"
	ln -s ../data/real "$KEY"
	announces_on rollcall announce
	new_key 2 >"$T/data/real"
	taken_up '1 key$' 2
	# the target is replaced
	(umask 077; new_key 3 >"$T/data/new")
	mv "$T/data/new" "$T/data/real"
	taken_up '1 key$' 3
	# and in place again: the watch is on the new inode
	new_key 4 >"$T/data/real"
	taken_up '1 key$' 4
	# the link is replaced
	(umask 077; new_key 5 >"$T/data/other")
	ln -s ../data/other "$T/etc/link"
	mv -T "$T/etc/link" "$KEY"
	taken_up '1 key$' 5
}

@test "a key file is taken up when a directory of its path is replaced, also two levels above" {
	mkdir -p "$T/v1/sub"
	cp "$KEY" "$T/v1/sub/key"
	ln -s v1 "$T/cur"
	KEY=$T/cur/sub/key
	start announcer on node-a rollcall announce eth0 -4 --key "$KEY" --interval 200ms
	await seals_with 1
	mkdir -p "$T/v2/sub"
	(umask 077; new_key 2 >"$T/v2/sub/key")
	ln -s v2 "$T/link"
	mv -T "$T/link" "$T/cur"
	taken_up '1 key$' 2
	mv "$T/v2/sub" "$T/v2/old"
	mkdir "$T/v2/sub"
	(umask 077; new_key 3 >"$T/v2/sub/key")
	taken_up '1 key$' 3
	rm -r "$T/v2/sub"
	await said "key file '$KEY': the previous keys stay in use: cannot be opened: No such file or directory"
	mkdir "$T/v2/sub"
	(umask 077; new_key 4 >"$T/v2/sub/key")
	taken_up '1 key$' 4
	[ "$(grep -c '^inotify' <(cat /proc/"${PIDS[announcer]}"/fdinfo/*))" = 2 ] # old watches are removed
}

@test "a broken edit is reported once and the old keys stay; a repaired file is taken up" {
	announces_on rollcall announce
	echo '2:nonsense' >"$T/etc/.new"
	chmod 600 "$T/etc/.new"
	mv "$T/etc/.new" "$KEY"
	faults 'line 1: not 16 bytes in base64'
	echo '2:other nonsense' >"$KEY"
	touch "$KEY"
	chmod 644 "$KEY"
	faults 'other users may access it'
	rm "$KEY"
	faults 'cannot be opened: No such file or directory'
	[ "$(lines_with announcer 'stay in use')" = 3 ]
	(umask 077; new_key 2 >"$KEY")
	taken_up '1 key$' 2
	reported 5 announcer
	[ "$(lines_with announcer nonsense)" = 0 ]
}

@test "a new file is not read before its writer is done" {
	local fd
	announces_on rollcall announce
	rm "$KEY"
	faults 'cannot be opened: No such file or directory'
	umask 077
	exec {fd}>"$KEY"
	announces_again # each announcement looks at the file
	new_key 2 >&"$fd"
	exec {fd}>&-
	taken_up '1 key$' 2
	reported 3 announcer
}

@test "a file that is repaired to what it was before is reported too" {
	announces_on rollcall announce
	chmod 644 "$KEY"
	faults 'other users may access it'
	chmod 600 "$KEY"
	await said "key file '$KEY': read again: 1 key$"
	reported 2 announcer
}

@test "credentials of a unit are not followed" {
	start announcer on node-a env CREDENTIALS_DIRECTORY="$T/etc" rollcall announce eth0 -4 --key "$KEY" --interval 100ms
	await seals_with 1
	run ! grep -l inotify /proc/"${PIDS[announcer]}"/fdinfo/*
	kill -0 "${PIDS[announcer]}"
}

@test "attach --announce seals with the new first key, too" {
	attach_on node-a --announce --key "$KEY" --interval 100ms
	await seals_with 1
	(umask 077; new_key 9 >"$T/etc/.new")
	mv "$T/etc/.new" "$KEY"
	await seals_with 9
	await has_line loader-node-a '^rollcall: announcements are sealed with key 9$'
}

# discloses FILE...: a file has the bytes of the key, or their base64
discloses() {
	python3 - "$KEY" "$@" <<-'EOF'
		import base64, sys
		text = open(sys.argv[1]).read().strip().split(':')[1]
		key = base64.b64decode(text)
		parts = [key, key[:8], key[8:], text[:20].encode(), key.hex().encode()]
		found = [name for name in sys.argv[2:] for data in [open(name, 'rb').read()] if any(part in data for part in parts)]
		print(*found)
		sys.exit(not found)
	EOF
}

@test "a core dump, the environment, the command line and the messages of an announcer or a loader do not have the key" {
	local pattern program
	needs_plain_build
	discloses "$KEY"
	pattern=$(cat /proc/sys/kernel/core_pattern)
	[ "$pattern" = core ] || skip "cores do not go to the working directory here: $pattern"
	for program in 'rollcall announce' rollcall-announce 'rollcall attach --announce'; do
		cd "$T"
		ulimit -c unlimited 2>/dev/null || skip "core dumps are not permitted here: ulimit -Hc is $(ulimit -Hc)"
		announces_on $program -v
		for what in environ cmdline; do cat "/proc/${PIDS[announcer]}/$what" >"$T/$what"; done
		grep -q dd <(sed -n '/^VmFlags/p' "/proc/${PIDS[announcer]}/smaps")
		stop announcer ABRT || :
		core=$(ls "$T"/core*)
		[ "$(stat -c %s "$core")" -gt 10000 ]
		run ! discloses "$core" "$T/environ" "$T/cmdline" "$(out announcer)"
		[ "$status" -eq 1 ]
		rm "$core"
		stop listener || :
		start listener on node-b listener eth0
		await has_line listener listening
	done
}

@test "memory of an announcer has the key only in the pages that a core dump leaves out" {
	needs_plain_build
	announces_on rollcall-announce
	python3 - "${PIDS[announcer]}" "$KEY" <<-'EOF'
		import base64, re, sys
		pid, path = sys.argv[1:]
		key = base64.b64decode(open(path).read().strip().split(':')[1])
		places, region = [], None
		with open(f'/proc/{pid}/mem', 'rb') as memory:
		    for line in open(f'/proc/{pid}/smaps'):
		        if found := re.match(r'([0-9a-f]+)-([0-9a-f]+) r', line): region = [int(x, 16) for x in found.groups()]
		        if line.startswith('VmFlags') and region:
		            memory.seek(region[0])
		            try: data = memory.read(region[1] - region[0])
		            except OSError: data = b''
		            if key[:8] in data or key[8:] in data: places.append('dd' in line.split())
		            region = None
		print(places)
		assert places == [True]
	EOF
}
