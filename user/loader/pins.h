/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pin directory: where a table is pinned in the BPF file system.
 *
 *	DIR/peers, state, sources, own_names, own_addresses, outcomes, interfaces	maps
 *	DIR/settings		the map pinned last: with it, the table is complete
 *	DIR/links/IFINDEX	the link that holds a filter at an interface
 *	DIR/table		the iterator that prints the live table; optional, made after the table
 *	DIR/lock		what is locked (lock.h)
 *
 * Those of the default directory are pinned again for readers (readers.h).
 *
 * Names have no dot: bpffs rejects them. An attach or detach holds the lock of DIR for as long as
 * it changes anything.
 */
#ifndef ROLLCALL_PINS_H
#define ROLLCALL_PINS_H

#include <limits.h>
#include <stdbool.h>

#include "lib/maps.h"

#define TABLE_PIN	 "table"
#define LINKS_DIRECTORY "links"

/* DIR/NAME, and the pin of an interface's link. Return PATH. */
char *pins_path(const char *dir, const char *name, char path[PATH_MAX]);
char *pins_link_path(const char *dir, unsigned int ifindex, char path[PATH_MAX]);

/*
 * Nothing is pinned, locked or read where another user could replace it. Returns 0, -ENOENT (not reported) or another
 * -errno, reported.
 */
int pins_check_owner(const char *dir);

/* Create DIR, and in it the directory of links. Return 0 or -errno, reported. */
int pins_make_directory(const char *dir);
int pins_make_links(const char *dir);

/* Is there a complete table? */
bool pins_have_table(const char *dir);
/* Is DIR, or would it be, in a BPF file system, and has no complete table? Elsewhere a mount could hide one. */
bool pins_lack_table(const char *dir);

/*
 * Somebody has joined, moved or left: mark the pin of the peers as touched, here and where readers
 * have it. Watchers are woken by that (inotify(7), IN_ATTRIB), however many there are.
 */
void pins_touch(const char *dir);

/* The records of attachments were changed by another process than their loader: call its attention (attention.h). */
void pins_touch_attachments(const char *dir);

/* Remove the maps of a table, and the iterator that holds them, readers' pins too. Needs the lock. */
void pins_remove_maps(const char *dir);
/* Remove the pins of all links: filters that hang by them alone go too. Needs the lock. */
void pins_remove_links(const char *dir);
/* Where there is no table: remove what a start or an end left that was killed half way. Needs the lock. */
void pins_remove_leftovers(const char *dir);
/* Remove the maps and DIR too when nothing else is in it. Needs the lock. */
void pins_remove_table(const char *dir);

#endif
