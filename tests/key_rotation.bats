#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The key file of a loader: a changed file is read again, without a restart and without the loss of a peer.

load helper
load sealed

# sender_keys LINE...: replace the key file of the senders
sender_keys() {
	(
		umask 077
		printf '%s\n' "$@" >"$T/sender-keys.new"
	)
	mv "$T/sender-keys.new" "$T/sender-keys"
}

# receives_again N: every sender was received N more times than $COUNT, and nothing was rejected
receives_again() { [ "$(outcomes refreshed)" -ge $((COUNT + $1)) ]; }
receive_more() {
	COUNT=$(outcomes refreshed)
	await receives_again 12
	[ "$(outcomes unknown_key bad_seal stale unsealed)" = '0 0 0 0' ]
}

@test "a rotation over three keys under load: every peer stays, and no message is rejected" {
	local host old new keys=("$KEY1" "$KEY2" "$KEY3" "$KEY1")
	lan node-a node-b node-c node-d
	sender_keys "$KEY1"
	attach_with_keys node-a
	for host in node-b node-c node-d; do
		start "$host" on "$host" rollcall announce eth0 --key "$T/sender-keys" --interval 100ms
	done
	for host in node-b node-c node-d; do await lists "$host"; done
	for new in 1 2 3; do
		old=${keys[new - 1]} new=${keys[new]}
		keyfile "$old" "$new" # to all receivers
		await has_key_ids "$(printf '%s\n' "${old%%:*}" "${new%%:*}" | sort | paste -sd' ')"
		receive_more
		sender_keys "$new" "$old" # first on the senders
		for host in node-b node-c node-d; do await seals_with "$host" "${new%%:*}"; done
		receive_more
		keyfile "$new" # the old one away
		await has_key_ids "${new%%:*}"
		receive_more
	done
	[ "$(peers | tr ' ' '\n' | sort -u | paste -sd' ')" = 'node-b node-c node-d' ]
	run ! has_line loader-node-a ' (leave|move) '
	[ "$(lines_with loader-node-a ' join ')" = 6 ] # over both families, once each
}
# seals_with HOST ID: the last message of HOST has the key ID
seals_with() { [ "$(grep -o 'sealed with key .*' "$(out "$1")" | tail -n 1)" = "sealed with key $2" ]; }

# flood MESSAGE: send MESSAGE again and again; a copy is stale, but its key is looked up before that is known
flood() {
	local messages=()
	mapfile -t messages < <(yes "$1" | head -n 5000)
	while on node-b datagram eth0 10.77.0.2 "${messages[@]}"; do :; done
}

@test "while keys are added and removed, no message with a key that stays is rejected" {
	local message i
	lan node-a node-b
	attach_with_keys node-a
	message=$(sealed node-b node-b)
	start flood flood "$message"
	await some_are_counted 1
	for i in {1..10}; do
		keyfile "$KEY1" "$KEY2"
		await has_key_ids '1 2'
		keyfile "$KEY3" "$KEY1"
		await has_key_ids '1 3'
	done
	await some_are_counted 20000
	stop flood || :
	[ "$(outcomes unknown_key bad_seal)" = '0 0' ]
}
some_are_counted() { [ "$(outcome stale)" -ge "$1" ]; }

@test "a key that was removed is unknown, and a key with the same id and other bytes replaces the old one" {
	lan node-a node-b
	keyfile "$KEY1" "$KEY2"
	attach_with_keys node-a
	[ "$(key_ids)" = '1 2' ]
	keyfile "$KEY2"
	await has_line loader-node-a "key file '.*': read again: 1 key$"
	await has_key_ids 2
	announces node-b node-b
	await counted unknown_key 1
	keyfile "2:${KEY1#1:}"
	await replaced_key
	announces node-b node-b --key "$KEY2"
	await counted bad_seal 1
}
replaced_key() {
	announces node-b node-b --key "2:${KEY1#1:}"
	lists node-b
}

@test "a broken edit keeps the previous keys and is reported once, and a repaired one is taken" {
	lan node-a node-b
	attach_with_keys node-a
	keyfile "$KEY1" "$KEY2" "2:nonsense"
	await has_line loader-node-a "key file '.*': the previous keys stay in use: line 3: "
	touch "$T/keys"
	chmod 0640 "$T/keys"
	[ "$(key_ids)" = 1 ]
	announces node-b node-b
	await lists node-b
	keyfile "$KEY1" "$KEY2"
	await has_key_ids '1 2'
	has_line loader-node-a "key file '.*': read again: 2 keys$"
	[ "$(lines_with loader-node-a 'the previous keys stay in use')" = 1 ]
	run ! has_line loader-node-a nonsense
	# a file that other users may read is not taken either
	chmod 0644 "$T/keys"
	await has_line loader-node-a "the previous keys stay in use: other users may access it \(run 'chmod o= $T/keys'\)$"
}

