// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Messages in a table with keys, by the real filter: seals, sequences, goodbyes, in sequences of events. */
#include "says.h"

static void set_sequence(const char *name, uint64_t sequence)
{
	struct rollcall_entry entry;

	EXPECT(entry_of(name, &entry));
	entry.peer.sequence = sequence;
	EXPECT(!bpf_map_update_elem(rig.table.peers_fd, &entry.key, &entry.peer, BPF_EXIST));
}

static void a_seal_is_required(void)
{
	uint8_t wrong[16];
	struct says says = { { 0, SEALED_KEY_ID, next_sequence(), wrong }, 2, false };

	prepare(0);
	EXPECT(hears(NODE, 2, 0) == ROLLCALL_UNSEALED);
	for (int bit = 0; bit < 128; bit++) {
		memcpy(wrong, sealed_key, sizeof(wrong));
		wrong[bit / 8] ^= (uint8_t)(1 << bit % 8);
		EXPECT(hears_says(NODE, says) == ROLLCALL_BAD_SEAL);
	}
	says.message.key = sealed_key;
	says.message.key_id++;
	EXPECT(hears_says(NODE, says) == ROLLCALL_UNKNOWN_KEY);
	EXPECT(!listed(NODE));
	says.message.key_id--;
	EXPECT(hears_says(NODE, says) == ROLLCALL_JOINED);
	EXPECT(peer_of(NODE).flags == ROLLCALL_PEER_SEALED && peer_of(NODE).sequence == says.message.sequence);
}

/* A name of each length, over both families. */
static void seals_of_every_length(void)
{
	char name[ROLLCALL_HOSTNAME_MAX + 1] = "";

	prepare(0);
	for (int length = 1; length <= ROLLCALL_HOSTNAME_MAX; length++) {
		struct says says = { { 0, SEALED_KEY_ID, next_sequence(), sealed_key }, (uint32_t)length, false };

		name[length - 1] = (char)('A' + length % 26); /* the seal covers the name as it was sent */
		EXPECT(hears_says(name, says) == ROLLCALL_JOINED);
		says.ipv6 = true;
		EXPECT(hears_says(name, says) == ROLLCALL_JOINED);
	}
}

/* May a frame with another bit in byte AT of its payload (-1: its address) have that outcome? */
static bool is_found(int at, enum rollcall_outcome outcome)
{
	if (outcome == ROLLCALL_BAD_SEAL)
		return at >= 12 || at == 10 || at < 0; /* a goodbye has the same form */
	if (at < 0)
		return outcome == ROLLCALL_BAD_SOURCE;
	if (at < 10)
		return outcome == ROLLCALL_BAD_PREFIX;
	if (at == 10)
		return outcome == ROLLCALL_BAD_MESSAGE;
	if (at == 11)
		return outcome == ROLLCALL_UNKNOWN_KEY;
	return at >= 28 && (outcome == ROLLCALL_NAME_BAD_CHAR || outcome == ROLLCALL_NAME_BAD_START);
}

/* The seal covers the address and everything before and behind itself: any changed bit of these is found. */
static void every_bit_is_covered(void)
{
	struct says says = { { 0, SEALED_KEY_ID, next_sequence(), sealed_key }, 2, false };
	struct frame f, changed;

	prepare(0);
	message_frame(&f, "node-bcd.example-9", says);
	for (uint32_t bit = (f.network + 12) * 8; bit < f.count * 8; bit++) {
		if (bit == (f.network + 16) * 8) /* not the group and the ports */
			bit = (f.udp + 8) * 8;
		changed = f;
		changed.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		frame_put(&changed, (f.udp + 6) * 8, 16, 0); /* no UDP checksum */
		frame_put(&changed, (f.network + 10) * 8, 16, 0);
		frame_put(&changed, (f.network + 10) * 8, 16,
			  (uint16_t)~frame_fold(frame_sum(&changed, f.network, f.network + 20)));
		EXPECT(is_found((int)(bit / 8) - (int)(f.udp + 8) < 0 ? -1 : (int)(bit / 8 - f.udp - 8), hears_frame(&changed)));
	}
	EXPECT(hears_frame(&f) == ROLLCALL_JOINED);
}

