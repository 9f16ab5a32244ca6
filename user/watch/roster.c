// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Merges two sorted lists: the entries that were reported as present, and the entries that the table has now. */
#include <stdlib.h>
#include <string.h>

#include "base/entries.h"
#include "changes.h"
#include "lib/shadow.h"
#include "lib/slots.h"
#include "roster.h"

/*
 * A leave is reported when an entry is older than the expiry by this much. The filter may have received an announcement
 * before the expiry and write its time only now. Until then the entry stays in the roster and is not live.
 */
#define SLACK_NS (5 * NS_PER_MS)

/*
 * An entry has left if two reads of the table, this far apart, do not find it, or find it shadowed. A single read may
 * miss it while it is being replaced. A host that begins to seal announces over one family after the other.
 */
#define CONFIRM_NS (100 * NS_PER_MS)

/*
 * A join that raced with another join, or with the sweeper, may be written again with a new first_seen_ns. Within this
 * time it is the same stay.
 */
#define SAME_STAY_NS ((int64_t)(100 * NS_PER_MS))

struct update {
	struct roster *roster;
	const struct roster_input *input;
	uint64_t now_ns;
	struct shadow shadow;
	struct roster_members seen, next;
	struct changes changes;
};

static int compare_members(const void *left, const void *right)
{
	const struct roster_member *a = left, *b = right;

	return memcmp(&a->entry.key, &b->entry.key, sizeof(a->entry.key));
}

static int roster_see(const struct rollcall_entry *entry, void *context)
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

/* The member with the same hostname, family and first_seen_ns on any interface, or NULL: it was carried over. */
static const struct roster_member *find_stay(const struct roster_members *members, const struct rollcall_entry *entry)
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
			return &members->list[low];
	}
	return NULL;
}

static struct roster_member *roster_keep(struct update *u, const struct rollcall_entry *entry, bool missed)
{
	struct roster_member *member = &u->next.list[u->next.count++];

	*member = (struct roster_member){ .entry = *entry, .missed = missed };
	return member;
}

static uint64_t end_ns(const struct update *u, const struct rollcall_entry *entry)
{
	return entry->peer.last_seen_ns + u->input->table->settings.expiry_ns;
}

static bool is_in_conflict(const struct update *u, const struct rollcall_entry *entry)
{
	return rollcall_is_in_conflict(&u->input->table->settings, &entry->peer, u->now_ns);
}

static void roster_join(struct update *u, struct roster_member *kept, const char *reason)
{
	changes_add(&u->changes, "join", reason, kept->entry.peer.first_seen_ns, &kept->entry);
	kept->in_conflict = is_in_conflict(u, &kept->entry);
	if (kept->in_conflict)
		changes_add_rival(&u->changes, "conflict", &kept->entry);
}

/*
 * Note a move or a conflict if the address of KNOWN, as last read, differs from that of KEPT, the same stay as read
 * now. While a conflict lasts, the roster keeps the address that was reported. If the host has another address when the
 * conflict is over, that is a move.
 */
static void roster_compare(struct update *u, struct roster_member *known, struct roster_member *kept)
{
	uint64_t expiry_ns = u->input->table->settings.expiry_ns;
	struct rollcall_peer *peer = &kept->entry.peer;
	size_t bytes;
	uint8_t *before = changes_address(&known->entry, &bytes), *after = changes_address(&kept->entry, &bytes);
	bool goes_on = known->in_conflict && (int64_t)(peer->moved_ns - known->entry.peer.moved_ns) <= (int64_t)expiry_ns;

	kept->in_conflict = is_in_conflict(u, &kept->entry);
	if (kept->in_conflict && goes_on) {
		memcpy(after, before, bytes);
	} else if (kept->in_conflict && peer->moved_ns != known->entry.peer.moved_ns) {
		changes_add_rival(&u->changes, "conflict", &kept->entry);
	} else if (memcmp(before, after, bytes)) {
		uint64_t moved_ns = peer->moved_ns ? peer->moved_ns : peer->last_seen_ns;
		bool is_end = goes_on && peer->contested;

		changes_add_address(&u->changes, "move", is_end ? moved_ns + expiry_ns : moved_ns, &kept->entry, before, bytes);
	} else if (peer->moved_ns && peer->moved_ns != known->entry.peer.moved_ns && !known->in_conflict) {
		changes_add_rival(&u->changes, "move", &kept->entry); /* it moved away and back */
	}
}

/* A read did not find KNOWN: note its leave if it is the second one, or else keep it until then. */
static void roster_miss(struct update *u, struct roster_member *known, const char *reason)
{
	if (known->missed)
		changes_add(&u->changes, "leave", reason, u->now_ns, &known->entry);
	else
		roster_keep(u, &known->entry, true)->in_conflict = known->in_conflict;
}

