/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which entries a command is asked for. */
#ifndef ROLLCALL_SELECTION_H
#define ROLLCALL_SELECTION_H

#include <rollcall/rollcall.h>

struct selection {
	const char *glob; /* of the hostname; NULL: all */
	int family;	  /* ROLLCALL_FAMILY_*, 0: both */
};

/* Is ENTRY selected? */
bool selection_takes(const struct selection *selection, const struct rollcall_entry *entry);

/* Visit the entries live at NOW_NS that SELECTION (NULL: all) takes; the rest as with rollcall_each(). */
int selection_each(const struct rollcall_table *t, const struct selection *selection, uint64_t now_ns,
		   rollcall_visit visit, void *context);

#endif
