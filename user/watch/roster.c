// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Two sorted lists, merged: who was here, and what the table holds now. */
#include <stdlib.h>
#include <string.h>

#include "lib/slots.h"
#include "roster.h"

/*
 * Somebody leaves when an entry is older than the expiry by so much: the announcement that keeps it
 * may have been stamped in time and be written only now. Until then it is neither here nor gone.
 */
#define SLACK_NS (5 * NS_PER_MS)

/* Two looks so far apart must miss an entry before it counts as gone: one may meet its replacement. */
#define CONFIRM_NS (100 * NS_PER_MS)

/* A join that raced with another one, or with the sweeper's hand, begins anew within so short a time. */
#define SAME_STAY_NS ((int64_t)(100 * NS_PER_MS))

struct change {
	struct event event;
	const struct rollcall_attachment *slots; /* that know its interface */
	size_t order;
};

struct update {
	struct roster *roster;
	const struct roster_input *input;
	uint64_t now_ns;
	struct roster_members seen, next;
	struct change *changes;
	size_t count;
};

static int compare_members(const void *left, const void *right)
{
	const struct roster_member *a = left, *b = right;

	return memcmp(&a->entry.key, &b->entry.key, sizeof(a->entry.key));
}

static int compare_changes(const void *left, const void *right)
{
	const struct change *a = left, *b = right;

	if (a->event.boot_ns != b->event.boot_ns)
		return (int64_t)(a->event.boot_ns - b->event.boot_ns) < 0 ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static int see(const struct rollcall_entry *entry, void *context)
{
	struct update *u = context;
	struct roster_members *seen = &u->seen;

	if (!selection_takes(&u->roster->selection, entry))
		return 0;
	if (seen->count == seen->room) {
		size_t room = seen->room ? 2 * seen->room : 64;
		struct roster_member *list = reallocarray(seen->list, room, sizeof(*list));

		if (!list)
			return -ENOMEM;
		seen->list = list;
		seen->room = room;
	}
	seen->list[seen->count++] = (struct roster_member){ .entry = *entry };
	return 0;
}

/* Is there an entry of this very stay of this host, whatever the interface? */
static const struct rollcall_entry *find_stay(const struct roster_members *members, const struct rollcall_entry *entry)
{
	struct roster_member first = { .entry.key = entry->key };
	size_t low = 0, high = members->count;

	first.entry.key.ifindex = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_members(&members->list[middle], &first) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < members->count; low++) {
		const struct rollcall_entry *other = &members->list[low].entry;

		if (memcmp(&other->key, &entry->key, offsetof(struct rollcall_peer_key, ifindex)))
			break;
		if (other->peer.first_seen_ns == entry->peer.first_seen_ns)
			return other;
	}
	return NULL;
}

static void note(struct update *u, const char *event, const char *reason, uint64_t boot_ns,
		 const struct rollcall_entry *entry, const struct rollcall_entry *previous)
{
	bool is_attached = slot_find(u->input->slots, entry->key.ifindex) >= 0;

	u->changes[u->count] = (struct change){
		{ event, reason, boot_ns, entry, previous }, is_attached ? u->input->slots : u->input->names, u->count,
	};
	u->count++;
}

/* There is room: nobody is kept but who was here or was seen. */
static const struct rollcall_entry *keep(struct update *u, const struct rollcall_entry *entry, bool missed)
{
	struct roster *r = u->roster;
	struct roster_member *member = &u->next.list[u->next.count++];

	*member = (struct roster_member){ *entry, missed };
	r->some_missed = r->some_missed || missed;
	if ((int64_t)(entry->peer.last_seen_ns - r->oldest_ns) < 0)
		r->oldest_ns = entry->peer.last_seen_ns;
	return &member->entry;
}

static uint64_t end_ns(const struct update *u, const struct rollcall_entry *entry)
{
	return entry->peer.last_seen_ns + u->input->table->settings.expiry_ns;
}