/* Form, hostname, key id, seal, time: the first fault decides. */
static void the_first_fault_decides(void)
{
	static const uint8_t wrong[16];
	struct says says = { { 2, SEALED_KEY_ID + 1, 0, wrong }, 2, false };

	prepare(0);
	EXPECT(hears_says("-" NODE, says) == ROLLCALL_BAD_MESSAGE);
	says.message.flags = 0;
	EXPECT(hears_says("-" NODE, says) == ROLLCALL_NAME_BAD_START);
	EXPECT(hears_says(NODE, says) == ROLLCALL_UNKNOWN_KEY);
	says.message.key_id = SEALED_KEY_ID;
	EXPECT(hears_says(NODE, says) == ROLLCALL_BAD_SEAL);
	says.message.key = sealed_key;
	EXPECT(hears_says(NODE, says) == ROLLCALL_STALE);
	says.message.flags = GOODBYE;
	EXPECT(hears_says(NODE, says) == ROLLCALL_STALE);
	says.message.sequence = next_sequence();
	EXPECT(hears_says(NODE, says) == ROLLCALL_GOODBYE_IGNORED);
}

/* What is rejected changes neither the entry, nor the counts of names, nor the account of places. */
static void a_flood_changes_nothing(void)
{
	struct rollcall_source source = { .address = { 10, 78, 0, 2 }, .ifindex = HEARD_ON_LOOPBACK, .family = ROLLCALL_FAMILY_IPV4 };
	static const uint8_t wrong[16];
	struct rollcall_source_use before_use, after_use;
	struct rollcall_state before, after;
	struct rollcall_peer peer, peer_after;
	uint64_t sequence = next_sequence();
	struct rollcall_counts counts;

	prepare(0);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_JOINED);
	peer = peer_of(NODE);
	before = *rig.table.state;
	EXPECT(!table_counts(&rig.table, 0, &counts));
	EXPECT(!bpf_map_lookup_elem(rig.table.sources_fd, &source, &before_use));
	for (int i = 0; i < 100; i++) {
		hears_sealed(NODE, sequence);
		hears_says(NODE, (struct says){ { 0, SEALED_KEY_ID, next_sequence(), wrong }, 2, false });
		hears_says(NODE, (struct says){ { GOODBYE, SEALED_KEY_ID + 1, next_sequence(), sealed_key }, 2, false });
		hears_says(OTHER, (struct says){ { 0, SEALED_KEY_ID, next_sequence(), wrong }, (uint32_t)(100 + i), false });
	}
	EXPECT(!bpf_map_lookup_elem(rig.table.sources_fd, &source, &after_use));
	peer_after = peer_of(NODE);
	after = *rig.table.state;
	EXPECT(!memcmp(&peer, &peer_after, sizeof(peer)));
	EXPECT(!memcmp(&before, &after, sizeof(before)));
	EXPECT(!memcmp(&before_use, &after_use, sizeof(before_use)));
	before_use.names = (uint32_t)counts.last_ns;
	EXPECT(!table_counts(&rig.table, 0, &counts));
	EXPECT(before_use.names == (uint32_t)counts.last_ns); /* none of them was an announcement */
}

static void refresh_is_in_place(void)
{
	struct rollcall_peer peer;
	uint64_t sequence = next_sequence();

	prepare(0);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_JOINED);
	EXPECT(hears_sealed(NODE, ++sequence) == ROLLCALL_REFRESHED);
	EXPECT(peer_of(NODE).sequence == sequence);
	age(NODE, SECOND); /* it joined a minute ago */
	EXPECT(hears_sealed(NODE, ++sequence) == ROLLCALL_REFRESHED);
	peer = peer_of(NODE);
	EXPECT(written_in_place(&peer) && peer.sequence == sequence);
	EXPECT(peer.announcements == 3);
}

