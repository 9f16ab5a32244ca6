/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pin directory: where a table lives in the BPF file system, and the locks on it.
 *
 *	DIR/peers, state, sources, own_names, own_addresses, outcomes, interfaces	maps
 *	DIR/settings		the map pinned last: with it, the table is complete
 *	DIR/links/IFINDEX	the link that holds a filter at an interface
 *	DIR/table		the iterator that prints the live table; optional, made after the table
 *
 * Those of the default directory are pinned again for readers (readers.h).
 *
 * Names have no dot: bpffs refuses them. An attach or detach holds a lock on DIR for as long as
 * it changes anything; the one loader that sweeps holds a lock on DIR/links while it lives.
 */
#ifndef ROLLCALL_PINS_H
#define ROLLCALL_PINS_H

#include <limits.h>
#include <stdbool.h>

#include "lib/maps.h"

#define TABLE_PIN "table"

/* DIR/NAME, and the pin of an interface's link. Return PATH. */
char *pins_path(const char *dir, const char *name, char path[PATH_MAX]);
char *pins_link_path(const char *dir, unsigned int ifindex, char path[PATH_MAX]);

/*
 * Make DIR if need be, and take its lock. Returns a descriptor that holds the lock until it is
 * closed, or -errno, said.
 */
int pins_lock(const char *dir);
/* The same for a DIR that must exist: -ENOENT (not said) when it does not. */
int pins_lock_existing(const char *dir);

/* Is there a complete table? */
bool pins_have_table(const char *dir);

/*
 * Somebody has joined, moved or left: mark the pin of the peers as touched, here and where readers
 * have it. Watchers are woken by that (inotify(7), IN_ATTRIB), however many there are.
 */
void pins_touch(const char *dir);

/* Remove the maps of a table, and the iterator that holds them, readers' pins too. Needs the lock. */
void pins_remove_maps(const char *dir);
/* Remove the pins of all links: filters that hang by them alone go too. Needs the lock. */
void pins_remove_links(const char *dir);
/* Where there is no table: remove what a start or an end left that was killed half way. Needs the lock. */
void pins_remove_leftovers(const char *dir);
/* Remove the maps and DIR too when nothing else is in it. Needs the lock. */
void pins_remove_table(const char *dir);

/*
 * Become the one that sweeps. Returns a descriptor that holds the part until it is closed,
 * -EWOULDBLOCK while somebody else has it, or another -errno.
 */
int pins_lock_sweep(const char *dir);

#endif
