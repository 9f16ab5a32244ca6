#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The web page of `rollcall serve` in a real browser: headless Chromium, by the DevTools protocol.
# bats file_tags=alone

load ../helper
load ../sealed
load browser

# a_page: three hosts, and the page with them
a_page() {
	attach_long
	announce_from node-b
	announce_from node-c --hostname beta-10
	announce_from node-c --hostname beta-9
	await counted joined 3
	start_server
	open_page 3
}

@test "the table has the content of peers -j, and the number of hosts" {
	a_page
	browser eval "[...$ROWS].map(row => [0, 1, 2, 6].map(i => row.cells[i].textContent).join(' ')).join('\n')" >"$T/page"
	rollcall peers -j | jq -r '.[] | "\(.hostname) \(.address) \(.interface) \(.announcements)"' >"$T/peers"
	diff "$T/peers" "$T/page"
	[ "$(browser eval 'document.querySelector(".count").textContent')" = '3 hosts' ]
	browser await 'document.querySelector(".card b").textContent === "eth0"'
	[ "$(browser eval 'document.querySelector(".card .state").textContent')" = receiving ]
	no_problems
}

@test "bars and ages move between announcements" {
	EXPIRY=10m a_page
	browser eval "window.before = [$(row_of node-b).cells[3].textContent, $(row_of node-b).querySelector('.bar i').style.transform]"
	browser await "$(row_of node-b).cells[3].textContent !== before[0]"
	browser await "$(row_of node-b).querySelector('.bar i').style.transform !== before[1]"
	[ "$(browser eval "parseFloat($(row_of node-b).querySelector('.bar i').style.transform.slice(7)) < parseFloat(before[1].slice(7))")" = true ]
	no_problems
}

@test "a click on a header sorts by that column, and a second click reverses the order" {
	a_page
	[ "$(order_of hostname)" = ascending ]
	[ "$(names)" = 'beta-9 beta-10 node-b' ]
	browser click 'th[data-sort=hostname] button'
	shows_names node-b beta-10 beta-9
	[ "$(order_of hostname)" = descending ]
	browser click 'th[data-sort=address] button'
	shows_names node-b beta-9 beta-10
	[ "$(order_of address)" = ascending ]
	[ "$(order_of hostname)" = none ]
	until [ "$(peer_field beta-10 announcements)" = 2 ]; do announce_from node-c --hostname beta-10; done
	browser click 'th[data-sort=received] button'
	shows_names beta-10 beta-9 node-b
	[ "$(order_of received)" = descending ]
	no_problems
}

@test "typing filters by name, address and interface, and Escape clears the filter" {
	a_page
	browser key /
	[ "$(focused)" = filter ]
	browser type ETA-1
	shows_names beta-10
	[ "$(browser eval 'document.querySelector(".count").textContent')" = '1 of 3 hosts' ]
	browser key Escape
	shows_names beta-9 beta-10 node-b
	browser type 10.77.0.2
	shows_names node-b
	browser key Escape
	browser type eth0
	shows_names beta-9 beta-10 node-b
	browser type x
	browser await '!document.getElementById("empty").hidden'
	[[ $(browser eval 'document.getElementById("empty").textContent') = *'No host matches the filter'* ]]
	no_problems
}

@test "joins and leaves are shown without a reload" {
	a_page
	browser eval 'window.same = true'
	announce_from node-b --hostname alpha
	shows_names alpha beta-9 beta-10 node-b
	browser await 'document.querySelector("#event-rows li.join b").textContent === "alpha"'
	age alpha 200h
	announce_from node-c --hostname zeta # a join makes the server read the table
	shows_names beta-9 beta-10 node-b zeta
	browser await 'document.querySelector("#event-rows li.leave")'
	[[ $(browser eval 'document.querySelector("#event-rows li.leave").textContent') = *left*alpha*10.77.0.2*eth0*expired ]]
	browser await 'document.title === "4 hosts - rollcall"'
	[ "$(browser eval 'same')" = true ]
	no_problems
}

