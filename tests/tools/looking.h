/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads a table repeatedly, as a watcher does, and compares the reported events. */
#ifndef ROLLCALL_TEST_LOOKING_H
#define ROLLCALL_TEST_LOOKING_H

#include "life.h"
#include "watch/roster.h"

static struct roster roster;
static struct rollcall_attachment slots[ROLLCALL_SLOTS];

struct heard {
	char text[512]; /* "join node-b announced; leave node-c expired; " */
	uint64_t first_ns, last_ns;
	char previous[ROLLCALL_ADDRESS_TEXT];
};

static inline void on_change(const struct table_info *info, const struct event *event, void *context)
{
	struct heard *h = context;
	size_t used = strlen(h->text);

	(void)info;
	snprintf(h->text + used, sizeof(h->text) - used, "%s %s %s; ", event->event, event->entry->key.hostname, event->reason);
	if (!used)
		h->first_ns = event->boot_ns;
	h->last_ns = event->boot_ns;
	if (event->previous)
		rollcall_address_text(event->previous, "lan0", h->previous);
}

static inline struct roster_input look_into(struct heard *h)
{
	static struct rollcall_table reader;

	reader = table_reader(&rig.table);
	*h = (struct heard){};
	return (struct roster_input){ &reader, slots, slots, "announced", on_change, h };
}

static inline struct heard look(void)
{
	struct heard h;
	struct roster_input at = look_into(&h);

	EXPECT(!roster_update(&roster, &at));
	return h;
}

static inline bool is(const struct heard *h, const char *wanted)
{
	if (strcmp(h->text, wanted))
		fprintf(stderr, "it told \"%s\", not \"%s\"\n", h->text, wanted);
	return !strcmp(h->text, wanted);
}

#define TELLS(h, wanted)                                                                            \
	do {                                                                                        \
		struct heard just_told = h;                                                         \
                                                                                                    \
		EXPECT(is(&just_told, wanted));                                                     \
	} while (0)

/* Change the roster as if it had read the table NS earlier. */
static inline void looked_earlier(int64_t ns)
{
	for (size_t i = 0; i < roster.here.count; i++)
		roster.here.list[i].entry.peer.last_seen_ns -= (uint64_t)ns;
}

static inline void put(const struct rollcall_entry *entry)
{
	EXPECT(!bpf_map_update_elem(rig.table.peers_fd, &entry->key, &entry->peer, BPF_ANY));
}

static inline void take_out(const struct rollcall_entry *entry)
{
	EXPECT(!bpf_map_delete_elem(rig.table.peers_fd, &entry->key));
}

/* NAME joins, and the join is reported. */
static inline struct rollcall_entry is_known(const char *name)
{
	struct rollcall_entry entry = {};

	EXPECT(hears(name, 2, 0) == ROLLCALL_JOINED);
	EXPECT(entry_of(name, &entry));
	look();
	return entry;
}

/* HOST announces NODE, SPAN after its last move. */
static inline void moves_after(uint16_t host, int64_t span)
{
	struct rollcall_entry entry;

	EXPECT(entry_of(NODE, &entry));
	entry.peer.moved_ns -= entry.peer.moved_ns ? (uint64_t)span : 0;
	put(&entry);
	for (size_t i = 0; i < roster.here.count; i++)
		roster.here.list[i].entry.peer.moved_ns -= roster.here.list[i].entry.peer.moved_ns ? (uint64_t)span : 0;
	EXPECT(hears(NODE, host, 0) == ROLLCALL_MOVED);
}

static inline void free_roster(void)
{
	roster_free(&roster);
}

#endif
