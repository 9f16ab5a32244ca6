/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The interfaces that an announcer announces on, kept up to date as interfaces come and go: those that are named, or all
 * suitable ones (links.h).
 */
#ifndef ROLLCALL_TARGETS_H
#define ROLLCALL_TARGETS_H

#include "announcer.h"
#include "links.h"

/* A named interface. */
struct target {
	struct netdev dev;   /* as it was last seen */
	const char *altname; /* by which it was named on the command line, or NULL */
	bool gone;	     /* it does not exist, which was reported */
};

struct targets {
	struct target named[ROLLCALL_SLOTS]; /* the index is the announcer's id */
	int count;			     /* 0: all suitable ones, whose ifindex is the announcer's id */
	struct links_config links;
	bool none_reported; /* that no interface is suitable */
	bool more_reported; /* that there are more than fit */
};

/*
 * Begin with NAMES, and add them to A. If NAME_COUNT is 0, targets_follow() adds the suitable ones. NAMES and what LINKS
 * points to must outlive it. Returns 0 or -errno, reported: a named interface does not exist.
 */
int targets_begin(struct targets *t, struct announcer *a, char *const *names, int name_count, const struct links_config *links);

/* Look at the interfaces again, and report what has changed. */
void targets_follow(struct targets *t, struct announcer *a);

#endif
