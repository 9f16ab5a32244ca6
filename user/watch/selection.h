/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The entries that the options and patterns of a command select. */
#ifndef ROLLCALL_SELECTION_H
#define ROLLCALL_SELECTION_H

#include <rollcall/rollcall.h>

/* The patterns are globs of fnmatch(3), matched against the hostname and the address without its scope, without case. */
struct selection {
	char *const *patterns; /* any of them; not owned */
	int pattern_count;     /* 0: all */
	int family;	       /* ROLLCALL_FAMILY_*, 0: both */
	uint32_t ifindex;      /* 0: all */
	const char *ifname;    /* the interface by name: watchers look up its number; NULL: all */
};

/* Is ENTRY selected? */
bool selection_takes(const struct selection *selection, const struct rollcall_entry *entry);

/*
 * rollcall_each() for the entries that are live at NOW_NS and that SELECTION takes. If SELECTION is NULL, it takes all.
 */
int selection_each(const struct rollcall_table *t, const struct selection *selection, uint64_t now_ns,
		   rollcall_visit visit, void *context);

#endif
