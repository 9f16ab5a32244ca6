/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The roster: the entries that were reported as present. It compares them with the table and reports the differences.
 * The watcher decides when.
 *
 * Every change that lasts until the next read of the table is reported, because it changes the entry:
 *
 *	a new key				join, "announced"
 *	first_seen_ns has changed		leave, "expired", and join, "returned"
 *	the address or moved_ns has changed	move, "address"; several between two reads are one
 *	the same, and two hosts announce it	conflict, "address"; once, until the conflict is over
 *	its host has sent a goodbye		leave, "goodbye"; the next announcement is a join, "announced"
 *	older than the expiry, or removed	leave, "expired"
 *	removed before its expiry		leave, "detached" (its interface was detached) or "removed"
 *	shadowed, in a mixed table (lib/shadow.h) leave, "removed"
 *
 * An entry that gets a seal stays the same entry, unless its address differs. A host with a goodbye and a new
 * announcement between two reads is a leave, "removed", and a join, "announced".
 *
 * A conflict is over one expiry after the last move (rollcall_is_in_conflict()). If the host then has another address
 * than the one that was reported, that is a move.
 *
 * An entry that joins and leaves between two reads is not reported. An entry that was carried over to a recreated
 * interface (peers.h) is the same peer, and nothing is reported.
 */
#ifndef ROLLCALL_ROSTER_H
#define ROLLCALL_ROSTER_H

#include "event.h"
#include "selection.h"

struct roster_member {
	struct rollcall_entry entry;
	bool missed; /* the last read did not find it, or found it shadowed: it may be being replaced */
	bool in_conflict; /* a conflict was reported; the entry keeps the address that was reported */
};

struct roster_members {
	struct roster_member *list; /* sorted by key, bytewise */
	size_t count, room;
};

struct roster {
	struct selection selection;
	struct roster_members here;
	bool some_missed;
	uint64_t oldest_ns; /* the oldest last announcement, or last move of a conflict: it expires next */
};

/* Takes an event. EVENT and the data that it points to are valid only during the call. */
typedef void (*roster_tell)(const struct table_info *info, const struct event *event, void *context);

struct roster_input {
	const struct rollcall_table *table;
	const struct rollcall_attachment *slots; /* the attached interfaces */
	const struct rollcall_attachment *names; /* and those attached before, for the names in leaves */
	const char *reason;			 /* of a join */
	roster_tell tell;
	void *context;
};

/*
 * Read the table, and pass each difference to the last read to TELL, in the order of their times. Returns 0, or -errno,
 * not reported: then TELL was not called, and the roster is unchanged.
 */
int roster_update(struct roster *r, const struct roster_input *look);

/* Report a leave for every member, because the table was removed. */
void roster_dismiss(struct roster *r, const struct roster_input *look);

/* When the table must be read next without a hint, in boot time; UINT64_MAX: never. */
uint64_t roster_due_ns(const struct roster *r, const struct rollcall_settings *settings, uint64_t now_ns);

/* The number of different hostnames that are live at NOW_NS. */
size_t roster_hosts(const struct roster *r, const struct rollcall_settings *settings, uint64_t now_ns);

void roster_free(struct roster *r);

#endif
