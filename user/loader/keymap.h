/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The map `keys` of a table with keys is made equal to the key file of a loader: when the loader starts, and after each
 * change of the file. The process keeps no copy, unless it announces with a key. If two loaders of one table have
 * different files, the map has the keys that were written last, and the other loader reports it.
 */
#ifndef ROLLCALL_KEYMAP_H
#define ROLLCALL_KEYMAP_H

#include "base/keyfile.h"
#include "base/keywatch.h"
#include "table.h"

struct keymap {
	struct keyfile *file; /* between keymap_open() and keymap_write(), or with `keep`; else NULL */
	bool keep;
	int other_seen; /* how many times in a row keymap_check() found other keys */
	struct keywatch watch; /* watch.fd is readable when keymap_follow() is due */
};

#define KEYMAP_NONE { .watch = KEYWATCH_NONE }

/*
 * Read PATH, which must outlive M, before anything is created. NULL: there is no file. KEEP: M->file stays, and is that
 * of the last change. Returns 0 or -errno, reported.
 */
int keymap_open(struct keymap *m, const char *path, bool keep);
/* Make the map of T equal to the file that was read. Returns 0 or -errno, reported. */
int keymap_write(struct keymap *m, const struct table *t);
/* Read the file again if it has changed, as keywatch_take(). If something is wrong with it, the map stays as it is. */
void keymap_follow(struct keymap *m, const struct table *t);
/* Report once if the table has other keys than the file, which another loader has written. */
void keymap_check(struct keymap *m, const struct table *t);
void keymap_close(struct keymap *m);

#endif
