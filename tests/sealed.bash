# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for suites about sealed announcements: key files, and messages with any key, sequence and source address.

KEY1=1:AAECAwQFBgcICQoLDA0ODw== KEY2=2:EBESExQVFhcYGRobHB0eHw== KEY3=3:ICEiIyQlJicoKSorLC0uLw==

# keyfile LINE...: replace the key file $T/keys atomically
keyfile() {
	(
		umask 077
		printf '%s\n' "$@" >"$T/keys.new"
	)
	mv "$T/keys.new" "$T/keys"
}

# attach_with_keys HOST [OPTION...]: as attach_on, with the key file, which has KEY1 unless it was made before
attach_with_keys() {
	[ -e "$T/keys" ] || keyfile "$KEY1"
	attach_on "$1" --key "$T/keys" "${@:2}"
}

# address_of HOST: its IPv4 address
address_of() {
	local number
	for number in "${!HOSTS[@]}"; do [ "${HOSTS[number]}" != "$1" ] || echo "10.77.0.$((number + 1))"; done
}

# sealed HOST NAME [OPTION...]: print the message with which HOST announces NAME, sealed with KEY1; OPTIONs of 'seal'
sealed() { seal --key "$KEY1" "${@:3}" "$(address_of "$1")" "$2"; }
goodbye() { sealed "$@" --goodbye; }

# send HOST MESSAGE...: HOST sends the messages from its address
send() { on "$1" datagram eth0 "$(address_of "$1")" "${@:2}"; }

# announces HOST NAME [OPTION...]: HOST announces NAME, sealed
announces() { send "$1" "$(sealed "$@")"; }

# outcomes NAME...: print the counts of these outcomes, summed over the interfaces
outcomes() {
	local name
	for name; do rollcall status -j | jq "[.interfaces[].outcomes.$name] | add"; done | paste -sd' '
}
# has_outcomes 'N N...' NAME...
has_outcomes() { [ "$(outcomes "${@:2}")" = "$1" ]; }

# key_ids: print the ids in the map of keys
key_ids() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/keys" | jq -r '.[].formatted.key' | sort -n | paste -sd' '; }
has_key_ids() { [ "$(key_ids)" = "$1" ]; }

# state_field FIELD: print a field of the state
state_field() { bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/state" | jq ".[0].formatted.value.$1"; }
is_state_field() { [ "$(state_field "$1")" = "$2" ]; }

# set_clock back|ahead SPAN: the filter sees this host's clock set, until a loader writes the difference again
set_clock() { peer "$ROLLCALL_PIN_DIR" clock "$@"; }

# pass_time SPAN NAME...: SPAN passes, also for these entries
pass_time() {
	local name
	for name in "${@:2}"; do age "$name" "$1"; done
	set_clock ahead "$1"
}

# entry NAME FIELD: print a field of the entry of NAME in the map, also of a tombstone
entry() {
	bpftool -j map dump pinned "$ROLLCALL_PIN_DIR/peers" |
		jq -r --arg name "$1" ".[].formatted | select(.key.hostname == \$name) | .value.$2"
}
has_entry() { [ "$(entry "$1" flags)" ]; }
has_no_entry() { ! has_entry "$1"; }
