#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# Floods of made-up names, with real frames at full speed, while a thousand hosts announce themselves on their schedule:
# their entries are never missing (tools/flood.c).
# bats file_tags=alone

load helper

FRAMES=1000000

# flooded FROM NAMES: run a flood; its output is in $flood
flooded() {
	lan node-a node-b
	attach_on node-a --max-peers 4096 --expiry 20s
	on node-b flood eth0 "$@" "$FRAMES" >"$T/flood.out"
	flood=$(cat "$T/flood.out")
	echo "$flood"
	rollcall status
	# frames were received, the hosts announced themselves meanwhile, and the table was read
	holds ".received >= $FRAMES and .calls > 1000 and .looks > 1"
	holds '.missing == 0'
}

holds() { jq -e "$1" <<<"$flood" >/dev/null; }
peers_like() { rollcall peers -j "$1" | jq length; }

@test "a million made-up names from one address remove no host, and a new host is recorded" {
	flooded one "$FRAMES"
	holds .newcomer
	[ "$(peers_like 'made-*')" = 16 ]
	# sixteen names per expiry that the flood lasts are accepted
	[ "$(outcome throttled)" -ge $((FRAMES - 16 * (1 + SECONDS / 20))) ]
}

@test "a million made-up names, each from its own address, remove no live entry" {
	flooded each "$FRAMES"
	[ "$(outcome full)" -gt 0 ]
	[ "$(rollcall peers -j | jq length)" -le 4096 ]
}

@test "made-up names that stay alive by repeating remove no live entry" {
	flooded each 8000
	[ "$(outcome full)" -gt 0 ]
	[ "$(outcome refreshed)" -gt "$((FRAMES / 8))" ]
	[ "$(rollcall peers -j | jq length)" -le 4096 ]
}

@test "hosts that all start at once, each from its own address, are all recorded at their first announcement" {
	lan node-a
	attach_on node-a --max-peers 4096
	on node-a crowd eth0 4096 0
	[ "$(outcome joined)" = 4096 ]
	[ "$(rollcall peers -j | jq length)" = 4096 ]
	[ "$(outcome full)" = 0 ]
}