/* An entry that is not stale is not removed, and can be written afterwards. */
static void a_fresh_entry_is_not_removed(void)
{
	struct rollcall_entry entry = { .key = rig_key(NODE) };
	uint64_t sequence = next_sequence();

	prepare(0);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_JOINED);
	EXPECT(scanner_remove(&rig.scanner, &rig.table, &entry, rollcall_now_ns()) == -ENOENT);
	EXPECT(peer_of(NODE).sequence == sequence);
	EXPECT(hears_sealed(NODE, ++sequence) == ROLLCALL_REFRESHED);
	age(NODE, expiry_ns() + SECOND);
	set_sequence(NODE, ROLLCALL_SEQUENCE_REPLACED); /* a CPU is replacing it */
	EXPECT(scanner_remove(&rig.scanner, &rig.table, &entry, rollcall_now_ns()) == -ENOENT);
	set_sequence(NODE, sequence);
	EXPECT(!scanner_remove(&rig.scanner, &rig.table, &entry, rollcall_now_ns()));
	EXPECT(entry.peer.sequence == sequence && entry.peer.ipv4[3] == 2);
	EXPECT(scanner_remove(&rig.scanner, &rig.table, &entry, rollcall_now_ns()) == -ENOENT);
	/* a CPU has lost it to another host */
	EXPECT(hears_sealed(NODE, ++sequence) == ROLLCALL_JOINED);
	set_sequence(NODE, ROLLCALL_SEQUENCE_REPLACED);
	age(NODE, 2 * expiry_ns() + SECOND);
	EXPECT(!scanner_remove(&rig.scanner, &rig.table, &entry, rollcall_now_ns()));
}

static void a_message_counts_once(void)
{
	struct rollcall_peer before, after;
	uint64_t sequence = next_sequence();

	prepare(0);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_JOINED);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_STALE);
	age(NODE, 5 * SECOND);
	EXPECT(hears_sealed(NODE, sequence + 2) == ROLLCALL_REFRESHED);
	before = peer_of(NODE);
	EXPECT(hears_sealed(NODE, sequence + 2) == ROLLCALL_STALE);
	EXPECT(hears_sealed(NODE, sequence + 1) == ROLLCALL_STALE);
	/* also from another address, for which it is sealed */
	EXPECT(hears_says(NODE, (struct says){ { 0, SEALED_KEY_ID, sequence + 1, sealed_key }, 3, false }) == ROLLCALL_STALE);
	after = peer_of(NODE);
	EXPECT(!memcmp(&before, &after, sizeof(before)));
	EXPECT(hears_sealed(NODE, sequence + 3) == ROLLCALL_REFRESHED);
}

static void the_window_bounds_the_sequence(void)
{
	const int64_t skew_us = (int64_t)(ROLLCALL_MAX_SKEW_NS / 1000);
	uint64_t now;

	prepare(0);
	now = realtime_us();
	EXPECT(hears_sealed(NODE, now - (uint64_t)skew_us - US_PER_S) == ROLLCALL_STALE);
	EXPECT(hears_sealed(NODE, now + (uint64_t)skew_us + US_PER_S) == ROLLCALL_STALE);
	EXPECT(hears_sealed(NODE, 0) == ROLLCALL_STALE);
	EXPECT(hears_sealed(NODE, UINT64_MAX) == ROLLCALL_STALE);
	/* in nanoseconds this one is that of now, modulo 2^64 */
	EXPECT(hears_sealed(NODE, now + (1ULL << 61)) == ROLLCALL_STALE);
	EXPECT(!listed(NODE));
	EXPECT(hears_sealed(NODE, now - (uint64_t)skew_us + US_PER_S) == ROLLCALL_JOINED);
	EXPECT(hears_sealed(OTHER, now + (uint64_t)skew_us - US_PER_S) == ROLLCALL_JOINED);
}

/* This host's clock was a minute ahead and is set back: what it recorded meanwhile does not lock the host out. */
static void a_clock_step_does_not_lock_out(void)
{
	prepare(60 * SECOND);
	EXPECT(hears_sealed(NODE, realtime_us() + 60 * US_PER_S) == ROLLCALL_JOINED);
	prepare(0);
	age(NODE, 5 * SECOND);
	EXPECT(hears_sealed(NODE, next_sequence()) == ROLLCALL_REFRESHED);
	EXPECT(peer_of(NODE).sequence <= realtime_us());
	EXPECT(hears_sealed(NODE, realtime_us() - US_PER_S) == ROLLCALL_STALE);
}

