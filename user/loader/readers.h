/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Readers without privileges: the maps that they need are pinned a second time, mode 0444, in a BPF file system of
 * rollcall's own at ROLLCALL_READERS_DIR, because systemd mounts /sys/fs/bpf for root only. This is done for the table
 * in the default pin directory only.
 *
 * The mount stays when the table is removed. `detach --all` by root unmounts it. No process lives for it.
 * A failure is reported with -v: the table is complete without it.
 */
#ifndef ROLLCALL_READERS_H
#define ROLLCALL_READERS_H

#include "table.h"

/*
 * Publish the maps of the table T of DIR. Needs the lock of DIR, and CAP_SYS_ADMIN where the file system is not
 * mounted yet. Returns true if they are published.
 */
bool readers_publish(const char *dir, const struct table *t);

/* Is a file system that rollcall mounted there? */
bool readers_are_mounted(void);
/* Unmount it if nothing is pinned there. Needs the lock of the default pin directory. */
void readers_unmount(void);

#endif
