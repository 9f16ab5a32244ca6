# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Sealed messages, for the suites about them. They are checked with examples/sealed.py, which shares no code with
# rollcall.

# key_file NAME [ID]...: write $T/NAME with a new key for each ID (1)
key_file() {
	local id name=$1
	shift
	(umask 077; : >"$T/$name")
	for id in "${@:-1}"; do rollcall genkey | sed "s/^1:/$id:/" >>"$T/$name"; done
}

# messages_of LISTENER KEYFILE: print each message in the output of the listener, as
# "ADDRESS announcement|goodbye key ID good|bad|none sequence N NAME"
messages_of() {
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$TOP/examples python3 - "$(out "$1")" "$2" <<-'EOF'
		import re, sys, sealed
		keys = sealed.read_keys(sys.argv[2])
		for line in open(sys.argv[1], encoding='latin-1'):
		    found = re.match(r'(\S+) port \d+ ttl 1 bytes \d+: (rollcall1:.*)', line)
		    if not found: continue
		    payload = re.sub(rb'\\([0-9a-f]{2})', lambda m: bytes([int(m[1], 16)]), found[2].encode('latin-1'))
		    number, sequence = payload[11], int.from_bytes(payload[12:20], 'big')
		    fault = sealed.check(keys, found[1], payload, sequence)
		    seal = 'good' if not fault else 'none' if not number and payload[20:28] == bytes(8) else fault
		    kind = {0: 'announcement', 1: 'goodbye'}.get(payload[10], 'unknown')
		    print(found[1], kind, 'key', number, seal, 'sequence', sequence, payload[28:].decode())
	EOF
}

# received LISTENER KEYFILE PATTERN: the listener has received a message that matches PATTERN
received() { messages_of "$1" "$2" | grep -qE -- "$3"; }