static void goodbye_leaves_a_tombstone(void)
{
	struct told told = {};
	uint64_t sequence = next_sequence();

	prepare(0);
	EXPECT(hears_goodbye(NODE, sequence) == ROLLCALL_GOODBYE_IGNORED);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_JOINED);
	EXPECT(hears_goodbye(NODE, sequence) == ROLLCALL_STALE);
	EXPECT(listed(NODE));
	EXPECT(hears_goodbye(NODE, sequence + 5) == ROLLCALL_LEFT);
	EXPECT(!listed(NODE));
	EXPECT(peer_of(NODE).flags == (ROLLCALL_PEER_SEALED | ROLLCALL_PEER_LEFT));
	EXPECT(hears_sealed(NODE, sequence + 4) == ROLLCALL_STALE);
	EXPECT(hears_goodbye(NODE, sequence + 5) == ROLLCALL_STALE);
	age(NODE, expiry_ns() - SECOND);
	EXPECT(swept(&told).left == 0);
	EXPECT(hears_sealed(NODE, sequence + 6) == ROLLCALL_RETURNED);
	EXPECT(listed(NODE));
	EXPECT(peer_of(NODE).announcements == 1 && peer_of(NODE).flags == ROLLCALL_PEER_SEALED);
	EXPECT(hears_goodbye(NODE, sequence + 7) == ROLLCALL_LEFT);
	age(NODE, expiry_ns() + SECOND);
	EXPECT(swept(&told).left == 1);
	EXPECT(!rollcall_state_live(rig.table.state));
}

/* An entry that expired does not refuse what is in the window, and neither does one that was removed. */
static void after_the_expiry_only_time_counts(void)
{
	struct told told = {};
	uint64_t sequence = next_sequence();

	prepare(0);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_JOINED);
	age(NODE, expiry_ns() + SECOND);
	prepare(expiry_ns() + SECOND);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_STALE);
	EXPECT(swept(&told).left == 1);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_STALE);
	EXPECT(hears_sealed(NODE, sequence + (uint64_t)expiry_ns() / 1000) == ROLLCALL_JOINED);
}

/* Another CPU is replacing the entry: the message waits for a bounded time, and the entry is not touched. */
static void who_finds_a_replaced_entry_waits(void)
{
	uint64_t sequence = next_sequence();

	prepare(0);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_JOINED);
	age(NODE, SECOND);
	set_sequence(NODE, ROLLCALL_SEQUENCE_REPLACED);
	EXPECT(hears_sealed(NODE, ++sequence) == ROLLCALL_UNRECORDED);
	EXPECT(peer_of(NODE).sequence == ROLLCALL_SEQUENCE_REPLACED);
	set_sequence(NODE, sequence);
	EXPECT(hears_sealed(NODE, ++sequence) == ROLLCALL_REFRESHED);
}

/* A message that changes nothing leaves the entry as it was: its address has the maximum of names. */
static void who_may_not_move_changes_nothing(void)
{
	uint64_t sequence = next_sequence();
	char name[24];

	prepare(0);
	EXPECT(hears_sealed(NODE, sequence) == ROLLCALL_JOINED);
	for (int i = 0; i < ROLLCALL_NAMES_PER_SOURCE; i++) {
		snprintf(name, sizeof(name), "full-%d", i);
		EXPECT(hears_says(name, (struct says){ { 0, SEALED_KEY_ID, next_sequence(), sealed_key }, 3, false }) == ROLLCALL_JOINED);
	}
	EXPECT(hears_says(NODE, (struct says){ { 0, SEALED_KEY_ID, sequence + 1, sealed_key }, 3, false }) == ROLLCALL_THROTTLED);
	EXPECT(peer_of(NODE).sequence == sequence);
	EXPECT(hears_sealed(NODE, sequence + 1) == ROLLCALL_REFRESHED);
}

#define CASES(X)                                                                                    \
	X(a_seal_is_required)                                                                       \
	X(seals_of_every_length)                                                                    \
	X(every_bit_is_covered)                                                                     \
	X(the_first_fault_decides)                                                                  \
	X(a_flood_changes_nothing)                                                                  \
	X(refresh_is_in_place)                                                                      \
	X(a_fresh_entry_is_not_removed)                                                             \
	X(a_message_counts_once)                                                                    \
	X(the_window_bounds_the_sequence)                                                           \
	X(a_clock_step_does_not_lock_out)                                                           \
	X(goodbye_leaves_a_tombstone)                                                               \
	X(after_the_expiry_only_time_counts)                                                        \
	X(who_finds_a_replaced_entry_waits)                                                         \
	X(who_may_not_move_changes_nothing)

LIFE_MAIN(settings.sealing = ROLLCALL_SEALED)