/* KNOWN may be overwritten: only the events refer to it afterwards. */
static void still_there(struct update *u, struct roster_member *known, const struct rollcall_entry *seen)
{
	int64_t silence = (int64_t)(seen->peer.first_seen_ns - known->entry.peer.last_seen_ns);
	bool is_another_stay = seen->peer.first_seen_ns != known->entry.peer.first_seen_ns && silence > SAME_STAY_NS;
	bool has_left = seen->peer.flags & ROLLCALL_PEER_LEFT;
	uint64_t left_ns = has_left ? seen->peer.last_seen_ns : end_ns(u, seen);
	struct roster_member *kept;

	if (has_left || (int64_t)(u->now_ns - left_ns) > (int64_t)SLACK_NS) {
		known->entry = *seen;
		changes_add(&u->changes, "leave", has_left ? "goodbye" : "expired", left_ns, &known->entry);
		return;
	}
	if (rollcall_shadow_covers(&u->shadow, seen)) {
		roster_miss(u, known, "removed");
		return;
	}
	kept = roster_keep(u, seen, false);
	if (!is_another_stay) {
		roster_compare(u, known, kept);
	} else if (silence > (int64_t)u->input->table->settings.expiry_ns) {
		changes_add(&u->changes, "leave", "expired", end_ns(u, &known->entry), &known->entry);
		roster_join(u, kept, "returned");
	} else {
		changes_add(&u->changes, "leave", "removed", kept->entry.peer.first_seen_ns, &known->entry);
		roster_join(u, kept, "announced");
	}
}

static void missing(struct update *u, struct roster_member *known)
{
	bool is_attached = slot_find(u->input->slots, known->entry.key.ifindex) >= 0;
	struct rollcall_entry found = { .key = known->entry.key };
	const struct roster_member *stay = find_stay(&u->seen, &known->entry);

	if (stay && rollcall_is_live(&u->input->table->settings, &stay->entry.peer, u->now_ns))
		return; /* carried over */
	if (stay && stay->entry.peer.flags & ROLLCALL_PEER_LEFT) {
		still_there(u, known, &stay->entry);
		return;
	}
	if ((int64_t)(u->now_ns - end_ns(u, &known->entry)) > 0) {
		/* it was removed, or the host announced itself again and the entry is being replaced at this moment */
		if (!rollcall_lookup(u->input->table, &found))
			still_there(u, known, &found);
		else
			changes_add(&u->changes, "leave", "expired", end_ns(u, &known->entry), &known->entry);
	} else {
		roster_miss(u, known, is_attached ? "removed" : "detached");
	}
}

static void newcomer(struct update *u, const struct rollcall_entry *seen)
{
	const struct roster_member *stay;

	if (!rollcall_is_live(&u->input->table->settings, &seen->peer, u->now_ns) || rollcall_shadow_covers(&u->shadow, seen))
		return;
	stay = find_stay(&u->roster->here, seen);
	if (stay) { /* carried over */
		struct roster_member before = *stay;

		roster_compare(u, &before, roster_keep(u, seen, false));
	} else {
		roster_join(u, roster_keep(u, seen, false), u->input->reason);
	}
}

static void merge(struct update *u)
{
	const struct roster_members *here = &u->roster->here, *seen = &u->seen;
	size_t h = 0, s = 0;

	while (h < here->count || s < seen->count) {
		int order = h == here->count ? 1 : s == seen->count ? -1 :
			    compare_members(&here->list[h], &seen->list[s]);

		if (order < 0)
			missing(u, &here->list[h++]);
		else if (order > 0)
			newcomer(u, &seen->list[s++].entry);
		else
			still_there(u, &here->list[h++], &seen->list[s++].entry);
	}
}

/* Compute what the next read of the table is due for. */
static void roster_set_due(struct roster *r, uint64_t now_ns)
{
	r->some_missed = false;
	r->oldest_ns = now_ns;
	for (size_t i = 0; i < r->here.count; i++) {
		const struct roster_member *member = &r->here.list[i];
		const struct rollcall_peer *peer = &member->entry.peer;
		uint64_t from_ns = member->in_conflict ? peer->moved_ns : peer->last_seen_ns;

		r->some_missed = r->some_missed || member->missed;
		if ((int64_t)(from_ns - r->oldest_ns) < 0)
			r->oldest_ns = from_ns;
	}
}

/* Allocate for the largest possible result, so that a later step cannot fail. An entry has at most three events. */
static int make_room(struct update *u)
{
	size_t most = u->roster->here.count + u->seen.count;

	u->next.list = calloc(most ? most : 1, sizeof(*u->next.list));
	return u->next.list ? changes_begin(&u->changes, 3 * most, u->input) : -ENOMEM;
}

int roster_update(struct roster *r, const struct roster_input *input)
{
	struct update u = { .roster = r, .input = input, .now_ns = rollcall_now_ns() };
	int err = rollcall_shadow_begin(&u.shadow, input->table, u.now_ns);

	if (!err)
		err = rollcall_walk(input->table, roster_see, &u);
	if (!err)
		err = make_room(&u);
	if (!err) {
		if (u.seen.count > 1)
			qsort(u.seen.list, u.seen.count, sizeof(*u.seen.list), compare_members);
		merge(&u);
		changes_tell(&u.changes);
		free(r->here.list);
		r->here = u.next;
		roster_set_due(r, u.now_ns);
		u.next.list = NULL;
	}
	free(u.seen.list);
	free(u.next.list);
	changes_free(&u.changes);
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
	struct host_count count = {};

	for (size_t i = 0; i < r->here.count; i++) {
		const struct roster_member *member = &r->here.list[i];

		if (!member->missed && rollcall_is_live(settings, &member->entry.peer, now_ns))
			host_count_add(&count, &member->entry);
	}
	return count.hosts;
}

void roster_free(struct roster *r)
{
	free(r->here.list);
	*r = (struct roster){ .selection = r->selection };
}