@test "a move is marked, and a name conflict is red and has both addresses" {
	a_page
	announce_from node-b --hostname beta-9
	browser await "$(row_of beta-9).cells[7].textContent === 'moved'"
	announce_from node-c --hostname beta-9
	browser await "$(row_of beta-9).cells[7].textContent === 'conflict'"
	browser await "$(row_of beta-9).cells[1].textContent === '10.77.0.310.77.0.2'"
	browser await 'document.querySelector(".count .bad").textContent === "1 conflict"'
	[ "$(browser eval "getComputedStyle($(row_of beta-9).cells[0]).color")" = 'rgb(179, 38, 30)' ]
	browser await 'document.querySelector("#event-rows li").className === "conflict"'
	browser click 'th[data-sort=note] button'
	shows_names beta-9 beta-10 node-b
	no_problems
}

@test "in a table with keys a host is marked as sealed, in its row, in its details and without JavaScript" {
	keyfile "$KEY1"
	attach_long --key "$T/keys" --accept-unsealed
	announces node-b node-b
	announce_from node-c
	announce_from node-c --hostname both
	await counted joined 3
	start_server
	open_page 3
	[ "$(marks_of node-b)" = sealed ]
	[ -z "$(marks_of node-c)$(marks_of both)" ]
	browser click '#rows tr:nth-child(3)'
	browser await 'document.querySelector("dialog").open'
	[ "$(browser eval 'document.querySelector("dialog h2").textContent')" = node-b ]
	[ "$(browser eval '[...document.querySelectorAll("dialog .facts .mark")].map(e => e.textContent).join()')" = sealed ]
	browser key Escape
	browser await '!document.querySelector("dialog").open'
	browser click '#rows tr:nth-child(4)'
	browser await 'document.querySelector("dialog").open'
	[ "$(browser eval 'document.querySelectorAll("dialog .facts .mark").length')" = 0 ]
	browser key Escape
	# a host that becomes sealed, a sealed one that moves, and the goodbye of a sealed one
	announces node-b both
	browser await "$(row_of both).cells[7].textContent === 'sealed'"
	announces node-c node-b
	browser await "$(row_of node-b).cells[7].textContent === 'movedsealed'"
	[ "$(marks_of node-b)" = 'moved sealed' ]
	send node-c "$(goodbye node-c node-b)"
	shows_names both node-c
	[[ $(browser eval 'document.querySelector("#event-rows li.leave").textContent') = *left*node-b*10.77.0.3*eth0*goodbye ]]
	no_problems
	browser scripts off
	browser go "$PAGE?"
	[ "$(browser eval '[...document.querySelectorAll("#rows tr")].map(row => row.cells[0].textContent + "=" + row.cells[7].textContent).join()')" = both=sealed,node-c= ]
	no_problems
}

@test "details have every entry, and the time lines and intervals of the history" {
	attach_long
	announce_from node-b
	on node-b rollcall announce -q -6 eth0 --count 1
	await counted joined 2
	start_recorder
	start_server
	open_page 1
	browser await 'document.querySelectorAll("#presence-rows .line .p1, #presence-rows .line .p2").length > 0'
	[ "$(browser eval 'document.querySelector("#presence-rows .line").textContent')" = node-b ]
	[[ $(cell node-b 1) = *+1 ]]
	browser click '#rows tr[role=row]'
	browser await 'document.querySelectorAll("dialog .line svg").length === 3'
	[ "$(browser eval '[...document.querySelectorAll("dialog .line span")].map(e => e.textContent).join()')" = 'Last hour,Last day,Last week' ]
	browser await 'document.querySelectorAll("dialog tbody tr").length >= 1'
	[ "$(browser eval 'document.querySelectorAll("dialog .entry").length')" = 2 ]
	mac=$(ip -n "$ID-node-b" -j link show eth0 | jq -r '.[0].address')
	[[ $(browser eval 'document.querySelector("dialog .entries").textContent') = *10.77.0.2*"$mac"*fe80:* ]]
	browser key Escape
	browser await '!document.querySelector("dialog").open'
	no_problems NOTHING
}

@test "without a server the page reports that it is stale, and after its return it loads everything again" {
	a_page
	stop server KILL || :
	browser await '!document.getElementById("banner").hidden'
	[[ $(browser eval 'document.getElementById("banner").textContent') =~ ^No\ connection\ since\ [0-9:]{8}:\ the\ list\ is\ not\ up\ to\ date$ ]]
	[ "$(browser eval 'document.getElementById("live").textContent')" = 'No connection' ]
	[ "$(browser eval 'const at = now(); for (let end = performance.now() + 20; performance.now() < end;); now() - at')" = 0 ]
	peer "$ROLLCALL_PIN_DIR" remove beta-9
	announce_from node-b --hostname gamma
	[ "$(names)" = 'beta-9 beta-10 node-b' ]
	start_server
	browser await 'document.getElementById("banner").hidden'
	shows_names beta-10 gamma node-b
	browser await 'document.getElementById("live").textContent === "Live"'
	announce_from node-b --hostname alpha
	shows_names alpha beta-10 gamma node-b
	no_problems 'ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|status of 404 .*/timeline'
}

@test "without a table the page has the reason and what to do, and shows the table when it is there" {
	start_server
	start_browser
	browser go "$PAGE"
	browser await '!document.getElementById("empty").hidden'
	[[ $(browser eval 'document.getElementById("empty").textContent') = *'rollcall attach'* ]]
	attach_long
	announce_from node-b
	has_rows 1
	no_problems 'status of 503|status of 404 .*/timeline'
}

@test "hostile hostnames and a hostile page address are only text" {
	local name number=0
	local -a hostile=('<img src=x onerror=alert(1)>' '"><script>alert(2)</script>' '<svg/onload=alert(3)>' "'-alert(4)-'" 'javascript:alert(5)'
		'&lt;b&gt;bold' $'\e[31mred' $'\u202egpj.exe' '*' '[a-z]' '__proto__' 'constructor')
	attach_long
	for name in "${hostile[@]}"; do add "$name" "10.77.1.$((++number))"; done
	start_recorder
	start_server
	open_page "$(rollcall peers -c)"
	[ "$(browser eval "[...$ROWS].map(row => row.cells[0].textContent).sort().join('\n')")" = "$(
		on node-a python3 -c 'import json, urllib.request as u
print("\n".join(sorted((h["hostname"] for h in json.load(u.urlopen("http://127.0.0.1:49001/api/v1/hosts"))), key=lambda n: n.encode("utf-16-be"))))')" ]
	[ "$(browser eval 'document.querySelectorAll("#rows :is(img, script, svg, b), #presence-rows :is(img, script, b)").length')" = 0 ]
	browser eval '(async () => {
		const until = async condition => { while (!condition()) await new Promise(requestAnimationFrame); };
		for (const host of shown) {
			openDetails(host);
			await until(() => details.querySelector(".lines").textContent);
			if (details.querySelector("h2").textContent !== host.name || details.querySelector("h2").children.length) throw host.name;
			if (details.querySelector("img, script, b")) throw host.name;
			details.close();
			await until(() => !opened);
		}
		return shown.length;
	})()' >"$T/opened"
	[ "$(cat "$T/opened")" = "$(rollcall peers -c)" ]
	browser go about:blank
	browser go "$PAGE#<img src=x onerror=alert(6)>"
	browser await "$ROWS.length === $(rollcall peers -c)"
	no_problems NOTHING
	browser scripts off
	browser go "$PAGE?"
	[ -z "$(browser eval 'document.querySelector("#rows :is(img, script, svg, b)")')" ]
	no_problems NOTHING
}

@test "the page can be used without a mouse" {
	a_page
	browser key /
	browser key ArrowDown
	[ "$(focused)" = beta-9 ]
	browser key ArrowDown
	[ "$(focused)" = beta-10 ]
	browser key End
	[ "$(focused)" = node-b ]
	[ "$(browser eval 'getComputedStyle(document.activeElement).outlineStyle')" = solid ]
	browser key Enter
	browser await 'document.querySelector("dialog").open'
	[ "$(browser eval 'document.querySelector("dialog h2").textContent')" = node-b ]
	browser key Escape
	browser await '!document.querySelector("dialog").open'
	browser await 'document.activeElement.cells && document.activeElement.cells[0].textContent === "node-b"'
	browser key Home
	[ "$(focused)" = beta-9 ]
	browser key ArrowUp
	[ "$(focused)" = filter ]
	# Tab from the filter leads to the headers, and Enter sorts
	browser key Tab
	[ "$(focused)" = Hostname ]
	browser key Enter
	shows_names node-b beta-10 beta-9
	no_problems
}

@test "a phone shows every host without horizontal scrolling, dark and light have enough contrast" {
	local view size scheme
	attach_long
	add a-name-of-sixty-four-characters.which-is-the-longest-that-exists-in 10.77.0.200
	add six fe80::5054:ff:fe12:3456
	announce_from node-b
	announce_from node-c --hostname node-b
	announce_from node-b --hostname node-b
	start_recorder
	start_server
	open_page 3
	for size in '390 844' '320 640' '800 600' '1000 700' '1280 800' '1440 900'; do
		# shellcheck disable=SC2086
		browser size $size
		for view in hosts presence events; do
			browser eval "document.body.dataset.view = '$view'" >/dev/null
			is_not_wider_than "${size% *}" || { echo "$size $view"; return 1; }
		done
		browser eval 'document.body.dataset.view = "hosts"' >/dev/null
		[ "$(browser eval "Math.min(...[...$ROWS].map(row => row.cells[0].clientWidth)) >= 120")" = true ] || { echo "$size: no room for the name"; return 1; }
		for scheme in light dark; do
			browser media prefers-color-scheme "$scheme"
			[ "$(browser eval "$(cat "$BATS_TEST_DIRNAME/contrast.js")")" = '' ] || { browser eval "$(cat "$BATS_TEST_DIRNAME/contrast.js")"; return 1; }
		done
	done
	browser size 390 844
	browser click '#rows tr[role=row]'
	browser await 'document.querySelectorAll("dialog .line svg").length === 3'
	[ "$(browser eval 'document.querySelector("dialog").scrollWidth')" -le 390 ]
	[ -z "$(browser eval "$(cat "$BATS_TEST_DIRNAME/contrast.js")")" ]
	browser key Escape
	browser media prefers-reduced-motion reduce
	[ "$(browser eval 'getComputedStyle(document.querySelector(".bar i")).transitionDuration')" = 0s ]
	no_problems NOTHING
}

@test "without JavaScript the page is a plain table" {
	attach_long
	announce_from node-b
	on node-a crowd eth0 100 0
	start_server
	start_browser
	browser scripts off
	browser go "$PAGE"
	[ "$(browser eval 'document.querySelectorAll("#rows tr").length')" = 101 ]
	[ "$(browser eval 'document.querySelector("#rows tr").innerText.split("\t").slice(0, 3).join(" ")')" = "$(rollcall peers -H | awk 'NR == 1 { print $1, $2, $3 }')" ]
	# all of it is drawn, and nothing that only scripts can use
	[ "$(browser eval '[...document.querySelectorAll("#rows tr")].filter(row => row.checkVisibility()).length')" = 101 ]
	[ "$(browser eval '[...document.querySelectorAll(".script")].filter(element => element.checkVisibility()).length')" = 0 ]
	no_problems
}
