/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The roster: the entries that were reported as here, and what a look at the table changes in it. It only compares. When
 * to look is the watcher's business.
 *
 * A look misses nothing that lasted until it, because every change leaves its mark in the entry:
 *
 *	a key that was not there		join, "announced"
 *	first_seen_ns is another		leave, "expired", and join, "returned"
 *	the address or moved_ns is another	move, "address"; several between two looks are one
 *	the same, and two hosts announce it	conflict, "address"; once, until the conflict is over
 *	older than the expiry, or removed	leave, "expired"
 *	removed before its time			leave, "detached" (its interface was) or "removed"
 *
 * A conflict is over an expiry after the last move (rollcall_is_in_conflict()). If the host is then at another address than
 * the one that was reported, that is a move.
 *
 * What joined and left between two looks is not reported. An entry that was carried over to a recreated interface
 * (peers.h) is the same peer, and nothing is reported.
 */
#ifndef ROLLCALL_ROSTER_H
#define ROLLCALL_ROSTER_H

#include "event.h"
#include "selection.h"

struct roster_member {
	struct rollcall_entry entry;
	bool missed; /* by the last look: it may be being replaced */
	bool in_conflict; /* and that was reported; the entry has the address that was reported */
};

struct roster_members {
	struct roster_member *list; /* sorted by key, bytewise */
	size_t count, room;
};

struct roster {
	struct selection selection;
	struct roster_members here;
	bool some_missed;
	uint64_t oldest_ns; /* of what passes the expiry next: the last announcement, or the last move in a conflict */
};

/* EVENT, and what it points to, is valid only during the call. */
typedef void (*roster_tell)(const struct table_info *info, const struct event *event, void *context);

struct roster_input {
	const struct rollcall_table *table;
	const struct rollcall_attachment *slots; /* what is attached now */
	const struct rollcall_attachment *names; /* and the names of what was, for leaves */
	const char *reason;			 /* of a join */
	roster_tell tell;
	void *context;
};

/*
 * Look, and tell each difference to the look before once, in the order of their times. Returns 0,
 * or -errno, not reported, with nothing told and the roster as it was.
 */
int roster_update(struct roster *r, const struct roster_input *look);

/* The table is no more: everybody leaves. */
void roster_dismiss(struct roster *r, const struct roster_input *look);

/* The next look that is due by itself, in boot time; UINT64_MAX: none. */
uint64_t roster_due_ns(const struct roster *r, const struct rollcall_settings *settings, uint64_t now_ns);

/* How many different hostnames are here at NOW_NS. */
size_t roster_hosts(const struct roster *r, const struct rollcall_settings *settings, uint64_t now_ns);

void roster_free(struct roster *r);

#endif
