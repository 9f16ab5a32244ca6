/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which entries a command is asked for. */
#ifndef ROLLCALL_SELECTION_H
#define ROLLCALL_SELECTION_H

#include <rollcall/rollcall.h>

/* The patterns are globs of fnmatch(3), matched against the hostname and the address without its scope, without case. */
struct selection {
	char *const *patterns; /* any of them; not owned */
	int pattern_count;     /* 0: all */
	int family;	       /* ROLLCALL_FAMILY_*, 0: both */
	uint32_t ifindex;      /* 0: all */
	const char *ifname;    /* the interface as it was named, for watchers, which find its number; NULL: all */
};

/* Is ENTRY selected? */
bool selection_takes(const struct selection *selection, const struct rollcall_entry *entry);

/* Visit the entries live at NOW_NS that SELECTION (NULL: all) takes; the rest as with rollcall_each(). */
int selection_each(const struct rollcall_table *t, const struct selection *selection, uint64_t now_ns,
		   rollcall_visit visit, void *context);

#endif