static bool is_at_same_address(const struct rollcall_entry *a, const struct rollcall_entry *b)
{
	return !memcmp(a->peer.ipv4, b->peer.ipv4, sizeof(a->peer.ipv4)) &&
	       !memcmp(a->peer.ipv6, b->peer.ipv6, sizeof(a->peer.ipv6));
}

/* It is back where it was, and has been at its rival's address meanwhile. */
static void go_to_rival(struct rollcall_entry *known, const struct rollcall_entry *seen)
{
	if (known->key.family == ROLLCALL_FAMILY_IPV4)
		memcpy(known->peer.ipv4, seen->peer.rival, sizeof(known->peer.ipv4));
	else
		memcpy(known->peer.ipv6, seen->peer.rival, sizeof(known->peer.ipv6));
}

/* KNOWN is not needed any more but by the events. */
static void still_there(struct update *u, struct rollcall_entry *known, const struct rollcall_entry *seen)
{
	int64_t silence = (int64_t)(seen->peer.first_seen_ns - known->peer.last_seen_ns);
	bool is_another_stay = seen->peer.first_seen_ns != known->peer.first_seen_ns && silence > SAME_STAY_NS;
	const struct rollcall_entry *kept;
	uint64_t moved_ns;

	if ((int64_t)(u->now_ns - end_ns(u, seen)) > (int64_t)SLACK_NS) {
		*known = *seen;
		note(u, "leave", "expired", end_ns(u, known), known, NULL);
		return;
	}
	kept = keep(u, seen, false);
	moved_ns = kept->peer.moved_ns ? kept->peer.moved_ns : kept->peer.last_seen_ns;
	if (is_another_stay && silence > (int64_t)u->input->table->settings.expiry_ns) {
		note(u, "leave", "expired", end_ns(u, known), known, NULL);
		note(u, "join", "returned", kept->peer.first_seen_ns, kept, NULL);
	} else if (is_another_stay) {
		note(u, "leave", "removed", kept->peer.first_seen_ns, known, NULL);
		note(u, "join", "heard", kept->peer.first_seen_ns, kept, NULL);
	} else if (!is_at_same_address(known, kept)) {
		note(u, "move", "address", moved_ns, kept, known);
	} else if (known->peer.moved_ns != kept->peer.moved_ns && kept->peer.moved_ns) {
		go_to_rival(known, kept);
		note(u, "move", "address", moved_ns, kept, known);
	}
}

static void missing(struct update *u, struct roster_member *known)
{
	bool is_attached = slot_find(u->input->slots, known->entry.key.ifindex) >= 0;
	struct rollcall_entry found = { .key = known->entry.key };
	const struct rollcall_entry *stay = find_stay(&u->seen, &known->entry);

	if (stay && rollcall_is_live(&u->input->table->settings, &stay->peer, u->now_ns))
		return; /* carried over */
	if ((int64_t)(u->now_ns - end_ns(u, &known->entry)) > 0) {
		/* swept, or heard again since the last look and being replaced in this moment */
		if (!rollcall_lookup(u->input->table, &found))
			still_there(u, &known->entry, &found);
		else
			note(u, "leave", "expired", end_ns(u, &known->entry), &known->entry, NULL);
	} else if (known->missed) {
		note(u, "leave", is_attached ? "removed" : "detached", u->now_ns, &known->entry, NULL);
	} else {
		keep(u, &known->entry, true);
	}
}

static void newcomer(struct update *u, const struct rollcall_entry *seen)
{
	const struct rollcall_entry *kept;

	if (!rollcall_is_live(&u->input->table->settings, &seen->peer, u->now_ns))
		return;
	kept = keep(u, seen, false);
	if (!find_stay(&u->roster->here, seen)) /* else carried over */
		note(u, "join", u->input->reason, kept->peer.first_seen_ns, kept, NULL);
}

