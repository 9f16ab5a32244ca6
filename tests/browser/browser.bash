# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# Functions for the suites of the web page: rollcall-serve on node-a, and a headless Chromium that is also on node-a, so
# that all requests stay on its loopback interface.

PAGE=http://127.0.0.1:49001/
SHOTS=$BUILD/screenshots
ROWS='document.querySelectorAll("#rows tr[role=row]")'

setup_more() {
	type -P "${CHROMIUM:-chromium}" >/dev/null || skip "'make test-browser' was never run here: no chromium"
	DB=$T/db/history.db
	export AWAIT_SECONDS HOME=$T
	lan node-a node-b node-c
}

# attach_long: entries do not expire by themselves, also on a slow machine; EXPIRY is another expiry time
attach_long() { attach_on node-a --expiry "${EXPIRY:-168h}" --names-per-source 0 "$@"; }

start_server() {
	start server on node-a rollcall-serve --db "$DB" "$@"
	await on node-a bash -c ': </dev/tcp/127.0.0.1/49001'
}

start_recorder() {
	start recorder rollcall record --db "$DB"
	await recorder_writes
}
recorder_writes() { [ "$(sqlite3 "file:$DB?mode=ro" 'SELECT known_until FROM recorder')" -gt 0 ]; }

# start_browser: start Chromium; 'browser COMMAND' is described in driver
start_browser() {
	start browser on node-a "$TOP/tests/browser/driver" run "$T/browser" "$T/profile"
	await test -S "$T/browser"
}
browser() { "$TOP/tests/browser/driver" "$T/browser" "$@"; }

# open_page N: load the page, and wait until it has N rows and is live
open_page() {
	start_browser
	browser go "$PAGE"
	has_rows "$1"
	browser await 'document.getElementById("live").textContent === "Live"'
}

has_rows() { browser await "$ROWS.length === $1 && !document.querySelector('#rows > tr:not([role]):not(.spacer)')"; }
names() { browser eval "[...$ROWS].map(row => row.cells[0].textContent).join(' ')"; }
# shows_names NAME...: the table has exactly these hosts, in this order, within the timeout
shows_names() { browser await "[...$ROWS].map(row => row.cells[0].textContent).join(' ') === '$*'"; }
# cell NAME NUMBER: print the text of a cell
row_of() { echo "[...$ROWS].find(row => row.cells[0].textContent === '$1')"; }
cell() { browser eval "$(row_of "$1").cells[$2].textContent"; }
# marks_of NAME: print the marks of a row, "moved sealed"
marks_of() { browser eval "[...$(row_of "$1").cells[7].children].map(mark => mark.textContent).join(' ')"; }
focused() { browser eval 'document.activeElement.id || (document.activeElement.cells || [document.activeElement])[0].textContent'; }
order_of() { browser eval "document.querySelector('th[data-sort=$1]').getAttribute('aria-sort') || 'none'"; }

# no_problems [PATTERN]: Chromium reported nothing, except lines with PATTERN. A history that is not kept is a 404.
no_problems() {
	local found
	found=$(browser problems | grep -vE "${1:-status of 404 .*/timeline}" || :)
	[ -z "$found" ] || { echo "$found"; return 1; }
}

# fits WIDTH: nothing is wider than the window
is_not_wider_than() { [ "$(browser eval 'document.documentElement.scrollWidth')" -le "$1" ]; }

interface_index() { ip -n "$ID-node-a" -j link show eth0 | jq '.[0].ifindex'; }
# add NAME ADDRESS [SPAN]: write an entry into the map
add() { peer "$ROLLCALL_PIN_DIR" add "$1" "$2" "$(interface_index)" "${@:3}"; }

shot() {
	mkdir -p "$SHOTS"
	browser shot "$SHOTS/$1.png"
	echo "# $SHOTS/$1.png" >&3
}
