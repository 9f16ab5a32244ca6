// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Look up the other entries of a name. */
#include "bpf.h"
#include "find.h"
#include "shadow.h"

int rollcall_shadow_begin(struct shadow *s, const struct rollcall_table *t, uint64_t now_ns)
{
	s->table = t;
	s->now_ns = now_ns;
	s->count = 0;
	return t->settings.sealing == ROLLCALL_MIXED ? rollcall_attached(t, s->ifindexes, &s->count) : 0;
}

static bool is_sealed_on(const struct shadow *s, struct rollcall_entry *entry)
{
	return !bpf_lookup(s->table->peers_fd, &entry->key, &entry->peer) && entry->peer.flags & ROLLCALL_PEER_SEALED &&
	       rollcall_is_live(&s->table->settings, &entry->peer, s->now_ns);
}

static bool is_sealed_anywhere(const struct shadow *s, const struct rollcall_peer_key *key)
{
	struct rollcall_entry other = { .key = *key };

	for (int n = 0; n < s->count; n++) {
		other.key.ifindex = s->ifindexes[n];
		other.key.family = ROLLCALL_FAMILY_IPV4;
		if (is_sealed_on(s, &other))
			return true;
		other.key.family = ROLLCALL_FAMILY_IPV6;
		if (is_sealed_on(s, &other))
			return true;
	}
	return false;
}

/* Look twice: a look-up can miss an entry that is being replaced at that moment. */
bool rollcall_shadow_look_up(const struct shadow *s, const struct rollcall_peer_key *key)
{
	for (int look = 0; look < 2; look++)
		if (is_sealed_anywhere(s, key))
			return true;
	return false;
}

bool rollcall_is_shadowed(const struct rollcall_table *t, const struct rollcall_entry *entry, uint64_t now_ns)
{
	struct shadow s;

	return !rollcall_shadow_begin(&s, t, now_ns) && rollcall_shadow_covers(&s, entry);
}
