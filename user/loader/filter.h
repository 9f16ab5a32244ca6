/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The filter's object: the only file that sees its skeleton. Makes the maps of a
 * table, and loads the filter of one interface into it.
 */
#ifndef ROLLCALL_FILTER_H
#define ROLLCALL_FILTER_H

#include <stdbool.h>

#include "table.h"

/* Make the maps that SETTINGS ask for and pin them in DIR. Returns 0, or -errno, reported and undone. */
int filter_make_table(const char *dir, const struct rollcall_settings *settings);

/* The ring that filters tell their loader through. Returns a descriptor, or -errno, reported. */
int filter_make_events(void);

struct filter_spec {
	const struct table *table; /* open for writing */
	int events_fd;
	uint32_t slot;
	uint32_t ifindex;
	bool consume;
	bool tc;   /* the tc program, not the XDP one */
	bool bare; /* for an interface without Ethernet headers: tc alone */
	bool no_ipv4, no_ipv6; /* frames of that family pass without a count */
};

/* Load a filter. Returns the program's descriptor, or -errno, reported. */
int filter_load(const struct filter_spec *spec);

#endif