# The steps of rollcall(8), "To introduce a key". The loader is restarted as its unit restarts it, by SIGHUP.
@test "a key is introduced in the documented steps; --replace may stay in the options" {
	local table
	lan node-a node-b
	keyfile "$KEY1"
	attach_on node-a
	start node-b on node-b rollcall announce eth0 --interval 100ms
	await lists node-b
	fails_with 1 "the loader with pid ${PIDS[loader-node-a]} uses the table .* \(stop it first\)" \
		on node-a rollcall attach eth0 --key "$T/keys" --accept-unsealed --replace
	stop loader-node-a HUP
	fails_with 1 'is plain, not mixed' on node-a rollcall attach eth0 --key "$T/keys" --accept-unsealed
	attach_on node-a --key "$T/keys" --accept-unsealed --replace
	[ "$(table_sealing)" = mixed ]
	await lists node-b
	stop node-b
	start node-b on node-b rollcall announce eth0 --interval 100ms --key "$T/keys"
	await is_marked_sealed node-b
	table=$(table_id)
	stop loader-node-a HUP
	attach_on node-a --key "$T/keys" --accept-unsealed --replace
	[ "$(table_id)" = "$table" ] # equal settings: the table is taken over
	lists node-b
	stop loader-node-a HUP
	attach_on node-a --key "$T/keys" --replace
	[ "$(table_sealing)" = sealed ]
	await is_marked_sealed node-b
}
table_sealing() { rollcall status -j | jq -r .sealing; }
table_id() { bpftool -j map show pinned "$ROLLCALL_PIN_DIR/peers" | jq .id; }
is_marked_sealed() { rollcall peers | grep -E "^$1 .*sealed" >/dev/null; }

@test "a key file is read again when a directory of its path is replaced" {
	lan node-a
	mkdir "$T/v1" "$T/v2" "$T/v3"
	(umask 077; echo "$KEY1" >"$T/v1/key"; echo "$KEY2" >"$T/v2/key"; echo "$KEY3" >"$T/v3/key")
	ln -s v1 "$T/cur"
	attach_on node-a --key "$T/cur/key" --expiry 2s --max-skew 1s
	[ "$(key_ids)" = 1 ]
	ln -s v2 "$T/link"
	mv -T "$T/link" "$T/cur"
	await has_key_ids 2
	mv "$T/v2" "$T/old"
	mv "$T/v3" "$T/v2"
	await has_key_ids 3
	# then the new directory is watched
	(umask 077; echo "$KEY1" >"$T/v2/new")
	mv "$T/v2/new" "$T/v2/key"
	await has_key_ids 1
}

@test "a faulty key file is reported at the start, and nothing is left behind" {
	local before
	lan node-a
	before=$(state_of node-a)
	keyfile "$KEY1" "$KEY1"
	fails_with 1 "key file '.*': line 2: a line above has the same id" on node-a rollcall attach eth0 --key "$T/keys"
	fails_with 1 "key file '.*/none': cannot be opened: No such file" on node-a rollcall attach eth0 --key "$T/none"
	diff <(echo "$before") <(state_of node-a)
}

@test "at each start the map is made equal to the file, also when a table is taken over" {
	lan node-a
	keyfile "$KEY1" "$KEY2"
	attach_with_keys node-a
	stop loader-node-a KILL || :
	keyfile "$KEY2" "$KEY3"
	attach_with_keys node-a
	[ "$(key_ids)" = '2 3' ]
	has_line loader-node-a "had other keys: those of key file '$T/keys' replace them"
}

@test "a loader whose key file is a credential reports the other keys of a table like any other loader" {
	lan node-a
	export CREDENTIALS_DIRECTORY=$T
	attach_with_keys node-a
	reported 0 loader-node-a
	stop loader-node-a HUP
	keyfile "$KEY2"
	attach_with_keys node-a
	reported 1 loader-node-a
	has_line loader-node-a "had other keys: those of key file '$T/keys' replace them"
}

