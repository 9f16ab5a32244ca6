/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Names held by each address: what the loader that sweeps has to do with them, but for what its scan
 * in the kernel counts down (scanner.h).
 *
 * The filter counts up atomically. From here a count can only be read and then written, so one
 * that changes in between may come out too low by what came in that microsecond; counting again,
 * which an address that comes to its limit brings about, finds it.
 */
#ifndef ROLLCALL_SOURCES_H
#define ROLLCALL_SOURCES_H

#include "table.h"

/* Where an entry was received from. */
struct rollcall_source source_of(const struct rollcall_entry *entry);

/* ENTRY is gone: its address holds a name less. */
void source_left(const struct table *t, const struct rollcall_entry *entry);

/* ENTRY goes on under interface IFINDEX, for which no filter counts yet. */
void source_carried(const struct table *t, const struct rollcall_entry *entry, uint32_t ifindex);

/* Entries were removed, or have come, that nobody counted: the next sweep counts again. */
void sources_doubt(const struct table *t);

/*
 * Count the names of every address, and put right what disagrees. Returns 0, 1 if some changed
 * meanwhile and are left for another time, or -errno, not reported.
 */
int sources_recount(const struct table *t);

#endif
