/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A pinned table as the loader has it: opened for writing, with the maps that only loaders need. Every pin is opened
 * and validated by the library (lib/pin.h), which also does all reading.
 */
#ifndef ROLLCALL_LOADER_TABLE_H
#define ROLLCALL_LOADER_TABLE_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <rollcall/rollcall.h>

#include "base/clock.h"
#include "base/entries.h"
#include "pins.h"

struct scanner;

struct table {
#define X(name, ...) int name##_fd;
	PINNED_MAPS(X)
#undef X
	const char *dir; /* not owned */
	struct rollcall_settings settings;
	struct rollcall_state *state; /* the map's memory itself */
	const struct scanner *scanner; /* scanner.h: the sweeper's, if it has one; not owned */
};

#define TABLE_CLOSED_FD(name, ...) .name##_fd = -1,
#define TABLE_CLOSED { PINNED_MAPS(TABLE_CLOSED_FD) }

/* The same table for the library's functions, which only read. It owns nothing. */
static inline struct rollcall_table table_reader(const struct table *t)
{
	return (struct rollcall_table){
		.dir = t->dir, .settings = t->settings, .peers_fd = t->peers_fd, .interfaces_fd = t->interfaces_fd,
		.state_fd = t->state_fd, .outcomes_fd = t->outcomes_fd, .sources_fd = t->sources_fd,
	};
}

#define TABLE_OTHER_LAYOUT (-EMEDIUMTYPE)

/* PIN_DIR must outlive the table. Returns 0, TABLE_OTHER_LAYOUT or another -errno, reported. Close it in either case. */
int table_open(struct table *t, const char *pin_dir);
void table_close(struct table *t);

/* Does a loader sweep it, also one that cannot be seen? */
static inline bool table_is_swept(const struct table *t)
{
	return rollcall_admission_is_on(t->state, &t->settings, rollcall_now_ns());
}

/* As rollcall_walk(). */
static inline int table_walk(const struct table *t, rollcall_visit visit, void *context)
{
	struct rollcall_table reader = table_reader(t);

	return rollcall_walk(&reader, visit, context);
}

/* As rollcall_counts_read(). */
static inline int table_counts(const struct table *t, uint32_t slot, struct rollcall_counts *sum)
{
	struct rollcall_table reader = table_reader(t);

	return rollcall_counts_read(&reader, slot, sum);
}

/* Frames to the group that came in by the interface of SLOT, however they ended. Returns 0 or -errno, not reported. */
static inline int table_frames(const struct table *t, uint32_t slot, uint64_t *frames)
{
	struct rollcall_counts counts;
	int err = table_counts(t, slot, &counts);

	*frames = 0;
	for (int i = 0; !err && i < ROLLCALL_OUTCOME_COUNT; i++)
		*frames += counts.outcomes[i];
	return err;
}

/* The sweeper keeps an entry that is not older than the expiry time, also that of a host that has said goodbye. */
static inline bool peer_is_kept(const struct table *t, const struct rollcall_peer *peer, uint64_t now_ns)
{
	return rollcall_age_ns(peer, now_ns) <= (int64_t)t->settings.expiry_ns;
}

#endif
