#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Keys: genkey, and the rules for key files.

load helper
load announced

LINE='^[0-9]+:[A-Za-z0-9+/]{21}[AQgw]==$'

# write MODE FORMAT: write the key file $T/keys
write() {
	rm -f "$T/keys"
	# shellcheck disable=SC2059
	(umask 077; printf "$2" >"$T/keys")
	chmod "$1" "$T/keys"
}

# rejects PATTERN [COMMAND...]: the key file is rejected in one line, which does not have the text of a key
rejects() {
	local pattern=$1
	shift
	fails_with 1 "^rollcall: key file '$T/keys': $pattern" "${@:-rollcall}" genkey "$T/keys" || return 1
	[ -z "$output" ]
	[[ $stderr != *[A-Za-z0-9+/]{22}* && $stderr != *SECRET* ]]
}

GOOD=AAECAwQFBgcICQoLDA0ODw==

@test "genkey prints one line: an id and 16 random bytes in base64" {
	run --separate-stderr rollcall genkey
	[ "$status" -eq 0 ]
	[[ $output =~ $LINE && $output = 1:* ]]
	[ -z "$stderr" ]
	[ "$(base64 -d <<<"${output#1:}" | wc -c)" = 16 ]
	[ "$(for i in {1..50}; do rollcall genkey; done | sort -u | wc -l)" = 50 ]
}

@test "genkey FILE takes the lowest id that is free in FILE, which it only reads" {
	local before
	[[ $(rollcall genkey "$T/none") = 1:* ]]
	write 600 ''
	[[ $(rollcall genkey "$T/keys") = 1:* ]]
	write 600 "# the first\n\n  3:$GOOD\t\r\n1:$GOOD\n"
	before=$(stat -c '%i %Y %s' "$T/keys"; cat "$T/keys")
	[[ $(rollcall genkey "$T/keys") = 2:* ]]
	[ "$(stat -c '%i %Y %s' "$T/keys"; cat "$T/keys")" = "$before" ]
	write 600 "$(for id in {1..255}; do echo "$id:$GOOD\n"; done)"
	rejects "all ids in 1\.\.255 are used \(remove "
}

@test "a file to which no line can be added is rejected" {
	write 600 "1:$GOOD"
	rejects "the last line does not end in a newline \(run 'echo >>FILE'\)"
	write 600 "1:$GOOD\n# comment"
	rejects "the last line does not end in a newline"
	echo >>"$T/keys"
	rollcall genkey "$T/keys" >>"$T/keys"
	[[ $(rollcall genkey "$T/keys") = 3:* ]]
	fails_with 2 "'' is not the name of a file" rollcall genkey ''
}

@test "a file that cannot be opened is reported with a remedy" {
	write 600 "1:$GOOD\n"
	chmod 755 "$T"
	chown 0:0 "$T/keys"
	rejects "cannot be opened: Permission denied \(run this as the owner of the file, usually root\)" as_other_user rollcall
	fails_with 1 "^rollcall: key file '$T/keys/x': cannot be opened: Not a directory \(give the name of a key file\)" \
		rollcall genkey "$T/keys/x"
	ln -s loop "$T/loop"
	fails_with 1 "cannot be opened: Too many levels of symbolic links \(give the name of a key file\)" rollcall genkey "$T/loop"
}
as_other_user() { setpriv --reuid=4242 --regid=4242 --clear-groups -- "$@"; }

@test "genkey warns about a file that other users can read" {
	(umask 022; rollcall genkey >"$T/new" 2>"$T/err")
	[[ $(cat "$T/err") =~ ^rollcall:\ standard\ output\ is\ a\ file\ .*chmod ]]
	(umask 077; rollcall genkey >"$T/new2" 2>"$T/err")
	[ ! -s "$T/err" ]
	[[ $(cat "$T/new2") =~ $LINE ]]
}

@test "a key cannot be written to a full disk without an error" {
	fails_with 1 'cannot write to standard output: No space' sh -c 'rollcall genkey >/dev/full'
}

@test "each fault of a key file is one line with the line number and the remedy, without the key" {
	write 600 "1:$GOOD\n2:SECRETSECRET\n"
	rejects "line 2: not 16 bytes in base64 after the id \(make one with 'rollcall genkey'\)"
	write 600 "1:SECRETSECRETSECRETSE==\n"
	rejects "line 1: not 16 bytes in base64"
	write 600 '1:SECRETSECRETSECRETSEC===\n'
	rejects "line 1: not 16 bytes in base64"
	write 600 '1:AAECAwQFBgcICQoLDA0ODx==\n' # the last bits are not zero
	rejects "line 1: not 16 bytes in base64"
	write 600 "# comment\n0:$GOOD\n"
	rejects "line 2: not ID:BASE64 with an id in 1\.\.255 \("
	write 600 "256:$GOOD\n"
	rejects "line 1: not ID:BASE64"
	write 600 "x:$GOOD\n"
	rejects "line 1: not ID:BASE64"
	write 600 "99999999999999999999:$GOOD\n"
	rejects "line 1: not ID:BASE64"
	write 600 "1 :$GOOD\n"
	rejects "line 1: not ID:BASE64"
	write 600 "$GOOD\n"
	rejects "line 1: not ID:BASE64"
	write 600 "7:$GOOD\n8:$GOOD\n7:$GOOD\n"
	rejects "line 3: a line above has the same id \(give each key its own id\)"
	write 600 "1:$GOOD\n\\0"
	rejects "has a zero byte"
	write 600 "$(head -c 40000 /dev/zero | tr '\0' '#')"
	rejects "longer than 32768 bytes \("
}

@test "a key file that other users may access, or of another owner, is rejected" {
	write 604 "1:$GOOD\n"
	rejects "other users may access it \(run 'chmod o= $T/keys'\)$"
	write 601 "1:$GOOD\n"
	rejects "other users may access it"
	write 640 "1:$GOOD\n"
	[[ $(rollcall genkey "$T/keys") = 2:* ]]
	chown 4242 "$T/keys"
	rejects "its owner is neither root nor the user of this process \(run 'chown root $T/keys'\)$"
	chown 4242:4242 "$T/keys"
	[[ $(as_user rollcall genkey "$T/keys") = 2:* ]]
	chown 0:4242 "$T/keys"
	[[ $(as_user rollcall genkey "$T/keys") = 2:* ]]
	chown 4243:4242 "$T/keys"
	rejects "its owner is neither" as_user rollcall
	# the service manager decides on the owner of credentials
	[[ $(CREDENTIALS_DIRECTORY=$T as_user rollcall genkey "$T/keys") = 2:* ]]
	CREDENTIALS_DIRECTORY=$T/other rejects "its owner is neither" as_user rollcall
	chmod 604 "$T/keys"
	CREDENTIALS_DIRECTORY=$T rejects "other users may access it" as_user rollcall
}

# the directories above $T are only for root
as_user() { setpriv --reuid=4242 --regid=4242 --clear-groups --inh-caps=+dac_read_search --ambient-caps=+dac_read_search -- "$@"; }

@test "what is not a regular file is rejected at once" {
	mkfifo -m 600 "$T/keys"
	rejects "not a regular file" timeout 10 rollcall
	rm "$T/keys"
	mkdir "$T/keys"
	rejects "not a regular file"
	rmdir "$T/keys"
	ln -s /nonexistent/keys "$T/keys"
	[[ $(rollcall genkey "$T/keys") = 1:* ]]
}
