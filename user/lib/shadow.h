/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * In a mixed table an entry without a seal is shadowed while its hostname has a live entry with a seal, on any attached
 * interface and of any family. Readers ignore shadowed entries, so that no host without a key can add an address to a
 * host that has one. In other tables nothing is shadowed, and nothing is read to find that out.
 */
#ifndef ROLLCALL_LIB_SHADOW_H
#define ROLLCALL_LIB_SHADOW_H

#include <rollcall/rollcall.h>

/* What the entries of one read of the table are compared with. */
struct shadow {
	const struct rollcall_table *table;
	uint64_t now_ns;
	uint32_t ifindexes[ROLLCALL_SLOTS]; /* of the attached interfaces */
	int count;
};

/* Returns 0 or -errno. */
int rollcall_shadow_begin(struct shadow *s, const struct rollcall_table *t, uint64_t now_ns);

/* Does a live entry with a seal have the hostname of KEY? A look-up per interface and family. */
bool rollcall_shadow_look_up(const struct shadow *s, const struct rollcall_peer_key *key);

/* Is ENTRY shadowed? */
static inline bool rollcall_shadow_covers(const struct shadow *s, const struct rollcall_entry *entry)
{
	return s->table->settings.sealing == ROLLCALL_MIXED && !(entry->peer.flags & ROLLCALL_PEER_SEALED) &&
	       rollcall_shadow_look_up(s, &entry->key);
}

#endif
