/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cases about the life of an entry. Each runs on its own rig, with the real filter and the real sweeper, in one thread,
 * so that the order of events is fixed. The passing of time is simulated by writing older times into the table.
 *
 * A program lists its cases in CASES(X) and ends with LIFE_MAIN(SETTINGS). PROGRAM CASE runs one case, PROGRAM --list
 * prints their names. Exit status 0: the case passed.
 */
#ifndef ROLLCALL_TEST_LIFE_H
#define ROLLCALL_TEST_LIFE_H

#include "rig.h"
#include "loader/sweeper.h"
#include "view/snapshot.h"

#define NODE   "node-b"
#define OTHER  "node-c"
#define SECOND ((int64_t)NS_PER_S)

static struct rig rig;
static bool failed;

#define EXPECT(condition)                                                                           \
	do {                                                                                        \
		if (!(condition)) {                                                                 \
			fprintf(stderr, "%s, line %d: not so: %s\n", __func__, __LINE__, #condition); \
			failed = true;                                                              \
		}                                                                                   \
	} while (0)

static inline bool entry_of(const char *name, struct rollcall_entry *entry)
{
	entry->key = rig_key(name);
	return !bpf_map_lookup_elem(rig.table.peers_fd, &entry->key, &entry->peer);
}

static inline struct rollcall_peer peer_of(const char *name)
{
	struct rollcall_entry entry = {};

	EXPECT(entry_of(name, &entry));
	return entry.peer;
}

/*
 * Change the entry of NAME as if it was received AGE_NS ago, and joined a minute before that. Its reserved bytes are
 * marked: a rewrite of the entry clears them, and a refresh in place does not. On a machine that has just booted times
 * may be before the boot, so compare only differences.
 */
static inline void age(const char *name, int64_t age_ns)
{
	struct rollcall_entry entry = {};

	EXPECT(entry_of(name, &entry));
	entry.peer.last_seen_ns = rollcall_now_ns() - (uint64_t)age_ns;
	entry.peer.first_seen_ns = entry.peer.last_seen_ns - 60 * NS_PER_S;
	memset(entry.peer.reserved2, 0xaa, sizeof(entry.peer.reserved2));
	EXPECT(!bpf_map_update_elem(rig.table.peers_fd, &entry.key, &entry.peer, BPF_EXIST));
}

static inline bool written_in_place(const struct rollcall_peer *peer)
{
	return peer->reserved2[0] == 0xaa;
}

/* Would `rollcall peers` list NAME? */
static inline bool listed(const char *name)
{
	struct rollcall_table reader = table_reader(&rig.table);
	struct selection selection = { .patterns = (char *const[]){ (char *)name }, .pattern_count = 1 };
	struct snapshot snapshot;
	size_t count;

	if (snapshot_take(&reader, &selection, &snapshot))
		exit(1);
	count = snapshot.entries.count;
	snapshot_free(&snapshot);
	return count;
}

static inline int64_t expiry_ns(void)
{
	return (int64_t)rig.table.settings.expiry_ns;
}

static inline int64_t refresh_ns(void)
{
	return (int64_t)rig.table.settings.refresh_ns;
}

/* Host HOST announces NAME from network card CARD. Returns the outcome. */
static inline enum rollcall_outcome hears(const char *name, uint16_t host, uint8_t card)
{
	enum rollcall_outcome outcome = ROLLCALL_NOT_OURS;
	struct rollcall_counts before, after;
	struct frame frame;

	frame_of(&frame, &rig.table.settings, name, host, card);
	if (table_counts(&rig.table, 0, &before) || hear(rig.prog_fd, &frame, 0) ||
	    table_counts(&rig.table, 0, &after))
		exit(1);
	for (int i = 0; i < ROLLCALL_OUTCOME_COUNT; i++)
		if (after.outcomes[i] != before.outcomes[i])
			outcome = (enum rollcall_outcome)i;
	return outcome;
}

/* NAME joins, and is then a second older than the expiry: the sweeper finds it expired. */
static inline void join_and_expire(const char *name)
{
	EXPECT(hears(name, 2, 0) == ROLLCALL_JOINED);
	age(name, expiry_ns() + SECOND);
}

/* The leaves that a sweep reported, and a function to call for the entry STAYS after the first leave. */
struct told {
	int leaves;
	struct rollcall_entry last;
	void (*meanwhile)(const char *stays);
};

static inline const char *other_of(const char *name)
{
	return strcmp(name, NODE) ? NODE : OTHER;
}

static inline void on_leave(const struct rollcall_entry *entry, void *context)
{
	struct told *told = context;

	told->last = *entry;
	if (!told->leaves++ && told->meanwhile)
		told->meanwhile(other_of(entry->key.hostname));
}

static inline struct sweep_report swept(struct told *told)
{
	struct sweep_report report;

	EXPECT(!sweep(&rig.table, on_leave, told, &report));
	return report;
}

struct life_case {
	const char *name;
	void (*run)(void);
};

static inline int life_main(const struct rollcall_settings *settings, const struct life_case *cases, int count,
			    int argc, char **argv)
{
	const struct life_case *found = NULL;
	bool list = argc == 2 && !strcmp(argv[1], "--list");

	for (int i = 0; i < count; i++)
		if (list)
			puts(cases[i].name);
		else if (argc == 2 && !strcmp(argv[1], cases[i].name))
			found = &cases[i];
	if (list)
		return 0;
	if (!found) {
		fprintf(stderr, "usage: %s CASE (see %s --list)\n", argv[0], argv[0]);
		return 2;
	}
	failed = rig_open(&rig, settings);
	if (!failed)
		found->run();
	rig_close(&rig);
	return failed;
}

#define LIFE_CASE(name) { #name, name },

/* SETTINGS: assignments of settings that differ from the defaults, as settings.max_peers = 4, ... */
#define LIFE_MAIN(...)                                                                              \
	int main(int argc, char **argv)                                                             \
	{                                                                                           \
		static const struct life_case cases[] = { CASES(LIFE_CASE) };                       \
		struct rollcall_settings settings = ROLLCALL_DEFAULT_SETTINGS;                      \
                                                                                                    \
		__VA_ARGS__;                                                                        \
		return life_main(&settings, cases, sizeof(cases) / sizeof(cases[0]), argc, argv);   \
	}

#endif
