/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A real table and a real filter, made as by the loader, but with any settings and without an interface. The test
 * decides which announcements the filter receives, and when.
 */
#ifndef ROLLCALL_TEST_RIG_H
#define ROLLCALL_TEST_RIG_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "loader/filter.h"
#include "hearing.h"
#include "loader/lock.h"
#include "loader/pins.h"
#include "loader/scanner.h"
#include "loader/settings.h"

struct rig {
	const char *dir;
	struct table table;
	struct scanner scanner;
	int events_fd, prog_fd;
};

/* Make them in $ROLLCALL_PIN_DIR, which must not have a table. Returns 0 or -errno, reported. */
static inline int rig_open(struct rig *rig, const struct rollcall_settings *settings)
{
	struct rollcall_settings here = *settings;
	struct filter_spec spec = { .table = &rig->table };
	owned_fd lock = -1;
	int err;

	*rig = (struct rig){ getenv("ROLLCALL_PIN_DIR"), TABLE_CLOSED, SCANNER_NONE, -1, -1 };
	if (!rig->dir) {
		fprintf(stderr, "ROLLCALL_PIN_DIR is not set\n");
		return -EINVAL;
	}
	lock = lock_take(rig->dir);
	if (lock < 0)
		return lock;
	here.layout = ROLLCALL_LAYOUT;
	here.refresh_ns = ROLLCALL_REFRESH_NS(here.expiry_ns); /* pinned settings must be valid; the filter gets SETTINGS */
	if (here.max_skew_ns > here.expiry_ns / 2)
		here.max_skew_ns = here.expiry_ns / 2;
	err = settings_here(&here);
	if (!err)
		err = filter_make_table(rig->dir, &here);
	if (!err)
		err = table_open(&rig->table, rig->dir);
	if (err)
		return err;
	rig->table.settings.refresh_ns = settings->refresh_ns;
	if (!getenv("SWEEP_BY_READING")) /* with it, sweep as on a kernel that rejects the scan */
		scanner_open(&rig->scanner, &rig->table);
	rig->table.scanner = rig->scanner.scan_fd < 0 ? NULL : &rig->scanner;
	spec.events_fd = rig->events_fd = filter_make_events();
	if (rig->events_fd < 0)
		return rig->events_fd;
	rig->prog_fd = filter_load(&spec);
	return rig->prog_fd < 0 ? rig->prog_fd : 0;
}

/* Close the rig, and remove the table. */
static inline void rig_close(struct rig *rig)
{
	owned_fd lock = rig->dir ? lock_take(rig->dir) : -1;

	cleanup_fd(&rig->prog_fd);
	cleanup_fd(&rig->events_fd);
	scanner_close(&rig->scanner);
	table_close(&rig->table);
	if (lock >= 0)
		pins_remove_table(rig->dir);
}

/* The key of the entry of NAME in the table of the rig. */
static inline struct rollcall_peer_key rig_key(const char *name)
{
	struct rollcall_peer_key key = { .family = ROLLCALL_FAMILY_IPV4, .ifindex = HEARD_ON_LOOPBACK };

	strncpy(key.hostname, name, ROLLCALL_HOSTNAME_MAX);
	return key;
}

#endif
