/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The state of each attached interface, as `status` prints it. */
#ifndef ROLLCALL_IFSTATES_H
#define ROLLCALL_IFSTATES_H

#include "view/health.h"
#include "watch/watcher.h"

struct ifstate {
	char name[ROLLCALL_IFNAME_TEXT];
	enum health_state state;
};

struct ifstates {
	struct ifstate list[ROLLCALL_SLOTS]; /* interfaces that are not `receiving` first */
	int count;
	uint64_t due_ns; /* of the next update */
};

/* Update the states if that is due: once a second, or less often if the requests to the kernel take long. */
void ifstates_update(struct ifstates *l, const struct watcher *w, uint64_t now_ns);

#endif