@test "of two loaders with different key files the last one decides, and the first one reports it once" {
	local line="the table in '.*' has other keys than key file '$T/keys': give all of its loaders the same keys$"
	lan node-a
	second_lan node-a
	attach_with_keys node-a --expiry 1s --max-skew 500ms
	(umask 077; echo "$KEY3" >"$T/other")
	start second on node-a rollcall attach eth1 --key "$T/other"
	await is_loader_of 1 second
	[ "$(key_ids)" = 3 ]
	await has_line loader-node-a "$line"
	kill -STOP "${PIDS[second]}"
	pass_sweeps
	[ "$(lines_with loader-node-a "$line")" = 1 ]
	# the same keys: then the next difference is reported
	keyfile "$KEY3"
	await has_line loader-node-a "key file '.*': read again: 1 key$"
	pass_sweeps
	kill -CONT "${PIDS[second]}"
	echo "$KEY2" >"$T/other"
	await has_key_ids 2
	await is_reported_twice "$line"
	run ! has_line second "has other keys than"
}
is_reported_twice() { [ "$(lines_with loader-node-a "$1")" = 2 ]; }
# pass_sweeps: the only loader that runs sweeps a few times; it then writes the difference of the clocks
pass_sweeps() {
	local offset
	for _ in 1 2 3; do
		set_clock ahead 1h
		offset=$(state_field realtime_offset_ns)
		await is_not_state_field realtime_offset_ns "$offset"
	done
}
is_not_state_field() { ! is_state_field "$@"; }

# as_other CMD...: run CMD as another user, with all its capabilities dropped
as_other() { setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all -- "$@"; }

# is_dump: $output has the bytes of a key
is_dump() { [[ $output = *0x07* || $output = *'"bytes": ['* ]]; }

@test "only root can read the keys: by the pin, by its mode, by bpftool, and not in /run/rollcall" {
	lan node-a
	export ROLLCALL_PIN_DIR=/sys/fs/bpf/rollcall
	attach_with_keys node-a
	[ "$(stat -c %a:%U "$ROLLCALL_PIN_DIR/keys")" = 600:root ]
	chmod 0755 /sys/fs/bpf # so that only the mode of the pin is in the way
	as_other stat "$ROLLCALL_PIN_DIR/keys"
	run -0 bpftool map dump pinned "$ROLLCALL_PIN_DIR/keys"
	is_dump
	run ! as_other bpftool map dump pinned "$ROLLCALL_PIN_DIR/keys"
	[[ $output = *'Permission denied'* ]]
	run bpftool map dump name keys # of every table on the machine: another one may be removed meanwhile
	is_dump
	run ! as_other bpftool map dump name keys
	[[ $output = *'Operation not permitted'* ]]
	[ -e /run/rollcall/peers ]
	[ ! -e /run/rollcall/keys ]
	stop loader-node-a
	[ ! -e "$ROLLCALL_PIN_DIR/keys" ]
}

@test "a loader keeps no copy of the keys: not in its memory, its arguments or its output" {
	needs_plain_build
	lan node-a
	keyfile "$KEY1" "$KEY2"
	attach_with_keys node-a
	has_no_key "${PIDS[loader-node-a]}"
	keyfile "$KEY2" "$KEY3"
	await has_key_ids '2 3'
	has_no_key "${PIDS[loader-node-a]}"
	# the search finds a key that is there
	start announcer on node-a rollcall announce eth0 --key "$T/keys"
	await has_line announcer 'sealed with key 2'
	run -1 has_no_key "${PIDS[announcer]}"
	run ! grep -aE "AAECAwQFBgcI|EBESExQVFhcY|ICEiIyQlJico" "$(out loader-node-a)"
}
# has_no_key PID: the writable memory of PID and its children has none of the keys, neither as bytes nor as text
has_no_key() {
	python3 - "$@" $(pgrep -P "$1") <<-'EOF'
		import base64, re, sys
		keys = [bytes(range(at, at + 16)) for at in (0, 16, 32)]
		keys += [base64.b64encode(key)[:20] for key in keys]
		for pid in sys.argv[1:]:
		    with open(f'/proc/{pid}/maps') as maps, open(f'/proc/{pid}/mem', 'rb', 0) as mem:
		        for line in maps:
		            start, end, rights = re.match(r'(\w+)-(\w+) (\S+)', line).groups()
		            if 'w' not in rights: continue
		            mem.seek(int(start, 16))
		            try: data = mem.read(int(end, 16) - int(start, 16))
		            except OSError: continue
		            for key in keys:
		                if key in data: sys.exit(f'a key is in {line.strip()} of {pid}')
	EOF
}
