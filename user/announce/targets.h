/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interfaces that an announcer announces on: those named on the command line, or all suitable ones (links.h). The
 * list is updated when interfaces are added, removed or renamed.
 */
#ifndef ROLLCALL_TARGETS_H
#define ROLLCALL_TARGETS_H

#include "announcer.h"
#include "links.h"

/* A named interface. */
struct target {
	struct netdev dev;   /* as it was last seen */
	const char *altname; /* the alternative name on the command line, or NULL */
	bool gone;	     /* it does not exist; this was reported */
};

struct targets {
	struct target named[ROLLCALL_SLOTS]; /* the index is the announcer's id */
	int count;			     /* 0: all suitable ones; the ifindex is the announcer's id */
	struct links_config links;
	bool none_reported; /* reported: no interface is suitable */
	bool more_reported; /* reported: there are more than fit */
};

/*
 * Add the interfaces NAMES to A. If NAME_COUNT is 0, targets_follow() adds the suitable ones. NAMES and the data that
 * LINKS points to must outlive T. Returns 0, or -errno, reported, if a named interface does not exist.
 */
int targets_begin(struct targets *t, struct announcer *a, char *const *names, int name_count, const struct links_config *links);

/* Read the interfaces again, update A, and report changes. */
void targets_follow(struct targets *t, struct announcer *a);

#endif