static void merge(struct update *u)
{
	const struct roster_members *here = &u->roster->here, *seen = &u->seen;
	size_t h = 0, s = 0;

	u->roster->some_missed = false;
	u->roster->oldest_ns = u->now_ns;
	while (h < here->count || s < seen->count) {
		int order = h == here->count ? 1 : s == seen->count ? -1 :
			    compare_members(&here->list[h], &seen->list[s]);

		if (order < 0)
			missing(u, &here->list[h++]);
		else if (order > 0)
			newcomer(u, &seen->list[s++].entry);
		else
			still_there(u, &here->list[h++].entry, &seen->list[s++].entry);
	}
}

static void tell_all(struct update *u)
{
	const struct roster_input *input = u->input;
	struct table_info info = { .settings = &input->table->settings, .now = clock_now() };

	if (u->count > 1)
		qsort(u->changes, u->count, sizeof(*u->changes), compare_changes);
	for (size_t i = 0; i < u->count; i++) {
		info.slots = u->changes[i].slots;
		input->tell(&info, &u->changes[i].event, input->context);
	}
}

/* Room for all that can come of it, so that nothing fails half way. A change is two events at most. */
static int make_room(struct update *u)
{
	size_t most = u->roster->here.count + u->seen.count;

	u->next.list = calloc(most ? most : 1, sizeof(*u->next.list));
	u->changes = calloc(most ? 2 * most : 1, sizeof(*u->changes));
	return u->next.list && u->changes ? 0 : -ENOMEM;
}

int roster_update(struct roster *r, const struct roster_input *input)
{
	struct update u = { .roster = r, .input = input, .now_ns = rollcall_now_ns() };
	int err = rollcall_walk(input->table, see, &u);

	if (!err)
		err = make_room(&u);
	if (!err) {
		if (u.seen.count > 1)
			qsort(u.seen.list, u.seen.count, sizeof(*u.seen.list), compare_members);
		merge(&u);
		tell_all(&u);
		free(r->here.list);
		r->here = u.next;
		u.next.list = NULL;
	}
	free(u.seen.list);
	free(u.next.list);
	free(u.changes);
	return err;
}

void roster_dismiss(struct roster *r, const struct roster_input *input)
{
	struct table_info info = { .settings = &input->table->settings, .slots = input->names, .now = clock_now() };

	for (size_t i = 0; i < r->here.count; i++) {
		const struct rollcall_entry *entry = &r->here.list[i].entry;
		bool is_live = rollcall_is_live(&input->table->settings, &entry->peer, info.now.boot_ns);
		struct event event = {
			.event = "leave",
			.reason = is_live ? "detached" : "expired",
			.boot_ns = is_live ? info.now.boot_ns : entry->peer.last_seen_ns + info.settings->expiry_ns,
			.entry = entry,
		};

		input->tell(&info, &event, input->context);
	}
	roster_free(r);
}

uint64_t roster_due_ns(const struct roster *r, const struct rollcall_settings *settings, uint64_t now_ns)
{
	if (r->some_missed)
		return now_ns + CONFIRM_NS;
	return r->here.count ? r->oldest_ns + settings->expiry_ns + SLACK_NS + 1 : UINT64_MAX;
}

size_t roster_hosts(const struct roster *r, const struct rollcall_settings *settings, uint64_t now_ns)
{
	const struct rollcall_entry *last = NULL;
	size_t hosts = 0;

	for (size_t i = 0; i < r->here.count; i++) {
		const struct roster_member *member = &r->here.list[i];

		if (member->missed || !rollcall_is_live(settings, &member->entry.peer, now_ns))
			continue;
		hosts += !last || strcmp(last->key.hostname, member->entry.key.hostname) != 0;
		last = &member->entry;
	}
	return hosts;
}

void roster_free(struct roster *r)
{
	free(r->here.list);
	*r = (struct roster){ .selection = r->selection };
}
