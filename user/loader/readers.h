/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Readers without privileges: the maps that they need are pinned a second time, readable by all
 * and writable by nobody, in a BPF file system of rollcall's own at ROLLCALL_READERS_DIR, because
 * /sys/fs/bpf is root's alone under systemd and is left as it is. For the table in the default pin
 * directory; those elsewhere are for whoever chose their place.
 *
 * Whatever keeps this from being is told with -v: the table is complete without it.
 */
#ifndef ROLLCALL_READERS_H
#define ROLLCALL_READERS_H

#include <sys/types.h>

#include "table.h"

/* What a loader holds while it lives. */
struct readers {
	int mount_fd;  /* keeps the file system from being unmounted; -1: nothing is published */
	int end_fd;    /* closing it tells the keeper that the loader has ended; -1: there is none */
	pid_t keeper;
};

#define READERS_NONE { -1, -1, 0 }

/*
 * Publish the maps of the table T of DIR. Needs the lock of DIR, and CAP_SYS_ADMIN where the file system is not
 * mounted yet. A process of this program is left behind that has no other capability than this
 * one, and unmounts it when the loader has ended, however it did, and nothing is pinned there.
 */
void readers_publish(struct readers *r, const char *dir, const struct table *t);

/* The loader ends. When the pins are gone (pins_remove_maps()), so is the file system afterwards. */
void readers_close(struct readers *r);

/* For `detach`, which has the privilege itself: unmount it if it is ours and nothing is pinned there. */
void readers_unmount(void);

#endif
