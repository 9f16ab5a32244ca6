// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Messages in a plain table, by the real filter: no seal is checked, in sequences of events. */
#include "says.h"

static const struct says goodbye = { { GOODBYE, 0, 1, NULL }, 2, false };

static void a_goodbye_removes_its_host(void)
{
	struct told told = {};

	EXPECT(hears_says(NODE, goodbye) == ROLLCALL_GOODBYE_IGNORED);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(listed(NODE));
	EXPECT(hears_says(NODE, goodbye) == ROLLCALL_LEFT);
	EXPECT(!listed(NODE));
	EXPECT(peer_of(NODE).flags == ROLLCALL_PEER_LEFT);
	EXPECT(hears_says(NODE, goodbye) == ROLLCALL_GOODBYE_IGNORED);
	EXPECT(rollcall_state_live(rig.table.state) == 1);
	age(NODE, expiry_ns() + SECOND);
	EXPECT(swept(&told).left == 1);
	EXPECT(!rollcall_state_live(rig.table.state));
}

static void an_announcement_brings_the_host_back(void)
{
	struct rollcall_peer peer;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears_says(NODE, goodbye) == ROLLCALL_LEFT);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_RETURNED);
	peer = peer_of(NODE);
	EXPECT(!peer.flags && peer.announcements == 1 && peer.first_seen_ns == peer.last_seen_ns);
	EXPECT(listed(NODE));
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
}

/* Who can send from that address and MAC can say goodbye; nobody else can. */
static void a_goodbye_of_another_host_is_ignored(void)
{
	struct rollcall_peer before, after;
	struct says other = goodbye;

	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	EXPECT(hears(OTHER, 2, 1) == ROLLCALL_JOINED); /* the same address, another MAC */
	before = peer_of(NODE);
	other.host = 3;
	EXPECT(hears_says(NODE, other) == ROLLCALL_GOODBYE_IGNORED);
	EXPECT(hears_says(OTHER, goodbye) == ROLLCALL_GOODBYE_IGNORED);
	other = goodbye;
	other.ipv6 = true;
	EXPECT(hears_says(NODE, other) == ROLLCALL_GOODBYE_IGNORED);
	after = peer_of(NODE);
	EXPECT(!memcmp(&before, &after, sizeof(before)));
	EXPECT(listed(NODE) && listed(OTHER));
}

static void an_expired_host_does_not_leave(void)
{
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_JOINED);
	age(NODE, expiry_ns() + SECOND);
	EXPECT(hears_says(NODE, goodbye) == ROLLCALL_GOODBYE_IGNORED);
	EXPECT(!peer_of(NODE).flags);
}

/* What is sealed is recorded as if it was not. */
static void seals_are_not_checked(void)
{
	static const uint8_t unknown[16];
	struct says says = { { 0, 200, 1, unknown }, 2, false };

	EXPECT(hears_says(NODE, says) == ROLLCALL_JOINED);
	EXPECT(hears_says(NODE, says) == ROLLCALL_REFRESHED);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_REFRESHED);
	EXPECT(!peer_of(NODE).flags && !peer_of(NODE).sequence);
	says.message.flags = GOODBYE;
	says.host = 3;
	EXPECT(hears_says(NODE, says) == ROLLCALL_GOODBYE_IGNORED);
	says.host = 2;
	EXPECT(hears_says(NODE, says) == ROLLCALL_LEFT);
}

/* The place and the name are used up until the tombstone is removed. */
static void a_tombstone_keeps_its_share(void)
{
	char name[24];

	for (int i = 0; i < ROLLCALL_NAMES_PER_SOURCE; i++) {
		snprintf(name, sizeof(name), "name-%d", i);
		EXPECT(hears(name, 2, 0) == ROLLCALL_JOINED);
		EXPECT(hears_says(name, goodbye) == ROLLCALL_LEFT);
	}
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_THROTTLED);
	EXPECT(hears("name-0", 2, 0) == ROLLCALL_RETURNED);
	EXPECT(rollcall_state_live(rig.table.state) == ROLLCALL_NAMES_PER_SOURCE);
}

#define CASES(X)                                                                                    \
	X(a_goodbye_removes_its_host)                                                               \
	X(an_announcement_brings_the_host_back)                                                     \
	X(a_goodbye_of_another_host_is_ignored)                                                     \
	X(an_expired_host_does_not_leave)                                                           \
	X(seals_are_not_checked)                                                                    \
	X(a_tombstone_keeps_its_share)

LIFE_MAIN(settings.ignore_goodbye = getenv("IGNORE_GOODBYE") != NULL)
