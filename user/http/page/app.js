// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
//
// The page of `rollcall serve`. Sections: helpers, model, table, interfaces, events, presence, details, connection,
// keyboard. Data from the network is inserted only as text nodes. Times are those of performance.now(), unless a name
// ends in "_at": these are milliseconds since 1970.
'use strict';

// ---- helpers

const REFRESH_MS = 10000; // ages and counters; events are applied when they arrive
const WHOLE_TABLE = 400; // up to this number of hosts, all rows are in the document, so that Ctrl-F finds them
const OVERSCAN = 20; // rows above and below the visible ones, in a larger table
const EVENTS_MAX = 50;
const PRESENCE_MAX = 40;
const RANGES = { '1h': [60, '1 hour ago', 'hour'], '1d': [96, '1 day ago', 'day'], '7d': [84, '7 days ago', 'week'] };
const NO_HISTORY = ['No history. ', '`rollcall record`', ' on this host keeps one.'];

const $ = id => document.getElementById(id);

// el('p.class', 'text', child...): make an element
function el(kind, ...children) {
	const [tag, ...classes] = kind.split('.');
	const element = document.createElement(tag);
	if (classes.length) element.className = classes.join(' ');
	for (const child of children) if (child != null) element.append(child);
	return element;
}

// words('plain', '`command`'): text nodes, and commands as <code>
const words = list => list.map(word => word.startsWith('`') ? el('code', word.slice(1, -1)) : word);

function setText(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

// duration(ms): as the other commands print it: "3s", "2m10s", "5h07m", "12d03h"
function duration(ms) {
	const s = Math.max(0, Math.floor(ms / 1000)), two = n => String(n).padStart(2, '0');
	if (s < 60) return `${s}s`;
	if (s < 3600) return `${Math.floor(s / 60)}m${two(s % 60)}s`;
	if (s < 86400) return `${Math.floor(s / 3600)}h${two(Math.floor(s / 60) % 60)}m`;
	return `${Math.floor(s / 86400)}d${two(Math.floor(s / 3600) % 24)}h`;
}

const two = n => String(n).padStart(2, '0');
const clockTime = date => `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
const fullTime = text => {
	const date = new Date(text);
	return isNaN(date) ? '-' : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(date)}`;
};
const plural = (n, one) => `${n.toLocaleString('en')} ${one}${n === 1 ? '' : 's'}`;

