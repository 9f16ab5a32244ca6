// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A mixed table, by the real filter: announcements with and without a seal, in sequences of events. */
#include "says.h"

#define PLACES 8

static enum rollcall_outcome hears_sealed_over(const char *name, bool ipv6)
{
	return hears_says(name, (struct says){ { 0, SEALED_KEY_ID, next_sequence(), sealed_key }, 2, ipv6 });
}

static void plain_hosts_are_recorded(void)
{
	prepare(0);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	EXPECT(!peer_of(NODE).flags && !peer_of(NODE).sequence);
	EXPECT(rig.table.state->unsealed == 1);
}

/* A host gets its key: it stays, and from then on nobody announces it without one. */
static void a_host_gets_its_key(void)
{
	struct rollcall_peer before, after;

	prepare(0);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	before = peer_of(NODE);
	EXPECT(hears_sealed(NODE, next_sequence()) == ROLLCALL_REFRESHED);
	after = peer_of(NODE);
	EXPECT(after.first_seen_ns == before.first_seen_ns && after.announcements == 2);
	EXPECT(after.flags == ROLLCALL_PEER_SEALED && after.sequence);
	EXPECT(!rig.table.state->unsealed);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_UNSEALED);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_UNSEALED);
	EXPECT(!memcmp(&after, &(struct rollcall_peer[]){ peer_of(NODE) }, sizeof(after)));
}

/* The one that was recorded without a key is not the host that has the key, if its address is another one. */
static void a_host_takes_its_name_back(void)
{
	struct rollcall_peer peer;

	prepare(0);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_JOINED);
	EXPECT(hears_sealed(NODE, next_sequence()) == ROLLCALL_RETURNED);
	peer = peer_of(NODE);
	EXPECT(peer.ipv4[3] == 2 && peer.announcements == 1 && !peer.contested && !peer.moved_ns);
}

static void the_other_family_counts_too(void)
{
	prepare(0);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears_sealed_over(NODE, true) == ROLLCALL_JOINED);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_UNSEALED);
	EXPECT(hears_sealed_over(NODE, false) == ROLLCALL_REFRESHED);
}

/* Neither an entry nor a tombstone with a seal gives way before it has expired. */
static void a_seal_lasts_until_the_expiry(void)
{
	prepare(0);
	EXPECT(hears_sealed(NODE, next_sequence()) == ROLLCALL_JOINED);
	EXPECT(hears_goodbye(NODE, next_sequence()) == ROLLCALL_LEFT);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_UNSEALED);
	age(NODE, expiry_ns() - SECOND);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_UNSEALED);
	age(NODE, expiry_ns() + SECOND);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	EXPECT(!peer_of(NODE).flags && rig.table.state->unsealed == 1);
}

static void a_goodbye_without_a_seal_removes_no_sealed_entry(void)
{
	struct says says = { { GOODBYE, 0, next_sequence(), NULL }, 2, false };

	prepare(0);
	EXPECT(hears_sealed(NODE, next_sequence()) == ROLLCALL_JOINED);
	EXPECT(hears_says(NODE, says) == ROLLCALL_UNSEALED);
	EXPECT(listed(NODE));
	EXPECT(hears(OTHER, 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears_says(OTHER, says) == ROLLCALL_LEFT);
	EXPECT(!listed(OTHER));
}

/* What others announced without a key is no conflict of the host with the key. */
static void a_seal_ends_a_conflict(void)
{
	prepare(0);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears(NODE, 3, 0) == ROLLCALL_MOVED);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_MOVED);
	EXPECT(peer_of(NODE).contested);
	EXPECT(hears_sealed(NODE, next_sequence()) == ROLLCALL_REFRESHED);
	EXPECT(!peer_of(NODE).contested && !peer_of(NODE).moved_ns);
}

/* A host without a key has used up the names of an address: that is no limit for the host with the key. */
static void names_of_others_do_not_count(void)
{
	char name[24];

	prepare(0);
	for (int i = 0; i < PLACES / 2; i++) {
		snprintf(name, sizeof(name), "plain-%d", i);
		EXPECT(hears(name, 2, 0) == (i < 2 ? ROLLCALL_JOINED : ROLLCALL_THROTTLED));
	}
	EXPECT(hears_sealed(NODE, next_sequence()) == ROLLCALL_JOINED);
	EXPECT(hears_says(OTHER, (struct says){ { 0, SEALED_KEY_ID, next_sequence(), sealed_key }, 5, false }) == ROLLCALL_JOINED);
	EXPECT(hears_sealed(OTHER, next_sequence()) == ROLLCALL_MOVED);
}

static void who_has_no_key_gets_half_of_the_places(void)
{
	char name[24];

	prepare(0);
	for (int i = 0; i < PLACES; i++) {
		snprintf(name, sizeof(name), "plain-%d", i);
		EXPECT(hears(name, (uint16_t)(10 + i), 0) == (i < PLACES / 2 ? ROLLCALL_JOINED : ROLLCALL_FULL));
	}
	EXPECT(rig.table.state->unsealed == PLACES / 2);
	for (int i = 0; i < PLACES; i++) {
		snprintf(name, sizeof(name), "sealed-%d", i);
		EXPECT(hears_says(name, (struct says){ { 0, SEALED_KEY_ID, next_sequence(), sealed_key }, (uint32_t)(30 + i), false }) ==
		       (i < PLACES / 2 ? ROLLCALL_JOINED : ROLLCALL_FULL));
	}
	EXPECT(rollcall_state_live(rig.table.state) == PLACES);
}

#define CASES(X)                                                                                    \
	X(plain_hosts_are_recorded)                                                                 \
	X(a_host_gets_its_key)                                                                      \
	X(a_host_takes_its_name_back)                                                               \
	X(the_other_family_counts_too)                                                              \
	X(a_seal_lasts_until_the_expiry)                                                            \
	X(a_goodbye_without_a_seal_removes_no_sealed_entry)                                         \
	X(a_seal_ends_a_conflict)                                                                   \
	X(names_of_others_do_not_count)                                                             \
	X(who_has_no_key_gets_half_of_the_places)

LIFE_MAIN(settings.sealing = ROLLCALL_MIXED, settings.max_peers = PLACES, settings.names_per_source = 2)
