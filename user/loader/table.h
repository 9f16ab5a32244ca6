/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A pinned table as the command has it: over the library that reads it (rollcall.h), what loaders
 * need besides, snapshots, and messages about what fails. Nothing here writes.
 */
#ifndef ROLLCALL_TABLE_READER_H
#define ROLLCALL_TABLE_READER_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rollcall/outcome.h>
#include <rollcall/rollcall.h>
#include <rollcall/state.h>

#include "base/clock.h"
#include "pins.h"

struct scanner;

struct table {
#define X(name, ...) int name##_fd;
	PINNED_MAPS(X)
#undef X
	struct rollcall_settings settings;
	const struct rollcall_attachment *interfaces; /* the map's memory; NULL when opened for reading */
	struct rollcall_state *state; /* the map's memory itself; NULL when opened for reading */
	const struct scanner *scanner; /* scanner.h: the sweeper's, if it has one; not owned */
};

#define TABLE_CLOSED_FD(name, ...) .name##_fd = -1,
#define TABLE_CLOSED { PINNED_MAPS(TABLE_CLOSED_FD) }

/* What the library knows of it, which reads by that. */
static inline struct rollcall_table table_reader(const struct table *t)
{
	return (struct rollcall_table){ t->settings, t->peers_fd, t->interfaces_fd, t->interfaces };
}

/* How a table is opened: readers get the readers' maps (pins.h), and need no more than read permission. */
enum table_access { TABLE_READ, TABLE_WRITE };

#define TABLE_OTHER_LAYOUT (-EMEDIUMTYPE)

/* Returns 0, TABLE_OTHER_LAYOUT or another -errno, said. Close it in either case. */
int table_open(struct table *t, const char *pin_dir, enum table_access access);
void table_close(struct table *t);

/*
 * Visit every entry, expired ones too, until VISIT returns other than 0. Each entry that is
 * there all along is visited once, whatever is written meanwhile. Returns 0, what VISIT
 * returned, or -errno, not said.
 */
int table_walk(const struct table *t, rollcall_visit visit, void *context);

/*
 * Fill in the entry of a key. Returns 0, or -errno, not said: -ENOENT may be wrong for a moment, while
 * the entry is being replaced.
 */
int table_lookup(const struct table *t, struct rollcall_entry *entry);

static inline bool peer_is_live(const struct table *t, const struct rollcall_peer *peer, uint64_t now_ns)
{
	return rollcall_is_live(&t->settings, peer, now_ns);
}

/* Entries on the heap, owned. */
struct table_entries {
	struct rollcall_entry *entries;
	size_t count, room;
};

/* Returns 0 or -ENOMEM. */
int table_entries_add(struct table_entries *list, const struct rollcall_entry *entry);
void table_entries_free(struct table_entries *list);

/* The live entries at one moment. */
struct snapshot {
	struct moment taken;
	struct table_entries list;
};

/* Which entries are wanted. */
struct table_filter {
	const char *glob; /* of the hostname; NULL: all */
	int family;	  /* ROLLCALL_FAMILY_*, 0: both */
};

/* Does it let ENTRY through? */
bool table_filter_takes(const struct table_filter *filter, const struct rollcall_entry *entry);

/*
 * Visit the entries live at NOW_NS that FILTER (NULL: all) lets through; the rest as with
 * table_walk().
 */
int table_each(const struct table *t, const struct table_filter *filter, uint64_t now_ns, rollcall_visit visit,
	       void *context);

/* Take the live entries that FILTER (NULL: all) lets through. Returns 0 or -errno, said. */
int snapshot_take(const struct table *t, const struct table_filter *filter, struct snapshot *s);
void snapshot_free(struct snapshot *s);

/* A copy of the table's state. Returns 0 or -errno, said. */
int table_state(const struct table *t, struct rollcall_state *state);

/* One interface's counts, summed over the CPUs. Returns 0 or -errno, said. */
int table_counts(const struct table *t, uint32_t slot, struct rollcall_counts *sum);

#endif