// Sort keys: digits by their value, and addresses by their bytes.
const natural = text => text.replace(/\d+/g, digits => digits.padStart(20, '0'));
function addressKey(address) {
	if (!address.includes(':')) return `4${natural(address)}`;
	const [left, right] = address.split('%')[0].split('::').map(half => half ? half.split(':') : []);
	const zeros = right ? Array(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
	return `6${[...left, ...zeros, ...(right || [])].map(group => group.padStart(4, '0')).join('')}`;
}

// get(path): the JSON of a resource. An error has the reason of the server, or none if the server did not answer.
async function get(path) {
	const response = await fetch(`api/v1/${path}`, { cache: 'no-store', signal: AbortSignal.timeout(8000) });
	const body = await response.json();
	if (!response.ok) throw Object.assign(new Error(body.error || response.statusText), { reason: body.error, status: response.status });
	return body;
}

// ---- model

const hosts = new Map(); // hostname -> host
let all = []; // every host, in the order of the table
let shown = []; // those that the filter selects
let added = []; // hosts that are not in 'all' yet
let removed = false; // hosts of 'all' are not in 'hosts' any longer
let status = { expiry_ms: 35000, interfaces: [] };
let stale = null; // without a connection: { now, lost_at }; times stand still
let reason = null; // of the server, if there is no table
let loaded = false; // the server has answered once

const now = () => stale ? stale.now : performance.now();

function makeHost(name) {
	const host = { name, nameKey: natural(name.toLowerCase()), joined: 0 };
	hosts.set(name, host);
	added.push(host);
	return host;
}

// putHost(record, at): take over a host as the server sent it at the time AT
function putHost(record, at) {
	const host = hosts.get(record.hostname) || makeHost(record.hostname);
	if (host.address !== record.address || host.interface !== record.interface) {
		host.address = record.address;
		host.interface = record.interface;
		host.addressKey = addressKey(record.address);
		host.text = `${record.hostname}\n${record.address}\n${record.interface}`.toLowerCase();
	}
	host.received = at - record.age_ms;
	host.until = at + record.expires_ms;
	if (host.since !== record.since) host.since_at = Date.parse(host.since = record.since);
	host.announcements = record.announcements;
	host.note = record.note || '';
	host.other = record.other_address || '';
	host.sealed = record.sealed === true;
	host.entries = record.entries || [];
	host.seen = at;
}

function removeHost(name) {
	removed = hosts.delete(name) || removed;
}

// applyEvent(event): bring the model up to date. To apply an event twice is harmless.
function applyEvent(event) {
	const { hostname: name, address, family } = event, at = performance.now();
	if (!name) return;
	let host = hosts.get(name);
	const entry = host && host.entries.find(e => e.family === family && e.interface === event.interface);
	if (event.event === 'leave') {
		if (!host) return;
		host.entries = host.entries.filter(e => e !== entry);
		if (!host.entries.length) removeHost(name);
		return;
	}
	const fresh = { hostname: name, family, address, interface: event.interface, first_seen: event.time, last_seen: event.time, announcements: 1 };
	if (!host) {
		putHost({ ...fresh, age_ms: 0, expires_ms: status.expiry_ms, since: event.time, entries: [fresh] }, at);
		host = hosts.get(name);
		host.joined = at;
	} else if (entry) {
		if (host.address === entry.address && host.interface === entry.interface && address !== entry.address)
			Object.assign(host, { address, addressKey: addressKey(address), text: `${name}\n${address}\n${host.interface}`.toLowerCase() });
		entry.address = address;
	} else {
		host.entries.push(fresh);
	}
	if (event.event === 'move' && host.note !== 'conflict') host.note = 'moved';
	if (event.event === 'conflict') host.note = 'conflict';
	if (event.event !== 'join') host.other = address === host.address ? event.previous_address || '' : address;
	host.seen = at;
}

// ---- table

const COLUMNS = { // the value to sort by, and the direction of the first click
	hostname: [host => host.nameKey, 1],
	address: [host => host.addressKey, 1],
	interface: [host => natural(host.interface), 1],
	age: [host => -host.received, 1],
	expires: [host => host.until, 1],
	since: [host => -host.since_at, -1],
	received: [host => host.announcements, -1],
	note: [host => ['conflict', 'moved', 'sealed', ''].indexOf(host.note || (host.sealed ? 'sealed' : '')), 1],
};
const table = $('table'), rows = $('rows'), filter = $('filter');
const rowOf = new Map(); // host -> row in the document
const above = spacer(), below = spacer();
let sort = 'hostname', direction = 1, needle = '', active = null, rowHeight = 0, scheduled = false, eventStart = 0;

function spacer() {
	const row = el('tr.spacer', el('td'));
	row.setAttribute('aria-hidden', 'true');
	return row;
}

function makeRow(host) {
	const bar = el('span.bar', el('i'));
	const row = el('tr', el('td'), el('td', el('span'), el('span.other'), el('span.more')), el('td'), el('td'), el('td', bar, el('span')), el('td'), el('td'), el('td'));
	row.setAttribute('role', 'row');
	row.tabIndex = -1;
	row.host = host;
	row.views = {
		name: row.cells[0], address: row.cells[1].firstChild, other: row.cells[1].children[1], more: row.cells[1].lastChild, interface: row.cells[2], age: row.cells[3],
		bar: bar.firstChild, expires: row.cells[4].lastChild, since: row.cells[5], received: row.cells[6], note: row.cells[7],
	};
	for (const cell of row.cells) cell.setAttribute('role', 'cell');
	row.views.name.textContent = row.views.name.title = host.name;
	if (host.joined && performance.now() - host.joined < 2000) row.classList.add('joined');
	rowOf.set(host, row);
	return row;
}

// fillTimes(row): the cells that change as time passes. The bar moves to where it is in a second.
function fillTimes(row) {
	const { host, views } = row, left = Math.max(0, host.until - now()), expiry = status.expiry_ms;
	setText(views.age, duration(now() - host.received));
	setText(views.expires, duration(left));
	setText(views.since, duration(Date.now() - host.since_at - (performance.now() - now())));
	views.bar.style.transform = `scaleX(${Math.min(1, Math.max(0, left - (stale ? 0 : 1000)) / expiry).toFixed(5)})`;
	row.classList.toggle('late', left * 3 < expiry);
}

function fillRow(row) {
	const { host, views } = row, more = host.entries.length - 1;
	row.shown = host.seen;
	setText(views.address, host.address.replace(`%${host.interface}`, '')); // details have it in full
	setText(views.other, host.note === 'conflict' ? host.other : '');
	row.cells[1].title = host.other ? `${host.address}, other address: ${host.other}` : host.address;
	setText(views.more, more > 0 ? `+${more}` : '');
	setText(views.interface, host.interface);
	setText(views.received, String(host.announcements));
	row.classList.toggle('conflict', host.note === 'conflict');
	const marks = [];
	if (host.note) marks.push(host.note);
	if (host.sealed) marks.push('sealed');
	if (views.marks !== marks.join() + host.other) {
		views.marks = marks.join() + host.other;
		views.note.replaceChildren(...marks.map(mark => el(`span.mark.${mark.replace(/[^a-z]/g, '')}`, mark)));
		views.note.title = host.other ? `other address: ${host.other}` : '';
	}
	fillTimes(row);
}

function compare(a, b) {
	const value = COLUMNS[sort][0], x = value(a), y = value(b);
	return x < y ? -direction : x > y ? direction : a.nameKey < b.nameKey ? -1 : 1;
}

function arrange() {
	if (removed) all = all.filter(host => hosts.get(host.name) === host);
	all.push(...added.filter(host => hosts.get(host.name) === host));
	added = [];
	removed = false;
	all.sort(compare);
	shown = needle ? all.filter(host => host.text.includes(needle)) : all;
	if (!active || hosts.get(active.name) !== active || !shown.includes(active)) active = shown[0] || null;
}

// visible(): the indices of the first and the last row that can be seen
function visible() {
	rowHeight ||= shown.length ? measureRow() : 0;
	const top = -rows.getBoundingClientRect().top, first = Math.floor(top / rowHeight) || 0;
	const last = first + Math.ceil(innerHeight / (rowHeight || 40));
	return [Math.max(0, first), Math.min(shown.length - 1, last)];
}

function measureRow() {
	const row = makeRow(shown[0]);
	rowOf.delete(shown[0]);
	rows.append(row);
	const height = row.getBoundingClientRect().height;
	row.remove();
	return height;
}

// placeRows(): put the rows in the document in order, and reuse those that are there
function placeRows() {
	if (!loaded) return;
	let [first, last] = visible();
	if (shown.length <= WHOLE_TABLE) [first, last] = [0, shown.length - 1];
	else [first, last] = [Math.max(0, first - OVERSCAN), Math.min(shown.length - 1, last + OVERSCAN)];
	const focused = document.activeElement && document.activeElement.host;
	const wanted = new Set(shown.slice(first, last + 1));
	for (const [host, row] of rowOf) if (!wanted.has(host)) { row.remove(); rowOf.delete(host); }
	if (rows.firstChild !== above) rows.replaceChildren(above, below);
	above.firstChild.style.height = `${first * rowHeight}px`;
	below.firstChild.style.height = `${Math.max(0, shown.length - 1 - last) * rowHeight}px`;
	let next = above.nextSibling;
	for (let i = first; i <= last; i++) {
		const row = rowOf.get(shown[i]) || makeRow(shown[i]);
		if (row !== next) rows.insertBefore(row, next);
		else next = next.nextSibling;
		row.setAttribute('aria-rowindex', i + 2);
		row.tabIndex = shown[i] === active ? 0 : -1;
		if (row.shown !== shown[i].seen) fillRow(row);
	}
	if (focused && wanted.has(focused)) rowOf.get(focused).focus({ preventScroll: true });
	table.setAttribute('aria-rowcount', shown.length + 1);
}

function renderCount() {
	const conflicts = all.reduce((sum, host) => sum + (host.note === 'conflict'), 0);
	$('count').parentNode.hidden = reason !== null;
	setText($('count'), needle ? `${shown.length} of ${all.length}` : String(all.length));
	$('count-of').replaceChildren(all.length === 1 ? 'host' : 'hosts', ...(conflicts ? [' · ', el('span.bad', plural(conflicts, 'conflict'))] : []));
	document.title = reason === null ? `${plural(all.length, 'host')} - rollcall` : 'rollcall';
}

function renderEmpty() {
	const lines = reason ? ['There is no list of hosts', [reason],
		['The list appears here when the filter is attached on this host', ...(reason.includes('rollcall attach') ? [] : [': ', '`rollcall attach eth0`']), '.']]
		: needle && all.length ? ['No host matches the filter', [`${plural(all.length, 'host')} without it. `, '`Esc`', ' in the filter clears it.']]
			: ['No host has announced itself yet', ['On another host of this LAN run ', '`rollcall announce`', '.']];
	$('empty').replaceChildren(...lines.map(line => el('p', ...(typeof line === 'string' ? [line] : words(line)))));
	$('empty').hidden = shown.length > 0;
	table.hidden = !shown.length;
}

function render() {
	scheduled = false;
	if (!loaded) return; // the rows of the server stay
	arrange();
	renderEmpty();
	placeRows();
	renderCount();
	renderEvents();
	renderDetails();
	if (eventStart) { // the tests read this measure with a PerformanceObserver
		performance.measure('rollcall-event', { start: eventStart, end: performance.now() });
		performance.clearMeasures('rollcall-event');
		eventStart = 0;
	}
}

function schedule() {
	if (!scheduled) requestAnimationFrame(render);
	scheduled = true;
}

function tick() {
	if (stale || document.hidden || table.hidden) return;
	const [first, last] = visible();
	for (let i = first; i <= last; i++) {
		const row = rowOf.get(shown[i]);
		if (row) fillTimes(row);
	}
	tickDetails();
}

function sortBy(column, way) {
	direction = way || (column === sort ? -direction : COLUMNS[column][1]);
	sort = column;
	for (const th of table.tHead.rows[0].cells) {
		if (th.dataset.sort === sort) th.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
		else th.removeAttribute('aria-sort');
	}
	$('sort').value = sort;
	setText($('way'), direction > 0 ? '↑' : '↓');
	schedule();
}

// ---- interfaces

function renderInterfaces() {
	$('interfaces').replaceChildren(...status.interfaces.map(entry => {
		const state = entry.state || 'unknown';
		const facts = [entry.mode, entry.loader === null ? 'no loader' : null].filter(Boolean).join(' · ');
		return el(`div.card.${state === 'quiet' ? 'quiet-state' : state.replace(/[^a-z]/g, '')}`, el('b', entry.name), el('span.state', state), facts,
			entry.reason ? el('p', entry.reason) : null);
	}));
}

// ---- events: joins and leaves, the last one first

const VERBS = { join: 'joined', leave: 'left', move: 'moved', conflict: 'conflict' };
let events = [], eventsChanged = false;

function noteEvent(event) {
	if (!VERBS[event.event]) return;
	events.unshift(event);
	events.length = Math.min(events.length, EVENTS_MAX);
	eventsChanged = true;
}

function renderEvents() {
	if (!eventsChanged) return;
	eventsChanged = false;
	$('event-none').hidden = true;
	$('event-rows').replaceChildren(...events.map(event => el(`li.${event.event}`, el('span', clockTime(new Date(event.time))), el('span.verb', VERBS[event.event]),
		el('b', event.hostname), el('span', [event.previous_address ? [event.previous_address, event.address].join(event.event === 'conflict' ? ' / ' : ' → ') : event.address, event.interface,
			event.event === 'leave' ? event.reason : null].filter(Boolean).join(' · ')))));
}

// ---- presence: a time line is a string of digits: 0 absent, 1 partly, 2 present, 3 unknown

const SVG = 'http://www.w3.org/2000/svg', SLOTS = ['absent', 'partly present', 'present', 'unknown'];
let presenceTimer = 0, presenceLoaded = 0, timeline = null;

function lineOf(slots, label) {
	const svg = document.createElementNS(SVG, 'svg'), share = [...slots].filter(slot => slot === '2' || slot === '1').length / slots.length;
	svg.setAttribute('viewBox', `0 0 ${slots.length} 1`);
	svg.setAttribute('preserveAspectRatio', 'none');
	svg.setAttribute('role', 'img');
	svg.setAttribute('aria-label', `${label}: ${SLOTS[slots.at(-1)]} now, present in ${Math.round(share * 100)}% of the time`);
	for (let from = 0, to; from < slots.length; from = to) {
		for (to = from + 1; slots[to] === slots[from]; to++);
		if (slots[from] === '0') continue;
		const rect = document.createElementNS(SVG, 'rect');
		for (const [key, value] of Object.entries({ x: from, y: 0, width: to - from, height: 1, class: `p${slots[from]}` })) rect.setAttribute(key, value);
		svg.append(rect);
	}
	return svg;
}

// A hostname may be that of a property of every object.
const slotsOf = (answer, name) => Object.hasOwn(answer.hosts, name) ? answer.hosts[name] : '0'.repeat(answer.slots);
const axis = since => el('div.axis', el('span', since), el('span', 'now'));
const range = () => document.querySelector('input[name=range]:checked').value;

async function loadPresence() {
	const since = range();
	presenceLoaded = performance.now();
	try {
		timeline = await get(`timeline?since=${since}&slots=${RANGES[since][0]}`);
	} catch (error) {
		timeline = null;
		if (!error.status) return;
		$('presence-rows').replaceChildren(el('p.quiet', ...(error.status === 404 ? words(NO_HISTORY) : [error.message])));
	}
	if (timeline && since === range()) renderPresence();
}

function renderPresence() {
	if (!timeline) return;
	const names = shown.slice(0, PRESENCE_MAX).map(host => host.name);
	const past = Object.keys(timeline.hosts).filter(name => !hosts.has(name) && /[12]/.test(timeline.hosts[name]) && name.toLowerCase().includes(needle));
	names.push(...past.sort().slice(0, PRESENCE_MAX - names.length));
	const lines = names.map(name => {
		const title = el('span', name);
		title.title = name;
		return el(hosts.has(name) ? 'div.line' : 'div.line.absent', title, lineOf(slotsOf(timeline, name), name));
	});
	const rest = shown.length - PRESENCE_MAX;
	$('presence-rows').replaceChildren(...lines, lines.length ? axis(RANGES[range()][1]) : el('p.quiet', 'No host to show.'),
		...(rest > 0 ? [el('p.quiet', `The first ${PRESENCE_MAX} hosts of the list. Filter to see others.`)] : []));
}

// presenceSoon(): load it again after an event, at most every five seconds
function presenceSoon() {
	presenceTimer ||= setTimeout(() => { presenceTimer = 0; loadPresence(); }, Math.max(300, presenceLoaded + 5000 - performance.now()));
}

// ---- details of one host

const details = $('details');
let opened = null, openedSeen = 0;

const pairs = list => el('dl', ...list.filter(Boolean).flatMap(([term, text]) => [el('dt', term), el('dd', text)]));
// The server shows '?' for a byte that is in no hostname, and the pattern '?' matches it.
const globOf = name => encodeURIComponent(name.replace(/[\\*[\]]/g, '\\$&'));

function openDetails(host) {
	opened = host.name;
	openedSeen = 0;
	const close = el('button.close', 'Close');
	close.type = 'button';
	close.addEventListener('click', () => details.close());
	const title = el('h2', host.name);
	title.id = 'details-title';
	details.replaceChildren(el('header', title, close), el('div.facts'), el('div.lines'), el('div.past'), el('div.entries'));
	renderDetails();
	if (!details.open) details.showModal();
	close.focus();
	loadHistory();
}

function loadHistory() {
	if (!opened) return;
	loadLines(opened);
	loadPast(opened);
}

function renderDetails() {
	if (!opened) return;
	const host = hosts.get(opened), [, facts, , , entries] = details.children;
	if (!host) {
		if (openedSeen !== -1) facts.replaceChildren(el('p', 'This host is not here now.'));
		openedSeen = -1;
		entries.replaceChildren();
		return;
	}
	if (host.seen === openedSeen) return;
	openedSeen = host.seen;
	const marks = [host.note, host.sealed ? 'sealed' : ''].filter(Boolean);
	facts.replaceChildren(pairs([
		['Address', host.address], host.other && [host.note === 'conflict' ? 'Conflict with' : 'Other address', el('span.other', host.other)],
		['Interface', host.interface], marks.length && ['Note', el('span', ...marks.map(mark => el(`span.mark.${mark}`, mark)))],
		['Age', el('span.age')], ['Expires in', el('span.expires')], ['Since', fullTime(host.since_at)], ['Received', plural(host.announcements, 'announcement')],
	]), host.note === 'conflict' ? el('p.quiet', 'Two hosts announce this name. Give one of them another name.') : '');
	entries.replaceChildren(el('h3', plural(host.entries.length, 'entry').replace('entrys', 'entries')), ...host.entries.map(entry => {
		const block = el('div.entry', pairs([
			['Address', entry.address], entry.other_address && ['Other address', entry.other_address], ['Family', String(entry.family).replace(/^(?=[46]$)/, 'IPv')], ['MAC', el('span.mono', entry.lladdr || '-')],
			['Interface', entry.interface], ['First seen', fullTime(entry.first_seen)], ['Last seen', fullTime(entry.last_seen)],
			['Received', String(entry.announcements)], entry.note && ['Note', entry.note]]));
		return block;
	}));
	tickDetails();
}

function tickDetails() {
	const host = opened && hosts.get(opened), age = details.querySelector('.age');
	if (!host || !age) return;
	setText(age, `${duration(now() - host.received)}`);
	setText(details.querySelector('.expires'), duration(host.until - now()));
}

async function loadLines(name) {
	const lines = [];
	try {
		for (const [since, [slots, , label]] of Object.entries(RANGES)) {
			const answer = await get(`timeline?host=${globOf(name)}&since=${since}&slots=${slots}`);
			lines.push(el('div.line', el('span', `Last ${label}`), lineOf(slotsOf(answer, name), `last ${label}`)));
		}
	} catch (error) {
		lines.splice(0, lines.length, el('p.quiet', ...(error.status === 404 ? words(NO_HISTORY) : [error.message])));
	}
	if (opened === name) details.children[2].replaceChildren(el('h3', 'Presence'), ...lines, lines.length > 1 ? axis('earlier') : '');
}

async function loadPast(name) {
	let past = [];
	try {
		past = ((await get(`hosts?host=${globOf(name)}&intervals=5`)).find(host => host.hostname === name).last_intervals || []).reverse();
	} catch { /* the host has left, or there is no history: nothing to show */ }
	if (opened !== name || !past.length) return;
	const head = el('tr', ...['From', 'Until', 'Duration', 'Reason', 'Address'].map(text => el('th', text)));
	details.children[3].replaceChildren(el('h3', 'Last intervals'), el('table', el('thead', head), el('tbody', ...past.map(interval => el('tr', el('td', fullTime(interval.from)),
		el('td', interval.until ? fullTime(interval.until) : 'now'), el('td', duration(interval.duration_ms)), el('td', interval.reason || ''), el('td', interval.address))))));
}

details.addEventListener('close', () => {
	const row = rowOf.get(hosts.get(opened));
	opened = null;
	if (row) row.focus({ preventScroll: true });
});
details.addEventListener('click', event => { if (event.target === details) details.close(); }); // the backdrop

// ---- connection

let source = null, retryTimer = 0, retryMs = 1000, contact_at = Date.now();
let loading = false, loadAgain = false, loadTimer = 0, loadedAt = -Infinity, replay = [];

function renderLive() {
	const live = $('live');
	live.className = `live script ${stale ? 'off' : source && source.readyState === 1 ? 'on' : ''}`;
	setText(live, stale ? 'No connection' : source && source.readyState === 1 ? 'Live' : 'Every 10 s');
	document.documentElement.classList.toggle('stale', !!stale);
	$('banner').hidden = !stale;
	if (stale) setText($('banner'), `No connection since ${clockTime(new Date(stale.lost_at))}: the list is not up to date`);
}

function lost() {
	stale ||= { now: performance.now(), lost_at: contact_at };
	if (source) source.close();
	source = null;
	renderLive();
	for (const row of rowOf.values()) fillTimes(row);
	retrySoon();
}

function retrySoon() {
	clearTimeout(retryTimer);
	retryTimer = setTimeout(() => {
		retryTimer = 0;
		retryMs = Math.min(retryMs * 1.5, 5000);
		if (stale) load();
		else listen();
	}, retryMs);
}

// load(): get all hosts. Events that arrive meanwhile are applied again to the answer, which may be older.
async function load() {
	if (loading) { loadAgain = true; return; }
	loading = true;
	replay = [];
	loadedAt = performance.now();
	try {
		const [list, state] = await Promise.all([get('hosts?intervals=0'), get('status').catch(() => null)]);
		take(list, state);
	} catch (error) {
		if (error.reason) noTable(error.reason);
		else lost();
	}
	loading = false;
	if (loadAgain && !stale) loadSoon();
	loadAgain = false;
}

function take(list, state) {
	const at = performance.now(), wasStale = stale, first = !loaded || reason !== null;
	contact_at = Date.now();
	if (state) status = state;
	for (const record of list) putHost(record, at);
	for (const host of hosts.values()) if (host.seen !== at) removeHost(host.name);
	for (const event of replay) applyEvent(event);
	loaded = true;
	stale = reason = null;
	render();
	if (first) performance.mark('rollcall-first-rows');
	renderInterfaces();
	connected(wasStale || first);
}

function noTable(text) {
	const wasStale = stale;
	loaded = true;
	reason = text;
	stale = null;
	contact_at = Date.now();
	hosts.clear();
	removed = true;
	get('status').then(state => { status = state; }, () => { status.interfaces = []; }).then(renderInterfaces);
	render();
	connected(wasStale);
}

function connected(isFirst) {
	if (!source && !retryTimer) listen();
	renderLive();
	if (isFirst) loadPresence();
	else renderPresence();
}

// loadSoon(): get the details after an event, at most once per second, or per two seconds with 5,000 hosts
function loadSoon() {
	loadTimer ||= setTimeout(() => { loadTimer = 0; load(); }, Math.max(50, loadedAt + 1000 + all.length / 5 - performance.now()));
}

function onEvent(message) {
	const start = performance.now(), event = JSON.parse(message.data);
	contact_at = Date.now();
	eventStart ||= start;
	if (event.event === 'resync') return loadSoon();
	if (loading) replay.push(event);
	noteEvent(event);
	applyEvent(event);
	schedule();
	loadSoon();
	presenceSoon();
}

function listen() {
	if (source) source.close();
	const stream = source = new EventSource('api/v1/events');
	let wasOpen = false;
	stream.onopen = () => { wasOpen = true; retryMs = 1000; contact_at = Date.now(); renderLive(); loadSoon(); };
	for (const name of ['message', 'join', 'leave', 'move', 'conflict', 'resync']) stream.addEventListener(name, onEvent);
	stream.addEventListener('reload', () => load());
	stream.onerror = () => { // the browser would not try again after a status other than 200
		if (wasOpen) contact_at = Date.now();
		stream.close();
		if (source === stream) source = null;
		renderLive();
		retrySoon();
		load();
	};
}

addEventListener('online', () => load());
document.addEventListener('visibilitychange', () => { if (!document.hidden) load(); });
addEventListener('pagehide', () => { if (source) source.close(); });

// ---- keyboard and pointer

function activate(index, focus = true) {
	index = Math.max(0, Math.min(shown.length - 1, index));
	if (!shown.length) return;
	active = shown[index];
	const head = table.tHead.getBoundingClientRect().height, top = rows.getBoundingClientRect().top + index * rowHeight;
	if (top < head) scrollBy(0, top - head - rowHeight);
	else if (top + rowHeight > innerHeight) scrollBy(0, top + 2 * rowHeight - innerHeight);
	placeRows();
	if (focus) rowOf.get(active).focus({ preventScroll: true });
}

function onKey(event) {
	if (event.ctrlKey && !event.altKey && event.key === 'f' && shown.length > WHOLE_TABLE && document.activeElement !== filter) {
		event.preventDefault(); // not all rows are in the document; Ctrl-F again is the browser's
		filter.focus();
	}
	if (event.ctrlKey || event.metaKey || event.altKey || details.open) return;
	const inFilter = event.target === filter, inRows = rows.contains(event.target), index = shown.indexOf(active);
	const page = Math.max(1, Math.floor(innerHeight / (rowHeight || 40)) - 2);
	const to = inRows && { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: shown.length - 1 }[event.key];
	if (event.key === '/' && !inFilter) filter.focus();
	else if (event.key === 'Escape' && inFilter && filter.value) { filter.value = ''; onFilter(); }
	else if (event.key === 'Escape') activate(index);
	else if (inFilter && (event.key === 'ArrowDown' || event.key === 'Enter')) activate(0);
	else if (inRows && event.key === 'ArrowUp' && index === 0) filter.focus();
	else if (typeof to === 'number') activate(to);
	else if (inRows && event.key === 'Enter' && active) openDetails(active);
	else return;
	event.preventDefault();
}

function onFilter() {
	needle = filter.value.trim().toLowerCase();
	render();
	renderPresence();
}

rows.addEventListener('click', event => {
	const row = event.target.closest('tr');
	if (!row || !row.host || String(getSelection())) return; // text can be selected and copied
	active = row.host;
	openDetails(active);
});
rows.addEventListener('focusin', event => { if (event.target.host) active = event.target.host; });
for (const th of table.tHead.rows[0].cells) {
	const button = el('button', th.textContent);
	button.type = 'button';
	button.addEventListener('click', () => sortBy(th.dataset.sort));
	th.replaceChildren(button);
}
$('way').addEventListener('click', () => sortBy(sort));
$('sort').addEventListener('change', () => sortBy($('sort').value, COLUMNS[$('sort').value][1]));
for (const tab of document.querySelectorAll('.tabs button')) {
	tab.addEventListener('click', () => {
		document.body.dataset.view = tab.dataset.view;
		for (const other of document.querySelectorAll('.tabs button')) other.setAttribute('aria-pressed', other === tab);
		schedule();
	});
}
for (const input of document.querySelectorAll('input[name=range]')) input.addEventListener('change', loadPresence);
filter.addEventListener('input', onFilter);
document.addEventListener('keydown', onKey);
addEventListener('scroll', () => { if (shown.length > WHOLE_TABLE) placeRows(); }, { passive: true });
addEventListener('resize', () => { rowHeight = 0; schedule(); });

document.documentElement.classList.add('js');
sortBy('hostname', 1);
load();
setInterval(tick, 1000);
setInterval(() => { if (!stale && !document.hidden) { load(); loadHistory(); } }, REFRESH_MS);
setInterval(() => { if (!stale && !document.hidden) loadPresence(); }, 60000);
